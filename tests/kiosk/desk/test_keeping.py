"""Data is kept as long as it may be and no longer: by night, in short steps, over outages and clock changes."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.desk import keeping
from kiosk.desk.keeping import STEP_EVENTS_MAX
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.evacuation import NO_NAME, evacuation_list
from kiosk.domain.events import Arrived, Left, RetentionRan, VisitEvent
from kiosk.domain.ids import BootId, ReaderId, RequestId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.requests import LetGuestIn, Tap
from kiosk.store.database import BUSY_TIMEOUT_S
from kiosk.store.journal import JournalReader
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from kiosk.store.roster import RosterWriter
from tests.support.books import LOST_UID, UIDS, key_of
from tests.support.house import FIRE, REST
from tests.support.keeping import CENTRE, DECISION, EPOCH, EVA, Kept, kept_house, moment

pytestmark = pytest.mark.slow

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Kept]:
    with kept_house(tmp_path) as kept:
        yield kept


@pytest.fixture
def with_centre(tmp_path: Path) -> Iterator[Kept]:
    with kept_house(tmp_path, CENTRE + DECISION) as kept:
        yield kept


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def tap_request(uid: str, at: Instant) -> Tap:
    shown = Uid(bytes.fromhex(uid))
    return Tap(id=RequestId("t"), at=at, reader=ReaderId("entrance"), direction=Direction.IN, uid=shown)


def kinds(house: Kept) -> list[str]:
    reader = JournalReader(house.folder / "journal.db")
    found = [type(one.event).__name__ for one in reader.after(0)]
    reader.close()
    return found


def runs(house: Kept) -> list[RetentionRan]:
    reader = JournalReader(house.folder / "journal.db")
    found = [one.event for one in reader.after(0) if isinstance(one.event, RetentionRan)]
    reader.close()
    return found


def a_visit(house: Kept, began: datetime) -> None:
    """Let Astrid and Bo meet by the fire for an hour, with a guest of Astrid's."""
    house.tick(began)
    for name in ("Astrid", "Bo"):
        house.tap(name, began + timedelta(seconds=1))
        house.join(name, began + timedelta(seconds=20))
    house.guest("Astrid", "Gunnel Gast", began + timedelta(seconds=30))
    house.tick(began + timedelta(seconds=200))
    for name in ("Astrid", "Bo"):
        house.leave(name, began + timedelta(hours=1))


def many_visits(house: Kept) -> None:
    """Let one short visit follow on the other for a whole day."""
    for number in range(60):
        began = EPOCH + timedelta(minutes=10 * number)
        house.tick(began)
        house.tap("Astrid", began + timedelta(seconds=1))
        for zone in (FIRE, REST) * 3:
            house.join("Astrid", began + timedelta(seconds=20), zone)
        house.leave("Astrid", began + timedelta(minutes=5))


def sent_up_to(house: Kept, *, is_at_centre: bool) -> None:
    """Let the wing read the whole journal into its queue, and the centre have the arrivals or nothing of it."""
    reader = JournalReader(house.folder / "journal.db")
    told = [one for one in reader.after(0) if isinstance(one.event, Arrived | Left)]
    last = reader.last_seq()
    reader.close()
    roster = RosterWriter(house.folder / "roster.db")
    rows = [
        Outgoing(number, one.seq, one.event.id, "arrived", one.event.visit, "{}", one.event.at)
        for number, one in enumerate(told, start=roster.outbox.last_sequence() + 1)
        if isinstance(one.event, VisitEvent)
    ]
    roster.outbox.add(last, rows, EPOCH)
    if is_at_centre:
        arrived = {one.event.id for one in told if isinstance(one.event, Arrived)}
        got = [one.sequence for one in rows if one.event_id in arrived]
        roster.outbox.settle([Settled(one, OutboxState.ACCEPTED) for one in got], EPOCH)
    roster.close()


def test_zones_company_evidence_and_offers_go_a_day_after_the_visit_was_closed(house: Kept) -> None:
    a_visit(house, EPOCH)
    house.night(EPOCH + timedelta(hours=21))
    assert {"JoinedZone", "CompanyBegan", "TookPart", "GuestArrived"} <= set(kinds(house))
    house.night(EPOCH + 2 * DAY)
    assert set(kinds(house)) == {"RuleTaken", "Arrived", "Left", "RetentionRan"}


def test_a_closed_visit_goes_after_fourteen_days(house: Kept) -> None:
    a_visit(house, EPOCH)
    house.night(EPOCH + 13 * DAY)
    assert "Arrived" in kinds(house)
    house.night(EPOCH + 15 * DAY)
    assert set(kinds(house)) == {"RuleTaken", "RetentionRan"}


def test_nothing_of_an_open_visit_goes_however_long_it_lasts(house: Kept) -> None:
    house.tick(EPOCH)
    house.tap("Astrid", EPOCH + timedelta(seconds=1))
    house.join("Astrid", EPOCH + timedelta(seconds=20))
    before = len(kinds(house))
    house.desk.remove_old(moment(EPOCH + timedelta(hours=2)))
    while house.desk.is_removing:
        house.desk.remove_old(moment(EPOCH + timedelta(hours=3)))
    assert len(kinds(house)) == before + 1


def test_what_the_centre_is_told_of_stays_until_it_has_been_read_for_it(with_centre: Kept) -> None:
    a_visit(with_centre, EPOCH)
    with_centre.night(EPOCH + 60 * DAY)
    assert {"Arrived", "TookPart", "Left"} <= set(kinds(with_centre))
    assert "JoinedZone" not in kinds(with_centre)


@pytest.mark.parametrize(
    ("is_at_centre", "days", "is_kept"),
    [(True, 13, True), (True, 15, False), (False, 29, True), (False, 31, False)],
)
def test_a_visit_stays_until_the_centre_has_it_and_after_thirty_days_in_the_queue_alone(
    with_centre: Kept, days: int, *, is_at_centre: bool, is_kept: bool
) -> None:
    a_visit(with_centre, EPOCH)
    sent_up_to(with_centre, is_at_centre=is_at_centre)
    with_centre.night(EPOCH + timedelta(days=days))
    assert ("Arrived" in kinds(with_centre)) is is_kept


def test_a_queue_that_cannot_be_read_is_told_of_once_and_keeps_what_it_may_need(
    with_centre: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    a_visit(with_centre, EPOCH)
    with_centre.books.roster.close()
    (with_centre.folder / "roster.db").write_bytes(b"no database " * 1000)
    with caplog.at_level(logging.ERROR, "samverk.keeping"):
        with_centre.night(EPOCH + 40 * DAY)
        with_centre.night(EPOCH + 41 * DAY)
    assert "Arrived" in kinds(with_centre)
    assert sum("cannot be read" in one for one in caplog.messages) == 1


@pytest.mark.parametrize(
    "arrived",
    [
        local(2026, 11, 23, 17),
        local(2026, 10, 24, 23),
        local(2027, 3, 27, 23),
        local(2026, 10, 25, 2, 30),
        local(2026, 11, 24, 3, 59),
    ],
)
def test_a_guests_name_is_gone_at_four_in_the_night_and_not_before(house: Kept, arrived: datetime) -> None:
    house.fresh_roster(arrived)
    house.tick(arrived)
    house.tap("Astrid", arrived + timedelta(seconds=1))
    house.guest("Astrid", "Gunnel Gast", arrived + timedelta(seconds=10))
    night = arrived.astimezone(STOCKHOLM)
    day = night.date() if night.hour < 4 else night.date() + DAY
    four = datetime(day.year, day.month, day.day, 4, tzinfo=STOCKHOLM).astimezone(UTC)
    house.night(four - timedelta(seconds=10))
    assert "Gunnel Gast" in house.books.journal.guest_names().values()
    house.night(four)
    assert house.books.journal.guest_names() == {}
    assert b"Gunnel" not in house.bytes_on_disk()


def test_a_name_is_gone_at_once_when_the_house_comes_back_after_an_outage(house: Kept) -> None:
    house.tick(EPOCH)
    house.tap("Astrid", EPOCH + timedelta(seconds=1))
    house.guest("Astrid", "Gunnel Gast", EPOCH + timedelta(seconds=10))
    house.restart()
    house.tick(EPOCH + 3 * DAY)
    assert house.books.journal.guest_names() == {}


def test_a_guest_who_is_still_looked_for_at_four_keeps_a_place_without_a_name(house: Kept) -> None:
    house.tick(EPOCH)
    house.tap("Astrid", EPOCH + timedelta(seconds=1))
    house.guest("Astrid", "Gunnel Gast", EPOCH + timedelta(seconds=10))
    house.tick(local(2026, 11, 23, 18, 1))
    night = local(2026, 11, 24, 4, 1)
    house.night(night)
    listed = evacuation_list(house.desk.house, {}, house.books.journal.guest_names(), house.site.rule, moment(night))
    assert [(one.guest is not None, one.name, one.certain) for one in listed] == [
        (False, NO_NAME, False),
        (True, NO_NAME, False),
    ]


def test_the_night_comes_once_a_day_and_is_recorded_without_a_person(house: Kept) -> None:
    a_visit(house, EPOCH)
    for hours in range(1, 60):
        house.night(EPOCH + timedelta(hours=hours))
    ran = runs(house)
    assert [one.at.wall.astimezone(STOCKHOLM).hour for one in ran] == [4, 4]
    assert [one.decision for one in ran] == ["dnr 2026-7", "dnr 2026-7"]
    assert ran[0].removed == {"guest_names": 1}
    assert ran[1].removed["visit_detail"] > 5


def test_a_house_in_which_nothing_happened_records_no_night(house: Kept) -> None:
    house.desk.tick(moment(EPOCH))
    with sqlite3.connect(house.folder / "journal.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM events WHERE type = 'retention_ran'").fetchone() == (0,)
    connection.close()


def test_a_clock_that_was_never_set_removes_nothing(house: Kept) -> None:
    a_visit(house, EPOCH)
    unset = moment(EPOCH + 60 * DAY)
    house.desk.tick(type(unset)(unset.wall, unset.boot, unset.elapsed_s, ClockState.UNSET))
    assert not house.desk.is_removing
    assert "JoinedZone" in kinds(house)


def test_what_happened_under_an_unset_clock_is_as_old_as_what_came_after_it(house: Kept) -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    unset = replace(moment(past), boot=BootId("boot-0"), clock=ClockState.UNSET)
    house.desk.handle(tap_request(LOST_UID, unset))
    a_visit(house, EPOCH + timedelta(minutes=5))
    house.night(EPOCH + 13 * DAY)
    assert "TapRefused" in kinds(house)
    house.night(EPOCH + 15 * DAY)
    assert "TapRefused" not in kinds(house)


def test_a_clock_that_is_set_right_in_the_middle_of_a_day_ends_no_visit_and_takes_no_guests_name(house: Kept) -> None:
    def behind(seconds: float) -> Instant:
        right = moment(EPOCH + timedelta(seconds=seconds))
        return replace(right, wall=right.wall - 30 * DAY)

    house.desk.handle(tap_request(UIDS["Astrid"], behind(0)))
    let_in = LetGuestIn(id=RequestId("g"), at=behind(60), visit=house.visit("Astrid"), name="Gunnel", by=EVA)
    guest = house.desk.handle(let_in).guest
    assert guest is not None
    assert house.night(EPOCH + timedelta(hours=1)) > 1, "by its clock many nights have passed since"
    assert house.books.journal.guest_names() == {guest: "Gunnel"}
    assert [one.member for one in house.desk.house.inside()] == ["astrid"]
    house.night(EPOCH + DAY)
    assert house.books.journal.guest_names() == {}
    assert house.desk.house.inside() == ()


def test_no_step_looks_at_more_than_its_bound(house: Kept) -> None:
    many_visits(house)
    events = len(kinds(house))
    assert events > 2 * STEP_EVENTS_MAX
    ticks = house.night(EPOCH + 25 * DAY)
    assert ticks >= 2 + events // STEP_EVENTS_MAX
    assert set(kinds(house)) == {"RuleTaken", "RetentionRan"}


def test_a_tap_is_served_between_two_steps(house: Kept) -> None:
    many_visits(house)
    night = EPOCH + 25 * DAY
    house.tick(night)
    assert house.desk.is_removing
    began = time.perf_counter()
    house.tap("Carl", night + timedelta(seconds=1))
    assert house.desk.house.presences.keys() == {"carl"}
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize("is_large", [False, True])
def test_what_is_removed_leaves_no_trace_in_database_or_log_and_the_chain_holds(
    house: Kept, monkeypatch: pytest.MonkeyPatch, *, is_large: bool
) -> None:
    if is_large:
        monkeypatch.setattr(keeping, "NIGHT_BYTES_MAX", 0)
    a_visit(house, EPOCH)
    visits = [house.visit(one) for one in ("Astrid", "Bo")]
    assert b"Gunnel" in house.bytes_on_disk()
    house.night(EPOCH + 20 * DAY)
    journal = b"".join(one.read_bytes() for one in house.folder.glob("journal.db*"))
    for secret in (b"Gunnel", b"astrid", key_of(UIDS["Bo"]).encode(), *(one.encode() for one in visits)):
        assert secret not in journal
    reader = JournalReader(house.folder / "journal.db")
    verdict = reader.verify()
    reader.close()
    assert verdict.broken_at is None
    assert verdict.retired == verdict.events - len(kinds(house))


def test_a_reader_in_the_middle_of_a_question_is_not_waited_for_and_the_log_is_emptied_after_it(house: Kept) -> None:
    a_visit(house, EPOCH)
    reading = sqlite3.connect(house.folder / "journal.db")
    reading.execute("BEGIN")
    reading.execute("SELECT * FROM events").fetchone()
    began = time.perf_counter()
    house.night(EPOCH + 20 * DAY)
    assert time.perf_counter() - began < BUSY_TIMEOUT_S
    log = house.folder / "journal.db-wal"
    assert log.stat().st_size > 0
    reading.close()
    house.tick(EPOCH + 20 * DAY + timedelta(minutes=1))
    assert log.stat().st_size == 0


def test_a_house_is_rebuilt_from_its_checkpoint_when_older_events_are_gone(with_centre: Kept) -> None:
    house = with_centre
    a_visit(house, EPOCH)
    sent_up_to(house, is_at_centre=True)
    house.night(EPOCH + 20 * DAY)
    assert ("Arrived" in kinds(house), "Left" in kinds(house)) == (False, True)
    now = EPOCH + 20 * DAY + timedelta(hours=6)
    house.tap("Carl", now)
    house.join("Carl", now + timedelta(seconds=30))
    reader = JournalReader(house.folder / "journal.db")
    rebuilt = reader.rebuilt()
    assert rebuilt.inside() == reader.house().inside()
    assert [one.member for one in rebuilt.inside()] == ["carl"]
    reader.close()


def test_choices_go_thirteen_months_after_the_last_visit(house: Kept) -> None:
    house.tick(EPOCH)
    house.tap("Astrid", EPOCH + timedelta(seconds=1))
    house.choose_english("Astrid", EPOCH + timedelta(seconds=5))
    house.leave("Astrid", EPOCH + timedelta(hours=1))
    house.night(EPOCH + DAY)
    house.night(EPOCH + 390 * DAY)
    assert "astrid" in house.desk.house.preferences
    house.night(EPOCH + 430 * DAY)
    assert house.desk.house.preferences == {}
    assert b"astrid" not in b"".join(one.read_bytes() for one in house.folder.glob("journal.db*"))


def test_a_visit_begins_the_thirteen_months_anew(house: Kept) -> None:
    house.tick(EPOCH)
    house.tap("Astrid", EPOCH + timedelta(seconds=1))
    house.choose_english("Astrid", EPOCH + timedelta(seconds=5))
    house.leave("Astrid", EPOCH + timedelta(hours=1))
    house.night(EPOCH + DAY)
    again = EPOCH + 380 * DAY
    house.fresh_roster(again)
    house.tap("Astrid", again)
    house.leave("Astrid", again + timedelta(hours=1))
    house.night(again + DAY)
    house.night(EPOCH + 430 * DAY)
    assert "astrid" in house.desk.house.preferences


def test_the_access_log_goes_after_twelve_months_and_counts_after_thirteen(house: Kept) -> None:
    a_visit(house, EPOCH)
    house.desk.people(EVA, "roll call drill", moment(EPOCH + timedelta(minutes=5)))
    with sqlite3.connect(house.folder / "journal.db") as connection:
        connection.execute("INSERT INTO tallies VALUES ('2025-09', 'met_somebody', 'yes', '', 3)")
        connection.execute("INSERT INTO tallies VALUES ('2025-11', 'met_somebody', 'yes', '', 3)")
    connection.close()
    house.night(EPOCH + 360 * DAY)
    house.night(EPOCH + 370 * DAY)
    assert runs(house)[0].removed["counts"] == 2
    assert [one.removed.get("access_log") for one in runs(house)] == [None, 1]
