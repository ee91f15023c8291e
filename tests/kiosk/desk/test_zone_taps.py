"""Taps at the zones' readers, as the desk takes them: joined by who is in the house, counted for everybody else."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.desk.zone_taps import AGE_MAX_S
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.events import JoinedZone
from kiosk.domain.ids import MEMBER, BadgeKey, BootId, MemberId, ReaderId, RequestId, SensorId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import BadgeLevel
from kiosk.domain.requests import Leave, Tap
from kiosk.domain.zones import ZoneTap
from kiosk.store.journal import Entry, JournalReader
from kiosk.store.zones import News, ZonesWriter
from kiosk.tools.site import Site
from tests.support.books import LOST_UID, UIDS, close_books, key_of, make_site, open_desk, write_roster
from tests.support.house import FIRE, CountedIds, at

pytestmark = pytest.mark.slow

REST = ZoneId("rastplatsen")
STRANGER = "04FEDCBA987654"
ASTRID = MemberId("astrid")


@dataclass
class House:
    """A desk, and the zones' readers as the sensors' service leaves their taps."""

    site: Site
    desk: Desk
    books: Books
    zones: ZonesWriter
    ids: CountedIds

    def arrive(self, name: str, seconds: float = 0.0) -> None:
        """Let a member come in."""
        uid = Uid(bytes.fromhex(UIDS[name]))
        entrance = ReaderId("entrance")
        self.desk.handle(Tap(id=RequestId(name), at=at(seconds), reader=entrance, direction=Direction.BOTH, uid=uid))

    def shown(self, uid: str, zone: ZoneId = FIRE, when: Instant | None = None) -> None:
        """Put a tap into the inbox."""
        tap = ZoneTap(SensorId("tag"), zone, (BadgeKey("0" * 64), BadgeKey(key_of(uid))), when or at(10))
        self.zones.record(News(taps=(tap,)), at(10))

    def joins(self) -> list[JoinedZone]:
        """Return the joins in the journal."""
        reader = JournalReader(self.site.state_dir / "journal.db")
        found = [one.event for one in reader.after(0) if isinstance(one.event, JoinedZone)]
        reader.close()
        return found

    def outcomes(self) -> dict[str, int]:
        """Return what became of how many taps."""
        reader = JournalReader(self.site.state_dir / "journal.db")
        found = reader.zone_taps()
        reader.close()
        return found

    def restart(self) -> None:
        """Let the desk be killed and started again."""
        close_books(self.books)
        self.desk, self.books = open_desk(self.site, self.ids)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    write_roster(tmp_path / "roster.db")
    site = make_site(tmp_path)
    ids = CountedIds()
    desk, books = open_desk(site, ids)
    zones = ZonesWriter(tmp_path / "zones.db")
    one = House(site, desk, books, zones, ids)
    yield one
    zones.close()
    close_books(one.books)


def test_a_member_in_the_house_joins_the_zone_whose_reader_they_showed_their_badge_to(house: House) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"])
    house.desk.tick(at(12))
    assert house.desk.house.presences[ASTRID].zone == FIRE
    (joined,) = house.joins()
    assert (joined.at, joined.by, joined.member) == (at(10), MEMBER, ASTRID)
    assert house.outcomes() == {"joined": 1}


def test_a_tap_at_the_next_zone_leaves_the_one_before(house: House) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"])
    house.shown(UIDS["Astrid"], REST, at(11))
    house.desk.tick(at(12))
    assert [one.zone for one in house.joins()] == [FIRE, REST]
    assert house.desk.house.presences[ASTRID].zone == REST


@pytest.mark.parametrize(
    ("uid", "outcome"),
    [
        pytest.param(STRANGER, "unknown", id="a badge that nobody holds"),
        pytest.param(UIDS["Bo"], "not-in-house", id="a member who is not in the house"),
        pytest.param(LOST_UID, "not-valid", id="a lost badge"),
    ],
)
def test_everybody_elses_taps_are_counted_and_nothing_happens(house: House, uid: str, outcome: str) -> None:
    house.arrive("Astrid")
    before = house.desk.house
    house.shown(uid)
    house.desk.tick(at(12))
    assert house.desk.house.presences == before.presences
    assert house.joins() == []
    assert house.outcomes() == {outcome: 1}


def test_a_badge_that_proves_itself_is_not_taken_by_its_uid_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.arrive("Astrid")
    wings = house.desk._wings  # noqa: SLF001 - a roster with such a badge in it
    holder = wings.holder_of_badge([BadgeKey(key_of(UIDS["Astrid"]))])
    assert holder is not None
    assert holder.badge is not None
    badge = type(holder.badge)(holder.badge.key, 1, holder.badge.member, holder.badge.status, level=BadgeLevel.VERIFIED)
    proving = type(holder)(holder.member, holder.agency, badge)
    monkeypatch.setattr("kiosk.desk.wings.Wings.holder_of_badge", lambda _wings, _keys: proving)
    house.shown(UIDS["Astrid"])
    house.desk.tick(at(12))
    assert (house.joins(), house.outcomes()) == ([], {"not-proved": 1})


def test_a_tap_from_before_the_visit_joins_nobody(house: House) -> None:
    house.arrive("Astrid", 20)
    house.shown(UIDS["Astrid"], when=at(10))
    house.desk.tick(at(30))
    assert (house.joins(), house.outcomes()) == ([], {"not-in-house": 1})


def test_a_tap_after_leaving_joins_nobody(house: House) -> None:
    house.arrive("Astrid")
    visit = house.desk.house.presences[ASTRID].visit
    house.desk.handle(Leave(id=RequestId("l"), at=at(5), visit=VisitId(visit), by=MEMBER))
    house.shown(UIDS["Astrid"])
    house.desk.tick(at(12))
    assert (house.joins(), house.outcomes()) == ([], {"not-in-house": 1})


@pytest.mark.parametrize(
    ("when", "now"),
    [
        pytest.param(at(10), at(10 + AGE_MAX_S + 1), id="of long ago"),
        pytest.param(at(10, BootId("before"), ClockState.UNSET), at(12), id="of a boot whose clock was never set"),
    ],
)
def test_a_tap_too_old_to_mean_anything_joins_nobody(house: House, when: Instant, now: Instant) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"], when=when)
    house.desk.tick(now)
    assert (house.joins(), house.outcomes()) == ([], {"too-old": 1})


def test_each_tap_counts_once_also_when_the_desk_is_started_again(house: House) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"])
    house.desk.tick(at(12))
    house.restart()
    house.shown(UIDS["Astrid"], REST, at(13))
    house.desk.tick(at(14))
    house.desk.tick(at(15))
    assert [one.zone for one in house.joins()] == [FIRE, REST]
    assert house.outcomes() == {"joined": 2}


def test_what_was_not_committed_is_taken_again_and_only_then_counts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"])

    def full(*_arguments: object) -> None:
        message = "database or disk is full"
        raise sqlite3.OperationalError(message)

    with monkeypatch.context() as patched:
        patched.setattr("kiosk.store.inbox.move", full)
        with pytest.raises(sqlite3.OperationalError):
            house.desk.tick(at(12))
    assert (house.joins(), house.outcomes()) == ([], {})
    house.desk.tick(at(13))
    assert (len(house.joins()), house.outcomes()) == (1, {"joined": 1})


def test_a_tap_that_cannot_be_decided_stops_none_after_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.arrive("Astrid")
    house.shown(UIDS["Astrid"])
    house.shown(UIDS["Astrid"], REST, at(11))
    append, calls = house.books.journal.append, []

    def fails_once(entry: Entry, *also: object) -> None:
        calls.append(entry)
        if len(calls) == 1:
            message = UIDS["Astrid"]
            raise RuntimeError(message)
        append(entry, *also)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(house.books.journal, "append", fails_once)
    house.desk.tick(at(12))
    assert [one.zone for one in house.joins()] == [REST]
    assert house.outcomes() == {"failed": 1, "joined": 1}
