"""zones.db: what was said comes back, to the writer after a restart and to readers at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.ids import BootId, SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, People, Words, ZoneState
from kiosk.store import zones as store
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.zones import FIRM_S, News, Said, ZonesReader, ZonesWriter

ZONE = ZoneId("lagerelden")
SENSOR = SensorId("pir-1")


def at(seconds: float) -> Instant:
    """Return an instant."""
    return Instant(datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=seconds), BootId("boot"), seconds)


def said(state: ZoneState, seconds: float, seq: int) -> Said:
    """Return something said of the zone."""
    people = People(1, 1.0, None) if state is ZoneState.OCCUPIED else People(0, 0.0, 0)
    return Said(Occupancy(ZONE, state, at(seconds), at(seconds), people, 0.9, Words("rörelse", "motion"), 2, 1), seq)


def test_a_reader_has_nothing_to_say_before_there_is_a_file(tmp_path: Path) -> None:
    reader = ZonesReader(tmp_path / "zones.db")
    assert reader.occupancies() == {}
    assert reader.counters() == {}
    assert reader.history() == ()
    reader.close()


def test_a_reader_waits_for_the_tables_of_a_file_just_made(tmp_path: Path) -> None:
    path = tmp_path / "zones.db"
    path.touch()
    reader = ZonesReader(path)
    assert reader.occupancies() == {}
    writer = ZonesWriter(path)
    writer.record(News(said=(said(ZoneState.OCCUPIED, 1, 1),)), at(1))
    assert reader.occupancies()[ZONE] == said(ZoneState.OCCUPIED, 1, 1).occupancy
    reader.close()
    writer.close()


def test_what_was_said_is_read_at_once_and_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "zones.db"
    reader, writer = ZonesReader(path), ZonesWriter(path)
    for seconds, state in enumerate((ZoneState.OCCUPIED, ZoneState.VACANT), 1):
        one = said(state, seconds, seconds)
        writer.record(News(said=(one,), evidence={SENSOR: f"memory {seconds}"}), at(seconds))
        assert reader.occupancies() == {ZONE: one.occupancy}
    writer.close()
    again = ZonesWriter(path)
    assert again.said() == {ZONE: said(ZoneState.VACANT, 2, 2)}
    assert again.evidence() == {SENSOR: "memory 2"}
    again.close()
    reader.close()


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "zones.db"
    writer, reader = ZonesWriter(path), ZonesReader(path)
    writer.record(News(said=(said(ZoneState.OCCUPIED, 1, 1),)), at(1))
    before = reader.occupancies()
    monkeypatch.setattr(store, "_said", lambda _connection: pytest.fail("read again"))
    assert reader.occupancies() == before
    reader.close()
    writer.close()


def test_history_holds_changes_of_state_only_and_one_day_of_them(tmp_path: Path) -> None:
    path = tmp_path / "zones.db"
    writer, reader = ZonesWriter(path), ZonesReader(path)
    for seconds, state in ((0, ZoneState.OCCUPIED), (60, ZoneState.OCCUPIED), (120, ZoneState.VACANT)):
        writer.record(News(said=(said(state, seconds, seconds),)), at(seconds))
    assert [one.state for one in reader.history()] == [ZoneState.VACANT, ZoneState.OCCUPIED]
    late_s = 60 + store.HISTORY_S
    writer.record(News(said=(said(ZoneState.OCCUPIED, late_s, 9),)), at(late_s))
    assert [one.at for one in reader.history()] == [at(late_s).wall.isoformat(), at(120).wall.isoformat()]
    reader.close()
    writer.close()


def test_history_never_grows_past_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HISTORY_ROWS_MAX", 3)
    writer, reader = ZonesWriter(tmp_path / "zones.db"), ZonesReader(tmp_path / "zones.db")
    for number in range(10):
        state = ZoneState.OCCUPIED if number % 2 else ZoneState.VACANT
        writer.record(News(said=(said(state, number, number),)), at(number))
    assert len(reader.history()) == 3
    reader.close()
    writer.close()


def test_counts_add_up(tmp_path: Path) -> None:
    writer, reader = ZonesWriter(tmp_path / "zones.db"), ZonesReader(tmp_path / "zones.db")
    for _ in range(2):
        writer.record(News(counted={("pir-1", "not-json"): 2}), at(1))
    assert reader.counters() == {("pir-1", "not-json"): 4}
    reader.close()
    writer.close()


def test_what_the_site_no_longer_has_is_forgotten(tmp_path: Path) -> None:
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.record(News(said=(said(ZoneState.OCCUPIED, 1, 1),), evidence={SENSOR: "memory"}), at(1))
    writer.forget([SENSOR], [ZONE])
    assert (writer.said(), writer.evidence()) == ({}, {})
    writer.close()


def test_a_failed_record_changes_nothing(tmp_path: Path) -> None:
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.record(News(said=(said(ZoneState.OCCUPIED, 1, 1),)), at(1))
    broken = replace(said(ZoneState.VACANT, 2, 2), seq=None)  # type: ignore[arg-type] # broken on purpose
    with pytest.raises(Exception, match="NOT NULL"):
        writer.record(News(said=(broken,)), at(2))
    assert writer.said()[ZONE].seq == 1
    writer.close()


def test_there_is_only_one_writer(tmp_path: Path) -> None:
    writer = ZonesWriter(tmp_path / "zones.db")
    with pytest.raises(AlreadyOpenError):
        ZonesWriter(tmp_path / "zones.db")
    writer.close()


def test_an_occupancy_of_another_version_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    writer, reader = ZonesWriter(tmp_path / "zones.db"), ZonesReader(tmp_path / "zones.db")
    writer._writer.db.conn.execute("INSERT INTO zones VALUES ('lagerelden', 1, '{}')")  # noqa: SLF001 - a foreign row
    writer._writer.db.conn.commit()  # noqa: SLF001 - as above
    with pytest.raises(StoreError, match="restart"):
        reader.occupancies()
    reader.close()
    writer.close()


def test_a_days_history_goes_although_nothing_changes_any_more(tmp_path: Path) -> None:
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.record(News(said=(said(ZoneState.OCCUPIED, 0, 1),)), at(0))
    still = News(said=(said(ZoneState.OCCUPIED, 0, 2),))
    writer.record(still, at(store.HISTORY_S - 1))
    reader = ZonesReader(tmp_path / "zones.db")
    assert len(reader.history()) == 1
    writer.record(still, at(store.HISTORY_S + 1000))
    assert reader.history() == ()
    reader.close()
    writer.close()


def test_a_change_of_state_is_synced_and_small_news_waits_for_it_no_longer_than_its_bound(tmp_path: Path) -> None:
    writer = ZonesWriter(tmp_path / "zones.db")

    def synced(at_s: float, *states: ZoneState) -> bool:
        news = tuple(said(state, at_s, 1) for state in states)
        writer.record(News(said=news, evidence={SensorId("pir-1"): "{}"}), at(at_s))
        (level,) = writer._writer.db.conn.execute("PRAGMA synchronous").fetchone()  # noqa: SLF001 - no other sign of it
        return int(level) == 2

    assert synced(0, ZoneState.OCCUPIED)
    assert not synced(1, ZoneState.OCCUPIED)
    assert not synced(FIRM_S - 1)
    assert synced(FIRM_S)
    assert not synced(FIRM_S + 1, ZoneState.OCCUPIED)
    assert synced(FIRM_S + 2, ZoneState.VACANT)
    writer.close()
