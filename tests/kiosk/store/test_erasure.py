"""A person who is erased is in no file of the house any more, and nobody else is any different for it."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.desk import keeping
from kiosk.desk.keeping import Order
from kiosk.domain.erasure import Erasure
from kiosk.domain.events import PersonErased
from kiosk.domain.ids import GuestId, MemberId, RequestId, SiteId, VisitId
from kiosk.domain.requests import HandGuestOver
from kiosk.store.erasure import ErasedRows
from kiosk.store.journal import JournalReader
from kiosk.store.outgoing import OutboxState, Settled
from kiosk.store.roster import RosterReader, RosterWriter
from sync import plan
from tests.support.books import UIDS, key_of
from tests.support.house import FIRE, REST
from tests.support.keeping import CENTRE, DECISION, EPOCH, EVA, Kept, kept_house, moment

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
ERASABLE = ("Astrid", "Carl", "Disa")
"""Whose ids are not by chance a part of some other word in a database."""
ACTS = ("tap", "fire", "rest", "leave", "guest", "english", "look", "tick", "night")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Kept]:
    with kept_house(tmp_path, CENTRE + DECISION) as kept:
        yield kept


def play(house: Kept, story: Sequence[tuple[str, str]]) -> set[VisitId]:
    """Let the story happen, and everybody go home; return the visits of all."""
    now, visits = EPOCH, set()
    for number, (name, act) in enumerate(story):
        now = EPOCH + timedelta(seconds=90 * number)
        presence = house.desk.house.presences.get(MemberId(name.lower()))
        if act == "tap" and (presence is None or not presence.inside):
            house.tap(name, now)
        elif act == "tick":
            house.tick(now)
        elif act == "night":
            house.remove_old(now)
        elif act == "look":
            house.desk.people(EVA, "drill", moment(now))
        elif presence is not None and presence.inside:
            _act(house, name, act, now)
        visits |= {one.visit for one in house.desk.house.presences.values()}
    for one in house.desk.house.inside():
        house.leave(one.member.capitalize(), now + timedelta(minutes=5))
    return visits


def _act(house: Kept, name: str, act: str, now: "object") -> None:
    assert isinstance(now, type(EPOCH))
    match act:
        case "fire" | "rest":
            house.join(name, now, FIRE if act == "fire" else REST)
        case "leave":
            house.leave(name, now)
        case "guest":
            house.guest(name, f"Gast-{name}", now)
        case "english":
            house.choose_english(name, now)


def queue(house: Kept) -> None:
    """Let the wing read the journal into its queue, as far as it goes; the centre has half of it."""
    reader, roster = JournalReader(house.folder / "journal.db"), RosterWriter(house.folder / "roster.db")
    events = [(one.seq, one.event) for one in reader.after(roster.outbox.place())]
    identity = plan.Identity(SiteId("stockholm"), "se.samverket.test", 5.0, 60.0)
    projected = plan.project(events, identity, sequence=roster.outbox.last_sequence())
    if events:
        roster.outbox.add(events[-1][0], projected.told, EPOCH, projected.held)
    half = projected.told[: len(projected.told) // 2]
    roster.outbox.settle([Settled(one.sequence, OutboxState.ACCEPTED) for one in half], EPOCH)
    reader.close()
    roster.close()


def erase(house: Kept, name: str, decision: str = "dnr 2026-9") -> Erasure:
    order = Order(member=MemberId(name.lower()), decision=decision, by=EVA)
    return house.desk.erase(order, moment(EPOCH + timedelta(hours=9)))


def carry_out(house: Kept) -> ErasedRows:
    """Let the wing do what the last order in the journal says."""
    reader, roster = JournalReader(house.folder / "journal.db"), RosterWriter(house.folder / "roster.db")
    orders = [one.event for one in reader.after(0) if isinstance(one.event, PersonErased)]
    erased = roster.erase(orders[-1])
    reader.close()
    roster.close()
    return erased


def traces(house: Kept, name: str, more: set[str]) -> set[str]:
    """Return what of the person is still somewhere in the files."""
    held = house.bytes_on_disk().lower()
    sought = {name.lower(), key_of(UIDS[name]), f"gast-{name.lower()}", *more}
    return {one for one in sought if one.lower().encode() in held}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(UIDS)), st.sampled_from(ACTS)), max_size=40),
    st.sampled_from(ERASABLE),
)
def test_nothing_is_left_of_whoever_is_erased_and_everything_of_the_others(
    story: list[tuple[str, str]], name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, kept_house(Path(folder), CENTRE + DECISION) as house:
        play(house, [(name, "tap"), (name, "guest"), *story, (name, "night")])
        queue(house)
        theirs: set[str] = {one.visit for one in house.desk.house.presences.values() if one.member == name.lower()}
        others = {m: one for m, one in house.desk.house.presences.items() if m != name.lower()}
        assert traces(house, name, theirs)
        assert erase(house, name) is Erasure.ERASED
        carry_out(house)
        assert traces(house, name, theirs) == set()
        assert house.desk.house.presences == others
        reader = JournalReader(house.folder / "journal.db")
        assert reader.verify().broken_at is None
        assert reader.house() == house.desk.house
        assert reader.rebuilt().inside() == house.desk.house.inside()
        reader.close()


def test_a_house_goes_on_after_somebody_was_erased(house: Kept) -> None:
    play(house, [("Astrid", "tap"), ("Carl", "tap"), ("Carl", "fire"), ("Carl", "leave")])
    assert erase(house, "Astrid") is Erasure.ERASED
    house.restart()
    house.tap("Carl", EPOCH + timedelta(hours=10))
    reader = JournalReader(house.folder / "journal.db")
    assert [one.member for one in reader.rebuilt().inside()] == ["carl"]
    assert reader.verify().broken_at is None
    reader.close()


def test_whoever_may_be_in_the_house_is_not_erased(house: Kept) -> None:
    house.tap("Astrid", EPOCH)
    assert erase(house, "Astrid") is Erasure.IN_HOUSE
    house.tick(EPOCH + timedelta(hours=10, minutes=30))  # the house has closed
    order = Order(member=MemberId("astrid"), decision="dnr 2026-9", by=EVA)
    assert house.desk.erase(order, moment(EPOCH + timedelta(hours=11))) is Erasure.UNCERTAIN
    assert b"astrid" in house.bytes_on_disk()


@pytest.mark.parametrize("decision", ["", "   ", "x" * 201, "erase ASTRID", "about astrid, dnr 7"])
def test_a_decision_is_named_and_names_nobody(house: Kept, decision: str) -> None:
    play(house, [("Astrid", "tap")])
    assert erase(house, "Astrid", decision) is Erasure.DECISION_UNFIT


def test_somebody_nothing_is_kept_of_is_not_erased(house: Kept) -> None:
    play(house, [("Astrid", "tap")])
    before = JournalReader(house.folder / "journal.db")
    order = Order(member=MemberId("nobody"), decision="dnr 2026-9", by=EVA)
    assert house.desk.erase(order, moment(EPOCH + timedelta(hours=9))) is Erasure.UNKNOWN
    assert not any(isinstance(one.event, PersonErased) for one in before.after(0))
    before.close()


def test_a_guest_who_was_handed_over_stays_with_whom_they_are(house: Kept) -> None:
    house.tap("Astrid", EPOCH)
    house.tap("Carl", EPOCH + timedelta(seconds=10))
    guest = house.guest("Astrid", "Gunnel", EPOCH + timedelta(seconds=20))
    request = HandGuestOver(
        id=RequestId("h"), at=moment(EPOCH + timedelta(seconds=30)), guest=guest, visit=house.visit("Carl"), by=EVA
    )
    house.desk.handle(request)
    house.leave("Astrid", EPOCH + timedelta(seconds=60))
    assert erase(house, "Astrid") is Erasure.ERASED
    assert [one.id for one in house.desk.house.guests_inside()] == [guest]
    assert house.books.journal.guest_names() == {GuestId(guest): "Gunnel"}


def test_the_order_to_the_wings_names_nobody_and_finds_the_right_one(house: Kept) -> None:
    play(house, [("Astrid", "tap"), ("Carl", "tap")])
    queue(house)
    erase(house, "Astrid")
    assert carry_out(house) == ErasedRows(roster=3, events=2, unsent=1)  # herself and her two badges
    assert carry_out(house) == ErasedRows()
    roster = RosterReader(house.folder / "roster.db")
    assert roster.holder_of_member(MemberId("astrid")) is None
    assert roster.holder_of_member(MemberId("carl")) is not None
    roster.close()


def test_the_access_log_keeps_that_somebody_looked_and_no_longer_at_whom(house: Kept) -> None:
    play(house, [("Astrid", "tap")])
    house.desk.note_access(EVA, "export", "asked by herself", MemberId("astrid"), moment(EPOCH))
    erase(house, "Astrid")
    with sqlite3.connect(house.folder / "journal.db") as connection:
        rows = connection.execute('SELECT "by", what, purpose, about FROM access ORDER BY id').fetchall()
    connection.close()
    assert rows == [("host:eva", "export", "asked by herself", ""), ("host:eva", "erasure", "dnr 2026-9", "")]


def test_whoever_waits_under_a_pseudonym_is_erased_too(house: Kept) -> None:
    play(house, [("Astrid", "tap"), ("Carl", "tap")])
    queue(house)
    roster = RosterWriter(house.folder / "roster.db")
    pseudonyms = roster.pseudonyms(b"k" * 32)
    assert pseudonyms.hide(EPOCH + 31 * DAY) > 0
    erase(house, "Astrid")
    reader = JournalReader(house.folder / "journal.db")
    order = next(one.event for one in reader.after(0) if isinstance(one.event, PersonErased))
    roster.erase(order, pseudonyms.of)
    reader.close()
    roster.close()
    assert traces(house, "Astrid", {pseudonyms.of("astrid")}) == set()
    assert traces(house, "Carl", {pseudonyms.of("carl")}) >= {pseudonyms.of("carl")}


def test_a_journal_too_large_for_the_day_is_written_anew_in_the_night(
    house: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(house, [("Astrid", "tap"), ("Carl", "tap")])
    monkeypatch.setattr(keeping, "DAY_BYTES_MAX", 0)
    monkeypatch.setattr(keeping, "NIGHT_BYTES_MAX", 0)
    before = (house.folder / "journal.db").stat().st_size
    with sqlite3.connect(house.folder / "journal.db") as connection:
        connection.execute("CREATE TABLE large (one BLOB)")
        connection.execute("INSERT INTO large VALUES (zeroblob(1000000))")
        connection.execute("DROP TABLE large")
    connection.close()
    erase(house, "Astrid")
    assert (house.folder / "journal.db").stat().st_size > before + 1_000_000
    house.restart()
    house.night(EPOCH + 2 * DAY)
    assert (house.folder / "journal.db").stat().st_size < before + 100_000


def test_an_order_stays_until_the_wing_has_read_it_however_long_that_was_down(house: Kept) -> None:
    play(house, [("Astrid", "tap"), ("Carl", "tap")])
    assert erase(house, "Astrid") is Erasure.ERASED
    house.night(EPOCH + 60 * DAY)
    queue(house)
    assert carry_out(house).roster == 3
    house.night(EPOCH + 61 * DAY)
    reader = JournalReader(house.folder / "journal.db")
    assert not any(isinstance(one.event, PersonErased) for one in reader.after(0))
    reader.close()


def test_a_reader_in_the_middle_of_a_question_keeps_a_trace_no_longer_than_it_asks(house: Kept) -> None:
    play(house, [("Astrid", "tap")])
    assert erase(house, "Astrid") is Erasure.ERASED
    reader, roster = JournalReader(house.folder / "journal.db"), RosterWriter(house.folder / "roster.db")
    order = next(one.event for one in reader.after(0) if isinstance(one.event, PersonErased))
    with closing(sqlite3.connect(house.folder / "roster.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM members").fetchall()
        assert roster.erase(order).roster == 3
        roster.clean()
        assert traces(house, "Astrid", set()), "the log is still needed by whoever asks"
    roster.clean()
    assert traces(house, "Astrid", set()) == set()
    reader.close()
    roster.close()
