"""What hosts do for people: in bulk, without a badge, with guests, and afterwards."""

from dataclasses import replace

import pytest

from kiosk.board.asked import BULK_MAX
from kiosk.board.done import done_for_many
from kiosk.board.people import LEFT_MAX, gone, in_order
from kiosk.board.texts import TEXTS
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.house import House
from kiosk.domain.ids import AgencyId, EventId, GuestId, MemberId, RequestId, VisitId
from kiosk.domain.presence import Presence, State
from kiosk.domain.reasons import Reason
from kiosk.door.badges import AskBadgeFound, AskBadgeLost, AskEnrolBadge
from kiosk.door.messages import (
    Ask,
    AskAnnulVisit,
    AskCheckIn,
    AskClearVisit,
    AskConfirm,
    AskCorrectArrival,
    AskCorrectLeaving,
    AskHandGuestOver,
    AskJoinZone,
    AskLeave,
    AskLeaveZone,
    NoteAccess,
)
from kiosk.store.search import FOUND_MAX, find_members
from tests.kiosk.board.conftest import SmallBoard
from tests.kiosk.board.real_house import fill
from tests.kiosk.board.served_house import UNKNOWN
from tests.kiosk.board.small_desk import ANNA, BO
from tests.support.books import UIDS, write_roster
from tests.support.house import FIRE, REST, at

pytestmark = pytest.mark.slow


@pytest.fixture
def visits(board: SmallBoard) -> dict[str, VisitId]:
    """Put people into the house's files, sign Maja in, and return the people's visits."""
    visits = fill(board.desk.site)
    board.sign_in("Maja")
    return visits


def asked(board: SmallBoard, *kinds: type[Ask]) -> list[Ask]:
    return [one for one in board.desk.asked if isinstance(one, kinds)]


@pytest.mark.parametrize(
    ("form", "kind", "fields"),
    [
        ({"do": "check_in", "member": "bo"}, AskCheckIn, {"member": "bo"}),
        ({"do": "leave_zone", "visit": "v"}, AskLeaveZone, {"visit": "v"}),
        ({"do": "clear", "visit": "v"}, AskClearVisit, {"visit": "v"}),
        ({"do": "annul", "visit": "v", "why": "never_came", "time": ""}, AskAnnulVisit, {"visit": "v"}),
        (
            {"do": "enrol", "member": "bo", "reference": "K7M-3FQ"},
            AskEnrolBadge,
            {"member": "bo", "reference": "K7M-3FQ"},
        ),
        ({"do": "badge_lost", "member": "bo"}, AskBadgeLost, {"member": "bo"}),
        ({"do": "badge_found", "member": "bo"}, AskBadgeFound, {"member": "bo"}),
        ({"do": "guest_over", "guest": "g", "visit": "v"}, AskHandGuestOver, {"guest": "g", "visit": "v"}),
    ],
)
def test_every_action_is_asked_of_the_desk_in_the_hosts_name(
    board: SmallBoard, form: dict[str, str], kind: type[Ask], fields: dict[str, str]
) -> None:
    board.sign_in("Maja")
    assert board.client.post("/host/act", data=form).status_code == 200
    (one,) = asked(board, kind)
    assert {name: getattr(one, name) for name in fields} == fields
    assert getattr(one, "by", None) == "host:Maja"


def test_a_time_is_corrected_as_the_clock_on_the_wall_shows_it(board: SmallBoard) -> None:
    board.sign_in("Maja")
    form = {"visit": "v", "day": "2026-11-23", "time": "08:05", "why": "wrong_time"}
    board.client.post("/host/act", data=form | {"do": "arrived"})
    board.client.post("/host/act", data=form | {"do": "left"})
    arrived, left = asked(board, AskCorrectArrival, AskCorrectLeaving)
    assert isinstance(arrived, AskCorrectArrival)
    assert isinstance(left, AskCorrectLeaving)
    assert (arrived.arrived_at, left.left_at) == (at(300).wall, at(300).wall)


@pytest.mark.parametrize(
    "form",
    [
        {"do": "arrived", "visit": "v", "day": "today", "time": "08:05", "why": "wrong_time"},
        {"do": "annul", "visit": "v", "why": "a long story"},
        {"do": "all_confirm"},
        {"do": "all_fly", "zone": FIRE},
        {"do": "picked_fly", "visit": "v"},
        {"do": "picked_join", "visit": "v"},
    ],
)
def test_an_action_that_lacks_something_is_refused_and_nothing_is_asked(
    board: SmallBoard, form: dict[str, str]
) -> None:
    board.sign_in()
    assert board.client.post("/host/act", data=form).status_code == 400
    assert asked(board, AskConfirm, AskJoinZone, AskCorrectArrival, AskAnnulVisit) == []


def test_everybody_in_a_zone_is_confirmed_by_one_press(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    page = board.client.post("/host/act", data={"do": "all_confirm", "zone": FIRE}).text
    assert "Klart för 1." in page
    assert [getattr(one, "visit", "") for one in asked(board, AskConfirm)] == [visits["Astrid"]]


def test_everybody_without_a_zone_joins_an_activity_by_one_press(board: SmallBoard, visits: dict[str, VisitId]) -> None:
    board.client.post("/host/act", data={"do": "all_join", "zone": REST, "activity": "a"})
    joined = [(getattr(one, "visit", ""), getattr(one, "zone", "")) for one in asked(board, AskJoinZone)]
    assert joined == [(visits["Bo"], REST)]


def test_those_picked_are_acted_for_each_once_and_refusals_are_counted_with_their_reason(board: SmallBoard) -> None:
    board.sign_in()
    body = f"do=picked_confirm&visit={ANNA.visit}&visit={BO.visit}&visit={ANNA.visit}"
    page = board.client.post("/host/act", content=body).text
    assert len(asked(board, AskConfirm)) == 2
    assert "Klart för 1. 1: Personen är inte med i någon zon." in page


def test_one_press_is_about_no_more_than_a_full_house(board: SmallBoard) -> None:
    board.sign_in()
    body = "do=picked_leave" + "".join(f"&visit={number}" for number in range(BULK_MAX + 1))
    assert board.client.post("/host/act", content=body).status_code == 400
    assert asked(board, AskLeave) == []


def test_what_came_of_many_says_when_there_was_nobody_and_when_the_desk_is_away() -> None:
    refused = Answer(request=RequestId("r"), at=at(0), outcome=Outcome.REFUSED, reason=Reason.DESK_BUSY)
    assert done_for_many(()).words == TEXTS["done_nobody"]
    assert done_for_many((None, None)).words == TEXTS["desk_away"]
    told = done_for_many((refused, None, replace(refused, outcome=Outcome.LEFT, reason=None)))
    assert (told.words.sv, told.is_refused) == ("Klart för 1.", False)
    assert told.next_step is not None
    assert told.next_step.sv.count("1:") == 2


def test_a_member_is_found_by_a_part_of_the_name_and_checked_in_without_a_badge(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    page = board.client.post("/host/find", data={"text": "cAR"}).text
    assert visits
    assert 'name="member" value="carl"' in page
    (note,) = asked(board, NoteAccess)
    assert isinstance(note, NoteAccess)
    assert (note.by, note.what) == ("host:Maja", "members by a part of their name")
    assert "car" not in f"{note.what} {note.purpose}".casefold().split(), "what was typed is a name"
    assert "är redan i huset" in board.client.post("/host/find", data={"text": "Astrid"}).text
    assert "Ingen medlem heter så här: &lt;x&gt;" in board.client.post("/host/find", data={"text": "<x>"}).text


def test_unknown_badges_are_listed_by_their_codes_and_can_be_tied_to_a_member_who_was_found(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    assert visits
    assert "Inget okänt kort har visats nyss." in board.client.get("/host").text
    board.desk.unknown = (UNKNOWN,)
    assert UNKNOWN.reference in board.client.get("/host").text
    assert f"<option>{UNKNOWN.reference}</option>" in board.client.post("/host/find", data={"text": "Carl"}).text


def test_finding_folds_every_letter_takes_all_words_and_is_bounded(
    board: SmallBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Åsa Ström", *(f"Åke Nummer {number:02}" for number in range(FOUND_MAX + 5))]
    for name in names:
        monkeypatch.setitem(UIDS, name, f"04{names.index(name):012X}")
    path = board.desk.site.state_dir / "roster.db"
    assert find_members(path, "åsa") == ()
    write_roster(path, names)
    assert [one.member.name for one in find_members(path, "ström ÅS")] == ["Åsa Ström"]
    assert len(find_members(path, "åke")) == FOUND_MAX
    assert find_members(path, "å") == ()
    assert find_members(path, "%_") == ()


def test_those_who_have_left_are_shown_after_a_line_in_the_access_log(
    board: SmallBoard, visits: dict[str, VisitId]
) -> None:
    assert visits
    assert "Inget besök kan rättas nu." in board.client.post("/host/left").text
    (note,) = asked(board, NoteAccess)
    assert isinstance(note, NoteAccess)
    assert (note.by, note.what) == ("host:Maja", "people who have left the house")


@pytest.mark.parametrize("path", ["/host/left", "/host/find"])
def test_without_a_desk_to_write_it_down_nothing_is_shown(
    board: SmallBoard, visits: dict[str, VisitId], path: str
) -> None:
    assert visits
    board.desk.stop()
    page = board.client.post(path, data={"text": "Astrid"}).text
    assert "Disken svarar inte" in page
    assert "Exempelmyndigheten" not in page


def test_those_who_have_waited_longest_stand_first_and_guests_after_their_members() -> None:
    guest = replace(BO, guest=GuestId("g"), guest_of=BO.name, waited_s=0.0)
    longer = replace(BO, visit=VisitId("longer"), waited_s=4000.0)
    assert in_order((ANNA, BO, guest, longer)) == (longer, BO, guest, ANNA)


def test_of_those_who_have_left_the_uncertain_stand_first_then_the_newest_and_no_visit_taken_back() -> None:
    def left(number: int, *, uncertain: bool = False, annulled: bool = False) -> Presence:
        return Presence(
            member=MemberId(f"m{number}"),
            visit=VisitId(f"v{number}"),
            agency=AgencyId("exempel"),
            state=State.OUT,
            arrived_at=at(0),
            arrived_event=EventId(f"e{number}"),
            left_at=at(number),
            uncertain=uncertain,
            annulled=annulled,
        )

    some = (left(1), left(2, uncertain=True), left(3, annulled=True), left(4))
    house = House(presences={one.member: one for one in some})
    assert [one.visit for one in gone(house, {})] == ["v2", "v4", "v1"]
    many = House(presences={one.member: one for one in map(left, range(LEFT_MAX + 5))})
    assert len(gone(many, {})) == LEFT_MAX
