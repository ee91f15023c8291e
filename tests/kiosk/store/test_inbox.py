"""The inbox of zone taps in its two files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.domain.ids import BadgeKey, SensorId, ZoneId
from kiosk.domain.zones import ZoneTap
from kiosk.store import inbox
from kiosk.store.inbox import READ_MAX, TAPS_MAX, Place
from kiosk.store.journal import Entry, JournalReader, JournalWriter
from kiosk.store.zones import News, ZonesReader, ZonesWriter
from tests.support.house import at


def tap(number: int) -> ZoneTap:
    return ZoneTap(SensorId("tag"), ZoneId("lagerelden"), (BadgeKey(f"{number:064x}"),), at(number))


@contextmanager
def zones(folder: Path) -> Iterator[tuple[ZonesWriter, ZonesReader]]:
    writer, reader = ZonesWriter(folder / "zones.db"), ZonesReader(folder / "zones.db")
    try:
        yield writer, reader
    finally:
        writer.close()
        reader.close()


def test_taps_are_read_in_their_order_and_after_the_place_only(tmp_path: Path) -> None:
    with zones(tmp_path) as (writer, reader):
        assert reader.taps_after(Place()) == ()
        writer.record(News(taps=(tap(1), tap(2))), at(0))
        writer.record(News(taps=(tap(3),)), at(0))
        first, second, third = reader.taps_after(Place())
        assert [one.tap for one in (first, second, third)] == [tap(1), tap(2), tap(3)]
        assert reader.taps_after(first.place) == (second, third)
        assert reader.taps_after(third.place) == ()


def test_no_sequence_is_given_twice_though_all_before_it_is_removed(tmp_path: Path) -> None:
    with zones(tmp_path) as (writer, reader):
        writer.record(News(taps=(tap(1),)), at(0))
        (first,) = reader.taps_after(Place())
        writer.record(News(taken=first.place), at(1))
        assert not writer.has_taps()
        writer.record(News(taps=(tap(2),)), at(2))
        (second,) = reader.taps_after(first.place)
        assert second.tap == tap(2)


def test_a_new_file_is_a_new_inbox_of_which_nothing_was_taken(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    with zones(tmp_path / "old") as (writer, reader):
        writer.record(News(taps=tuple(tap(number) for number in range(5))), at(0))
        old = reader.taps_after(Place())[-1].place
    with zones(tmp_path) as (writer, reader):
        writer.record(News(taps=(tap(7),)), at(0))
        assert [one.tap for one in reader.taps_after(old)] == [tap(7)]
        writer.record(News(taken=old), at(1))
        assert writer.has_taps()


def test_no_more_wait_than_the_bound_and_the_oldest_go_first_and_are_counted(tmp_path: Path) -> None:
    with zones(tmp_path) as (writer, reader):
        writer.record(News(taps=tuple(tap(number) for number in range(TAPS_MAX))), at(0))
        writer.record(News(taps=(tap(TAPS_MAX), tap(TAPS_MAX + 1))), at(1))
        assert reader.taps_after(Place())[0].tap == tap(2)
        assert reader.counters() == {("service", "dropped-tap"): 2}


def test_only_a_few_are_handed_out_at_once(tmp_path: Path) -> None:
    with zones(tmp_path) as (writer, reader):
        writer.record(News(taps=tuple(tap(number) for number in range(READ_MAX + 1))), at(0))
        assert len(reader.taps_after(Place())) == READ_MAX


def test_the_place_is_kept_with_the_commit_it_belongs_to(tmp_path: Path) -> None:
    writer, reader = JournalWriter(tmp_path / "journal.db"), JournalReader(tmp_path / "journal.db")
    place = Place("a", 7)
    assert (writer.inbox_place(), reader.inbox_place(), reader.zone_taps()) == (Place(), Place(), {})
    writer.append(Entry(), lambda book: inbox.move(book, place, "joined"))
    assert (writer.inbox_place(), reader.inbox_place(), reader.zone_taps()) == (place, place, {"joined": 1})
    writer.close()
    reader.close()
