"""The sensors' service tells when it has no broker, and when it has one again."""

from datetime import datetime
from pathlib import Path

from kiosk.store.zones import ZonesReader, ZonesWriter
from sensors.contact import LOST_S, Contact
from tests.support.house import at


def test_a_broker_that_goes_away_is_told_after_a_while_and_once_and_so_is_its_return() -> None:
    told: list[datetime | None] = []
    contact = Contact(at(0), told.append)
    contact.look(at(0.5), is_up=True)
    contact.look(at(10), is_up=False)
    contact.look(at(10 + LOST_S - 0.1), is_up=False)
    assert told == [None]
    contact.look(at(10 + LOST_S), is_up=False)
    contact.look(at(60), is_up=False)
    assert told == [None, at(10).wall]
    contact.look(at(61), is_up=True)
    assert told == [None, at(10).wall, None]


def test_a_broker_that_never_came_is_told_too() -> None:
    told: list[datetime | None] = []
    contact = Contact(at(0), told.append)
    contact.look(at(LOST_S), is_up=False)
    assert told == [at(0).wall]


def test_what_was_told_is_read_by_others(tmp_path: Path) -> None:
    reader = ZonesReader(tmp_path / "zones.db")
    assert reader.broker_lost() is None
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.note_broker(at(10).wall)
    assert reader.broker_lost() == at(10).wall
    writer.note_broker(None)
    assert reader.broker_lost() is None
    reader.close()
    writer.close()
