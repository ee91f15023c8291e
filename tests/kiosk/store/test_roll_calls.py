"""Roll calls in board.db: they survive the board, and their names do not stay."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.erasure import mark
from kiosk.domain.evacuation import Sought
from kiosk.domain.events import PersonErased
from kiosk.domain.ids import EventId, GuestId, MemberId, VisitId, host
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.store import roll_calls as roll_calls_module
from kiosk.store.board import HostBook
from kiosk.store.roll_calls import CALLS_MAX, NAMES_S
from tests.support.house import START, at

ASTRID = Sought(
    visit=VisitId("visit-a"), name="Astrid", agency="Exempel", certain=True, last_zone=None, seen=at(0),
    member=MemberId("astrid"),
)  # fmt: skip
BO = replace(ASTRID, visit=VisitId("b"), name="Bo", member=MemberId("bo"))
CALL = RollCall(id="call", is_drill=True, began=START, ended=None, host="Maja", rows=(ASTRID, BO))
TICK = Tick(id="t1", person="visit-a", at=START, host="Maja")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[HostBook]:
    one = HostBook(tmp_path / "board.db")
    one.roll_calls.begin(CALL)
    yield one
    one.close()


def test_a_roll_call_and_its_ticks_survive_a_restart(book: HostBook, tmp_path: Path) -> None:
    book.roll_calls.tick("call", (TICK,))
    book.close()
    again = HostBook(tmp_path / "board.db")
    running = again.roll_calls.running()
    assert running == replace(CALL, ticks=(TICK,), sought=2)
    again.close()


def test_ticks_of_two_devices_are_one_list_and_a_tick_about_nobody_is_passed_over(book: HostBook) -> None:
    book.roll_calls.tick("call", (TICK,))
    after = book.roll_calls.tick("call", (replace(TICK, id="t2", person="b"), replace(TICK, id="t3", person="x")))
    assert after is not None
    assert [one.id for one in after.ticks] == ["t1", "t2"]
    assert after.missing() == ()
    back = book.roll_calls.tick("call", (replace(TICK, is_taken_back=True),))
    assert back is not None
    assert back.missing() == (ASTRID,)
    again = book.roll_calls.tick("call", (TICK,))
    assert again is not None
    assert again.missing() == (ASTRID,), "an old tick that comes late stays taken back"


def test_an_ended_roll_call_keeps_its_count_and_hears_of_those_found_by_a_device_that_was_away(book: HostBook) -> None:
    book.roll_calls.tick("call", (TICK,))
    ended = book.roll_calls.end("call", at(60))
    assert ended is not None
    assert (ended.ended, ended.sought, ended.found) == (at(60).wall, 2, 1)
    assert book.roll_calls.end("call", at(90)) == ended
    assert book.roll_calls.running() is None
    late = book.roll_calls.tick("call", (replace(TICK, id="t2", person="b"),))
    assert late is not None
    assert (late.ended, late.found) == (at(60).wall, 2)
    assert [one.found for one in book.roll_calls.past(5)] == [2]


def test_those_who_come_later_are_added_while_it_runs(book: HostBook) -> None:
    carl = replace(ASTRID, visit=VisitId("c"), name="Carl")
    book.roll_calls.add_people("call", (ASTRID, carl))
    found = book.roll_calls.get("call")
    assert found is not None
    assert (found.rows, found.sought) == ((ASTRID, BO, carl), 3)
    book.roll_calls.end("call", at(1))
    book.roll_calls.add_people("call", (replace(ASTRID, visit=VisitId("d")),))
    assert book.roll_calls.get("call") == replace(found, ended=at(1).wall)


def test_names_and_ticks_are_gone_after_their_time_and_no_trace_of_them_is_left(book: HostBook, tmp_path: Path) -> None:
    book.roll_calls.tick("call", (TICK,))
    assert book.roll_calls.forget_names(at(NAMES_S)) == 0
    assert book.roll_calls.forget_names(at(NAMES_S + 1)) == 1
    kept = book.roll_calls.get("call")
    assert kept is not None
    assert (kept.rows, kept.ticks, kept.sought, kept.found, kept.ended) == ((), (), 2, 1, at(NAMES_S + 1).wall)
    assert b"Astrid" not in b"".join(one.read_bytes() for one in tmp_path.iterdir())


def test_only_the_newest_roll_calls_and_so_many_ticks_are_kept(book: HostBook, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(CALLS_MAX):
        book.roll_calls.begin(replace(CALL, id=f"call-{number}", began=at(number + 1).wall))
    assert book.roll_calls.get("call") is None
    assert book.roll_calls.get("call-0") is not None
    monkeypatch.setattr(roll_calls_module, "TICKS_MAX", 3)
    after = book.roll_calls.tick("call-0", [replace(TICK, id=f"t{number}") for number in range(9)])
    assert after is not None
    assert len(after.ticks) == 3


def test_an_opening_is_unnoted_until_the_desk_has_it(book: HostBook) -> None:
    assert [(one.id, one.host, one.is_drill) for one in book.roll_calls.unnoted()] == [("call", "Maja", True)]
    book.roll_calls.noted("call")
    assert book.roll_calls.unnoted() == ()


def test_a_clock_that_is_set_while_a_roll_call_goes_on_does_not_end_it(book: HostBook) -> None:
    assert book.roll_calls.forget_names(at(60)) == 0
    # The machine came up a month behind, and the network tells the time in the middle of the roll call.
    later = replace(at(120), wall=at(120).wall + timedelta(days=30))
    assert book.roll_calls.forget_names(later) == 0
    assert book.roll_calls.running() is not None
    assert book.roll_calls.forget_names(replace(later, elapsed_s=NAMES_S + 1)) == 1
    assert book.roll_calls.running() is None


def erased(member: MemberId, number: int = 1) -> PersonErased:
    event = EventId(f"erased-{number}")
    return PersonErased(id=event, at=at(60), mark=mark(event, member), decision="dnr 2026-9", by=host("eva"))


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.glob("board.db*")))


def test_whoever_is_erased_is_on_no_list_that_is_not_in_use_and_nobody_else_is_any_different(
    book: HostBook, tmp_path: Path
) -> None:
    gun = replace(ASTRID, guest=GuestId("g"), name="Gun Gäst", guest_of="Astrid")
    book.roll_calls.begin(replace(CALL, id="drill", rows=(ASTRID, gun, BO)))
    for call in ("call", "drill"):
        book.roll_calls.tick(call, (TICK, replace(TICK, id="t2", person="b")))
        book.roll_calls.end(call, at(30))
    before = book.roll_calls.past(5)
    assert {b"Astrid", b"Gun G", b"visit-a"} == {
        one for one in (b"Astrid", b"Gun G", b"visit-a") if one in on_disk(tmp_path)
    }
    assert book.roll_calls.erase(erased(MemberId("astrid")))
    assert [one for one in (b"astrid", b"Astrid", b"Gun G", b"visit-a") if one in on_disk(tmp_path)] == []
    for call in ("call", "drill"):
        kept = book.roll_calls.get(call)
        assert kept is not None
        assert (kept.rows, [one.person for one in kept.ticks]) == ((BO,), ["b"])
    assert book.roll_calls.past(5) == before, "how many were sought and found stays"
    late = book.roll_calls.tick("call", (replace(TICK, id="t3"),))
    assert late is not None
    assert (late.found, [one.person for one in late.ticks]) == (2, ["b"]), "a device that was away brings nobody back"


def test_nobody_is_taken_off_a_list_in_use_and_the_order_holds_until_it_has_ended(book: HostBook) -> None:
    assert not book.roll_calls.erase(erased(MemberId("astrid")))
    running = book.roll_calls.running()
    assert running is not None
    assert running.rows == CALL.rows
    assert book.roll_calls.erase(erased(MemberId("carl"))), "who is not on it does not wait"
    book.roll_calls.end("call", at(90))
    assert book.roll_calls.erase(erased(MemberId("astrid")))
    kept = book.roll_calls.get("call")
    assert kept is not None
    assert kept.rows == (BO,)


def test_what_a_reader_kept_from_being_cleaned_is_cleaned_the_next_time(book: HostBook, tmp_path: Path) -> None:
    book.roll_calls.end("call", at(30))
    with closing(sqlite3.connect(tmp_path / "board.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM roll_calls").fetchall()
        assert book.roll_calls.erase(erased(MemberId("astrid")))
        assert b"Astrid" in on_disk(tmp_path), "a reader that is in the middle of a question keeps the log"
    assert book.roll_calls.forget_names(at(60)) == 0
    assert b"Astrid" not in on_disk(tmp_path)
