"""What is open to all, and what holds for every answer."""

import re

import pytest

from kiosk.board.guard import is_own_origin
from kiosk.board.request import BODY_BYTES_MAX
from kiosk.domain.zones import ZoneState
from tests.kiosk.board.conftest import BASE, SmallBoard, wait_until
from tests.kiosk.board.small_desk import small_board

pytestmark = pytest.mark.slow


def test_the_wall_page_is_complete_without_scripts(board: SmallBoard) -> None:
    page = board.client.get("/").text
    for told in ("Lägerelden", "Folk här", "sedan", "08:25", "4\N{EN DASH}6", "Minst 1 fler i rummet", "Säkerhet 97 %"):
        assert told in page
    for told in ("Rörelse i två sensorer nyss.", "Vet inte", "söker sällskap här", "Kortläsare entrance är klar"):
        assert told in page
    assert '<html lang="sv"' in page
    assert "<title>Läget i huset – Samverket Stockholm</title>" in page  # noqa: RUF001 - the title's own dash
    assert 'role="status"' in page


def test_the_wall_page_speaks_english_when_asked(board: SmallBoard) -> None:
    page = board.client.get("/?lang=en").text
    assert '<html lang="en"' in page
    assert "The campfire" in page
    assert "People here" in page
    assert "Folk här" not in page


def test_an_unknown_language_is_answered_in_swedish(board: SmallBoard) -> None:
    assert '<html lang="sv"' in board.client.get("/?lang=%3Cscript%3E").text


def test_a_zone_change_at_the_desk_reaches_the_page(board: SmallBoard) -> None:
    board.desk.show(small_board(fire=ZoneState.UNKNOWN))
    wait_until(lambda: "Folk här" not in board.client.get("/").text)


def test_the_last_picture_stays_and_is_marked_when_the_desk_goes_away(board: SmallBoard) -> None:
    board.desk.stop()
    wait_until(lambda: board.live.picture.lost is not None)
    page = board.client.get("/").text
    assert "Ingen kontakt med disken sedan 09:01." in page
    assert "stale" in page
    assert "Lägerelden" in page
    assert board.client.get("/picture.json").json()["contact"] is False


def test_the_public_picture_holds_counts_as_classes_and_no_visit(board: SmallBoard) -> None:
    board.desk.show(small_board(in_house=1))
    wait_until(lambda: board.client.get("/picture.json").json()["house"]["in_house"] == {"low": 1, "high": 2})
    answer = board.client.get("/picture.json")
    assert answer.headers["content-type"] == "application/json"
    fire, course, rest = answer.json()["house"]["zones"]
    assert (fire["state"], fire["people"], fire["joined"]) == ("occupied", {"low": 4, "high": 6}, {"low": 3, "high": 3})
    assert course["waiting"] == {"low": 1, "high": 2}
    assert rest["people"] is None
    assert "visit" not in answer.text


@pytest.mark.parametrize("path", ["/", "/picture.json", "/host", "/enter/x", "/nowhere", "/static/board.css"])
def test_every_answer_carries_the_guarding_headers(board: SmallBoard, path: str) -> None:
    headers = board.client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_style_or_handler(board: SmallBoard) -> None:
    board.sign_in()
    pages = [board.client.get("/").text, board.client.get("/host").text, board.client.post("/host/people").text]
    for page in pages:
        assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("origin", ["http://elsewhere.test", "https://board.test", "http://board.test:81", "null", ""])
@pytest.mark.parametrize("path", ["/host/act", "/host/people", "/host/sign-out", "/enter/x", "/nowhere"])
def test_a_change_asked_from_another_origin_is_refused(board: SmallBoard, origin: str, path: str) -> None:
    board.sign_in()
    assert board.client.post(path, headers={"origin": origin}).status_code == 403
    assert not [one for one in board.desk.asked if hasattr(one, "by")]


def test_our_own_origin_may_ask(board: SmallBoard) -> None:
    board.sign_in()
    assert board.client.post("/host/people", headers={"origin": BASE}).status_code == 200


@pytest.mark.parametrize(("site", "is_own"), [("same-origin", True), ("none", True), ("cross-site", False)])
def test_without_an_origin_the_browsers_own_word_decides(site: str, is_own: bool) -> None:  # noqa: FBT001 - the expected verdict
    assert is_own_origin({"type": "http", "scheme": "http", "headers": [(b"sec-fetch-site", site.encode())]}) is is_own


@pytest.mark.parametrize("size", [BODY_BYTES_MAX + 1, 1_000_000])
def test_an_oversized_body_is_refused(board: SmallBoard, size: int) -> None:
    board.sign_in()
    assert board.client.post("/host/act", content=b"x" * size).status_code == 413
    assert board.client.post("/host/act", content=(b"x" * 4096 for _ in range(size // 4096 + 1))).status_code == 413


def test_an_unknown_page_is_a_page_that_says_so(board: SmallBoard) -> None:
    answer = board.client.get("/nowhere")
    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.text


def test_a_page_asked_the_wrong_way_is_refused(board: SmallBoard) -> None:
    assert board.client.get("/host/people").status_code == 405
    assert board.client.post("/").status_code == 405
