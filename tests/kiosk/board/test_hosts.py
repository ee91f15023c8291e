"""What only hosts may see and do."""

from http.cookies import SimpleCookie

import pytest

from kiosk.board.request import FIELDS_MAX
from kiosk.door.messages import Ask, AskConfirm, AskJoinZone, AskLeave, AskUndo, ShowPeople
from kiosk.store.board import LINK_S, SESSION_S
from tests.kiosk.board.conftest import SmallBoard, wait_until
from tests.kiosk.board.small_desk import ANNA, BO
from tests.support.house import REST

pytestmark = pytest.mark.slow

PATHS = ["/host", "/host/events"]
POSTS = ["/host/people", "/host/act"]


def asked(board: SmallBoard, kind: type[Ask]) -> list[Ask]:
    return [one for one in board.desk.asked if isinstance(one, kind)]


def test_opening_a_link_shows_a_button_and_uses_nothing_up(board: SmallBoard) -> None:
    link = board.book.new_link("värd", board.clock())
    for _ in range(3):
        assert f'action="/enter/{link}' in board.client.get(f"/enter/{link}").text
    assert board.client.get("/host").status_code == 401


def test_pressing_the_button_signs_in_once(board: SmallBoard) -> None:
    link = board.book.new_link("Maja", board.clock())
    page = board.client.post(f"/enter/{link}")
    assert page.url.path == "/host"
    assert "Inloggad som Maja" in page.text
    board.client.cookies.clear()
    assert board.client.post(f"/enter/{link}").status_code == 403
    assert "gäller inte längre" in board.client.get(f"/enter/{link}").text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(board: SmallBoard) -> None:
    link = board.book.new_link("värd", board.clock())
    answer = board.client.post(f"/enter/{link}", follow_redirects=False)
    assert answer.status_code == 303
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("strict", "/")
    assert len(cookie.value) == 43


def test_a_link_that_is_too_old_lets_nobody_in(board: SmallBoard) -> None:
    link = board.book.new_link("värd", board.clock())
    board.clock.forward(LINK_S)
    assert board.client.get(f"/enter/{link}").status_code == 403
    assert board.client.post(f"/enter/{link}").status_code == 403


@pytest.mark.parametrize("cookie", [None, "samverk_host=guess", "samverk_host=" + "x" * 43])
def test_without_a_session_there_are_no_host_pages(board: SmallBoard, cookie: str | None) -> None:
    headers = {"cookie": cookie} if cookie else {}
    for path in PATHS:
        answer = board.client.get(path, headers=headers)
        assert answer.status_code == 401
        assert "Logga in som värd" in answer.text
    for path in POSTS:
        assert board.client.post(path, headers=headers).status_code == 401
    assert not asked(board, ShowPeople)


def test_a_session_ends_when_its_time_is_out(board: SmallBoard) -> None:
    board.sign_in()
    board.clock.forward(SESSION_S - 1)
    assert board.client.get("/host").status_code == 200
    board.clock.forward(1)
    assert board.client.get("/host").status_code == 401


def test_signing_out_ends_the_session_for_good(board: SmallBoard) -> None:
    board.sign_in()
    session = board.client.cookies["samverk_host"]
    board.client.post("/host/sign-out")
    assert board.client.get("/host", headers={"cookie": f"samverk_host={session}"}).status_code == 401


def test_names_are_shown_only_when_asked_for_and_each_showing_is_told_to_the_desk(board: SmallBoard) -> None:
    board.sign_in("Maja")
    assert "Exempelsson" not in board.client.get("/host").text
    assert not asked(board, ShowPeople)
    page = board.client.post("/host/people").text
    assert BO.name in page
    assert "Anna &lt;Exempel&gt;" in page
    assert "<Exempel>" not in page
    (showing,) = asked(board, ShowPeople)
    assert isinstance(showing, ShowPeople)
    assert (showing.by, showing.purpose) == ("host:Maja", "a host looks at who is in the house")
    assert "Exempelsson" not in board.client.get("/host").text


@pytest.mark.parametrize(
    ("form", "kind", "said"),
    [
        ({"visit": ANNA.visit, "do": "confirm"}, AskConfirm, "Bekräftat."),
        ({"visit": BO.visit, "do": "join", "zone": REST}, AskJoinZone, "Zonen är vald."),
        ({"visit": BO.visit, "do": "leave"}, AskLeave, "Utcheckad."),
        ({"visit": BO.visit, "do": "undo"}, AskUndo, "Zonen är vald."),
    ],
)
def test_an_action_is_asked_in_the_hosts_name_and_its_outcome_told(
    board: SmallBoard, form: dict[str, str], kind: type[Ask], said: str
) -> None:
    board.sign_in("Maja")
    page = board.client.post("/host/act", data=form).text
    assert said in page
    (one,) = asked(board, kind)
    assert (getattr(one, "visit", None), getattr(one, "by", None)) == (form["visit"], "host:Maja")


def test_checking_out_offers_to_undo(board: SmallBoard) -> None:
    board.sign_in()
    page = board.client.post("/host/act", data={"visit": BO.visit, "do": "leave"}).text
    assert 'value="undo"' in page


def test_a_refused_action_says_why_in_words_for_a_host(board: SmallBoard) -> None:
    board.sign_in()
    page = board.client.post("/host/act", data={"visit": BO.visit, "do": "confirm"}).text
    assert "Personen är inte med i någon zon." in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "do=leave",
        "visit=v",
        "visit=v&do=fly",
        "visit=v&do=join",
        "visit=v&do=guest_in",
        "do=guest_out",
        "do=plan&zone=z&title_sv=T&starts=halv+tre&minutes=60",
        "do=plan&zone=z&title_sv=T&starts=14:00&minutes=m",
        "do=plan&zone=z&title_sv=T&starts=14:00&minutes=99999999999999",
        "do=cancel",
        "visit=v&do=leave" + "&more=1" * FIELDS_MAX,
        b"\xff\xfe",
    ],
)
def test_a_form_that_asks_for_nothing_we_know_is_refused(board: SmallBoard, body: str | bytes) -> None:
    board.sign_in()
    assert board.client.post("/host/act", content=body).status_code == 400
    assert not asked(board, ShowPeople)


def test_a_desk_that_is_away_is_said_and_nothing_is_claimed(board: SmallBoard) -> None:
    board.sign_in()
    board.desk.stop()
    wait_until(lambda: board.live.picture.lost is not None)
    assert "Disken svarar inte" in board.client.post("/host/people").text
    assert "Disken svarar inte" in board.client.post("/host/act", data={"visit": BO.visit, "do": "leave"}).text


def test_a_host_sees_exact_counts_and_the_wall_classes(board: SmallBoard) -> None:
    board.sign_in()
    assert "1 söker sällskap här" in board.client.get("/host").text
    assert "1\N{EN DASH}2 söker sällskap här" in board.client.get("/").text
