"""The roll call on the board: from files alone, ticks of several devices, a line in the access log for each look."""

import re

import pytest

from kiosk.board.roll_call import SENT_MAX
from kiosk.domain.ids import VisitId
from kiosk.door.messages import NoteAccess
from tests.kiosk.board.conftest import SmallBoard, wait_until
from tests.kiosk.board.real_house import fill
from tests.support.house import START

pytestmark = pytest.mark.slow

AT = START.isoformat()


@pytest.fixture
def visits(board: SmallBoard) -> dict[str, VisitId]:
    """Put people into the house's files, sign Maja in, and return the people's visits."""
    visits = fill(board.desk.site)
    board.sign_in("Maja")
    return visits


def begun(board: SmallBoard, kind: str = "live") -> str:
    """Begin a roll call and return its address."""
    return board.client.post("/roll-call/begin", data={"kind": kind}).url.path


def notes(board: SmallBoard) -> list[tuple[str, str, str]]:
    return [(one.by, one.what, one.purpose) for one in board.desk.asked if isinstance(one, NoteAccess)]


def sent(name: str, person: str, *, is_taken_back: bool = False) -> dict[str, object]:
    return {"id": name.ljust(8, "0"), "person": person, "at": AT, "taken_back": is_taken_back}


def test_one_press_lists_everybody_with_zone_and_time_guests_after_their_members(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    page = board.client.get(begun(board)).text
    assert visits
    assert re.findall(r"<strong>([^<]+)</strong> <span>", page) == ["Astrid", "Gun &lt;Gäst&gt;", "Bo"]
    for told in ("SKARPT LÄGE", "gäst hos Astrid", "Senast: Lägerelden, 08:05", "Senast: -, 08:06"):
        assert told in page


def test_each_opening_and_the_end_stand_in_the_access_log(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    path = begun(board, "drill")
    board.client.post(f"{path}/tick", data={"person": visits["Bo"], "do": "found"})
    board.client.get(f"{path}/paper")
    board.client.post(f"{path}/end")
    assert {one[0] for one in notes(board)} == {"host:Maja"}
    assert {one[2] for one in notes(board)} == {"roll call, drill"}
    whats = [one[1] for one in notes(board)]
    looked = "the evacuation list"
    ended = f"{looked}, ended: 3 sought, 1 found"
    assert whats == [looked, looked, looked, f"{looked} as text", ended, looked], (
        "begun, seen, ticked, read, ended, seen"
    )


def test_without_a_desk_the_list_is_there_and_its_opening_is_told_to_the_desk_later(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    board.desk.stop()
    wait_until(lambda: board.live.picture.lost is not None)
    page = board.client.get(begun(board)).text
    assert visits
    assert "Astrid" in page
    assert len(board.book.roll_calls.unnoted()) == 1
    board.desk.start()
    wait_until(lambda: not board.book.roll_calls.unnoted())
    assert "while the desk was away" in notes(board)[0][1]


def test_two_who_press_at_once_get_one_list_and_a_drill_is_another(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    assert visits
    live = begun(board)
    assert begun(board) == live
    drill = begun(board, "drill")
    assert drill != live
    assert "ÖVNING" in board.client.get(drill).text
    assert "Ett upprop pågår" in board.client.get("/roll-call").text


def test_whoever_still_has_the_drill_open_is_told_of_the_live_one_begun_since(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    assert visits
    drill = begun(board, "drill")
    told = "Ett nyare upprop pågår"
    hidden = '<p id="newer" class="banner" role="alert" hidden>'
    assert hidden in board.client.get(drill).text
    board.clock.forward(60)
    live = begun(board)
    page = board.client.get(drill).text
    assert hidden not in page
    assert f'<a href="{live}?lang=sv">{told}' in page
    assert board.client.post(f"{drill}/ticks", json={"ticks": []}).json()["newer"] == live.rpartition("/")[2]
    assert hidden in board.client.get(live).text
    assert board.client.post(f"{live}/ticks", json={"ticks": []}).json()["newer"] is None


def test_without_scripts_people_are_ticked_and_taken_back_by_forms(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    path, person = begun(board), {"person": visits["Bo"]}
    page = board.client.post(f"{path}/tick", data={**person, "do": "found"}).text
    assert '<strong id="left-count">2</strong>' in page
    assert "hittad 09:01 av Maja" in page
    assert '<strong id="left-count">3</strong>' in board.client.post(f"{path}/tick", data={**person, "do": "back"}).text


def test_ticks_of_two_devices_are_merged_and_each_gets_them_all(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    path = begun(board)
    one = board.client.post(f"{path}/ticks", json={"ticks": [sent("one", visits["Astrid"])]}).json()
    assert [each["person"] for each in one["ticks"]] == [visits["Astrid"]]
    other = [sent("two", visits["Bo"]), sent("one", visits["Astrid"], is_taken_back=True)]
    two = board.client.post(f"{path}/ticks", json={"ticks": other}).json()
    assert {each["id"]: each["is_taken_back"] for each in two["ticks"]} == {"one00000": True, "two00000": False}
    assert board.client.post(f"{path}/ticks", json={"ticks": []}).json() == two
    assert {each["host"] for each in two["ticks"]} == {"Maja"}


def test_who_comes_later_can_be_added_and_the_end_gives_a_report(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    path = begun(board)
    board.client.post(f"{path}/tick", data={"person": visits["Bo"], "do": "found"})
    assert "Astrid" in board.client.post(f"{path}/more").text
    page = board.client.post(f"{path}/end").text
    assert "Rapport" in page
    assert re.search(r"På listan</dt><dd>3</dd>", page)
    assert re.search(r"Hittade</dt><dd>1</dd>", page)
    assert "/tick" not in page
    assert board.client.post(f"{path}/ticks", json={"ticks": [sent("one", visits["Astrid"])]}).json()["ended"]
    assert "2 av 3 hittade" in board.client.get("/roll-call").text


def test_the_text_for_paper_says_what_the_screen_says(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    path = begun(board, "drill")
    board.client.post(f"{path}/tick", data={"person": visits["Bo"], "do": "found"})
    paper = board.client.get(f"{path}/paper")
    assert paper.headers["content-type"].startswith("text/plain")
    assert paper.text.splitlines() == [
        "ÖVNING / DRILL",
        "Samverket Stockholm  2026-11-23 09:01",
        "I huset / In the house: 3",
        "[ ] Astrid, Exempelmyndigheten",
        "      Lägerelden, 08:05",
        "[ ]   + Gun <Gäst> (gäst)",
        "      Lägerelden, 08:05",
        "[x] Bo, Exempelmyndigheten",
        "      -, 08:06",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"ticks": [{"id": "x", "person": "p", "at": "2026-11-23T08:00:00Z"}]}',
        b'{"ticks": [{"id": "12345678", "person": "p", "at": "2026-11-23T08:00:00"}]}',
        b'{"ticks": [], "host": "Olle"}',
        b'{"ticks": ['
        + b",".join([b'{"id":"12345678","person":"p","at":"2026-11-23T08:00:00Z"}'] * (SENT_MAX + 1))
        + b"]}",
    ],
)
def test_what_is_no_tick_is_refused(board: SmallBoard, visits: dict[str, VisitId], body: bytes) -> None:
    assert visits
    assert board.client.post(f"{begun(board)}/ticks", content=body).status_code == 400


def test_an_unreadable_journal_is_a_fault_and_never_an_empty_list(board: SmallBoard) -> None:
    board.sign_in()
    (board.desk.site.state_dir / "journal.db").write_bytes(b"no database at all" * 100)
    assert board.client.post("/roll-call/begin").status_code == 500
    assert board.book.roll_calls.running() is None


@pytest.mark.parametrize("path", ["/roll-call", "/roll-call/x", "/roll-call/x/paper"])
def test_nobody_but_a_host_sees_a_roll_call(board: SmallBoard, path: str) -> None:
    assert board.client.get(path).status_code == 401
    for name in ("begin", "x/tick", "x/ticks", "x/more", "x/end"):
        assert board.client.post(f"/roll-call/{name}").status_code == 401


def test_a_roll_call_that_never_was_is_not_found(board: SmallBoard) -> None:
    board.sign_in()
    assert board.client.get("/roll-call/x").status_code == 404
    assert board.client.post("/roll-call/x/end").status_code == 404
