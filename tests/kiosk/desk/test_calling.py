"""A host's badge calls the roll, and whatever devices tell of it becomes one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.desk import roll_calls
from kiosk.desk.calling import Opened, Opening
from kiosk.desk.desk import Desk
from kiosk.desk.keeping import Order
from kiosk.desk.roll_calls import CALLS_MAX, NAMES_S
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.erasure import Erasure
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import MEMBER, Actor, GuestId, MemberId, ReaderId, RequestId, VisitId, host
from kiosk.domain.requests import Leave, LetGuestIn, Tap
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.door.connection import OUT_BYTES_MAX
from kiosk.door.messages import encode
from kiosk.door.roll_call import SayRollCall
from kiosk.store.hosts import HostFile
from kiosk.store.person import accesses
from kiosk.tools.site import Site
from tests.support.books import UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import FIRE, START, at


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write_roster(tmp_path / "roster.db")
    hosts = HostFile(tmp_path / "hosts.json")
    hosts.put("Siv", "a hash", at(0))
    hosts.tie("Siv", "astrid")
    return make_site(tmp_path)


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    desk, books = open_desk(site)
    yield desk
    close_books(books)


def tap(desk: Desk, name: str, seconds: float = 10) -> Answer:
    uid = Uid(bytes.fromhex(UIDS[name]))
    request = Tap(
        id=RequestId(f"{name} {seconds}"),
        at=at(seconds),
        reader=ReaderId("entrance"),
        direction=Direction.BOTH,
        uid=uid,
    )
    return desk.handle(request)


def visit(desk: Desk, name: str) -> VisitId:
    return desk.house.presences[MemberId(name.lower())].visit


def opened(desk: Desk, seconds: float = 20, *, is_drill: bool = False, call: str = "one") -> RollCall:
    opening = Opening(call=call, is_drill=is_drill, by=None, visit=visit(desk, "Astrid"))
    found = desk.open_roll_call(opening, at(seconds)).call
    assert found is not None
    return found


def tick(person: str, name: str = "t1") -> Tick:
    return Tick(id=name, person=person, at=START, host="Siv")


def test_only_a_hosts_own_answers_offer_the_roll_call_whatever_became_of_their_tap(desk: Desk) -> None:
    assert [tap(desk, name).may_call_roll for name in ("Astrid", "Bo")] == [True, False]
    again = tap(desk, "Astrid", 60)
    assert (again.outcome, again.may_call_roll) == (Outcome.ALREADY_IN, True)
    left = desk.handle(Leave(id=RequestId("l"), at=at(70), visit=visit(desk, "Astrid"), by=MEMBER))
    assert (left.outcome, left.may_call_roll) == (Outcome.LEFT, True)


def test_a_host_who_is_one_no_longer_and_a_file_that_cannot_be_read_offer_nothing(desk: Desk, site: Site) -> None:
    HostFile(site.state_dir / "hosts.json").remove("Siv")
    assert not tap(desk, "Astrid").may_call_roll
    (site.state_dir / "hosts.json").write_text("{")
    again = tap(desk, "Astrid", 60)
    assert (again.outcome, again.may_call_roll) == (Outcome.ALREADY_IN, False)


def test_everybody_in_the_house_is_on_the_list_and_each_opening_and_the_end_stand_in_the_access_log(
    desk: Desk, site: Site
) -> None:
    for name in ("Astrid", "Bo"):
        tap(desk, name)
    desk.handle(LetGuestIn(id=RequestId("g"), at=at(15), visit=visit(desk, "Bo"), name="Kim", by=host("Siv")))
    call = opened(desk)
    assert [(one.name, one.guest_of) for one in call.rows] == [("Astrid", None), ("Bo", None), ("Kim", "Bo")]
    assert opened(desk, 25).id == call.id
    desk.tell_roll_call(replace(call, ticks=(tick(call.rows[0].key),)), at(30))
    ended = desk.end_roll_call(call.id, host("Siv"), at(40)).call
    assert ended is not None
    assert (ended.sought, ended.found) == (3, 1)
    assert desk.end_roll_call(call.id, host("Siv"), at(50)).call == ended
    told = [(one["by"], one["what"], one["purpose"]) for one in accesses(site.state_dir, "")]
    list_of = "the evacuation list"
    assert told == [
        ("host:Siv", list_of, "roll call"),
        ("host:Siv", list_of, "roll call"),
        ("host:Siv", f"{list_of}, ended: 3 sought, 1 found", "roll call"),
    ]


def test_whoever_is_no_host_opens_nothing_and_nothing_is_written(desk: Desk, site: Site) -> None:
    tap(desk, "Bo")
    for by, of in ((None, visit(desk, "Bo")), (None, None), (Actor("host:Siv"), VisitId("nobody's"))):
        opening = Opening(call="one", is_drill=False, by=by, visit=of)
        assert desk.open_roll_call(opening, at(20)) == Opened(None)
    assert (desk.board(at(30)).roll_call, accesses(site.state_dir, "")) == (None, [])


def test_ticks_of_several_devices_meet_and_taking_back_counts_whatever_comes_first(desk: Desk) -> None:
    for name in ("Astrid", "Bo"):
        tap(desk, name)
    call = opened(desk)
    first, second = (one.key for one in call.rows)
    back = replace(tick(first), is_taken_back=True)
    for ticks in ((back,), (tick(first),), (tick(second, "t2"),), (tick("nobody", "t3"),)):
        desk.tell_roll_call(replace(call, rows=(), ticks=ticks), at(30))
    picture = desk.board(at(31)).roll_call
    assert picture is not None
    assert (picture.id, picture.sought, picture.found, picture.presses) == ("one", 2, 1, 3)


def test_a_desk_that_was_away_takes_up_the_roll_call_that_a_device_tells_of(desk: Desk) -> None:
    tap(desk, "Bo")
    head = RollCall(id="far", is_drill=True, began=at(5).wall, ended=None, host="Maja")
    told = desk.tell_roll_call(replace(head, ticks=(tick(visit(desk, "Bo")),)), at(30)).call
    assert told is not None
    assert ([one.name for one in told.rows], told.found, told.host) == (["Bo"], 1, "Maja")
    # Who came after the list was made, and is ticked elsewhere, comes onto it.
    tap(desk, "Carl", 40)
    after = desk.tell_roll_call(replace(head, ticks=(tick(visit(desk, "Carl"), "t2"),)), at(50)).call
    assert after is not None
    assert ([one.name for one in after.rows], after.found) == (["Bo", "Carl"], 2)


def test_a_drill_is_not_joined_as_a_live_one_and_the_newest_is_the_one_that_runs(desk: Desk) -> None:
    tap(desk, "Astrid")
    assert opened(desk, is_drill=True, call="drill").is_drill
    live = opened(desk, 30, call="live")
    assert (live.id, live.is_drill) == ("live", False)
    picture = desk.board(at(40)).roll_call
    assert picture is not None
    assert (picture.id, picture.is_drill) == ("live", False)


def test_roll_calls_are_few_their_names_go_and_ticks_have_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tap(desk, "Astrid")
    for number in range(CALLS_MAX + 2):
        desk.end_roll_call(opened(desk, 20 + number, call=f"call {number}").id, host("Siv"), at(20 + number))
    assert desk.end_roll_call("call 1", host("Siv"), at(60)).call is None
    call = opened(desk, 60, call="last")
    monkeypatch.setattr(roll_calls, "TICKS_MAX", 2)
    ticks = tuple(tick(call.rows[0].key, f"t{number}") for number in range(4))
    whole = desk.tell_roll_call(replace(call, ticks=ticks), at(61)).call
    assert whole is not None
    assert len(whole.ticks) == 2
    desk.tick(replace(at(62), wall=call.began + timedelta(seconds=NAMES_S + 1)))
    assert desk.board(at(63)).roll_call is None


def test_a_clock_that_is_set_while_a_roll_call_goes_on_does_not_end_it(desk: Desk) -> None:
    tap(desk, "Astrid")
    opened(desk)
    desk.tick(at(31))
    set_right = replace(at(32), wall=at(32).wall + timedelta(days=30))
    desk.tick(set_right)
    assert desk.board(set_right).roll_call is not None
    desk.tick(replace(set_right, elapsed_s=NAMES_S + 60))
    assert desk.board(set_right).roll_call is None


def test_the_roll_call_of_a_full_house_with_all_ticks_there_may_be_goes_into_one_message() -> None:
    one = Sought(
        visit=VisitId("v" * 36),
        name="n" * 40,
        agency="a" * 40,
        certain=True,
        last_zone=FIRE,
        seen=at(0),
        guest=GuestId("g" * 36),
        guest_of="h" * 40,
        member=MemberId("m" * 36),
    )
    mark = Tick(id="t" * 36, person=one.key, at=START, host="h" * 20)
    call = RollCall(id="c" * 36, is_drill=True, began=START, ended=None, host="h" * 20)
    whole = replace(call, rows=(one,) * 1000, ticks=(mark,) * roll_calls.TICKS_MAX)
    assert len(encode(SayRollCall("r" * 36, whole))) < OUT_BYTES_MAX


def test_whoever_is_erased_leaves_every_list_with_their_guests_and_ticks(desk: Desk, site: Site) -> None:
    for name in ("Astrid", "Bo"):
        tap(desk, name)
    desk.handle(LetGuestIn(id=RequestId("g"), at=at(15), visit=visit(desk, "Bo"), name="Kim", by=host("Siv")))
    call = opened(desk)
    desk.tell_roll_call(replace(call, ticks=(tick(visit(desk, "Bo")),)), at(30))
    desk.handle(Leave(id=RequestId("l"), at=at(40), visit=visit(desk, "Bo"), by=MEMBER))
    assert desk.erase(Order(member=MemberId("bo"), decision="2026:1", by=host("Siv")), at(50)) is Erasure.ERASED
    in_use = desk.tell_roll_call(replace(call, rows=()), at(60)).call
    assert in_use is not None
    assert [one.name for one in in_use.rows] == ["Astrid", "Bo", "Kim"]
    desk.end_roll_call(call.id, host("Siv"), at(70))
    desk.tick(at(71))
    after = desk.end_roll_call(call.id, host("Siv"), at(72)).call
    assert after is not None
    assert ([one.name for one in after.rows], after.ticks) == (["Astrid"], ())
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as journal:
        assert not any("roll" in name for (name,) in journal.execute("SELECT name FROM sqlite_master"))
