"""What is kept of the sensors: all of it comes back, what cannot be read is forgotten, and others may look at it."""

from pathlib import Path

import pytest

from kiosk.domain.ids import SensorId
from kiosk.store.zones import News, ZonesReader, ZonesWriter
from sensors.health import Health
from sensors.keeping import as_text, kept_health, memories, watch_from
from sensors.readings import Crossed, CrossedBy, Fault, FaultKind, Level, People, Quantity, What
from tests.sensors.cell import Cell
from tests.sensors.house import ZONE, instant


def lived() -> Cell:
    """Return a zone in which every kind of sensor has said all that it can."""
    cell = Cell("pir", "area", "line", "line", "slow", "radar")
    cell.empty(0, "pir").say(10, "pir", What.MOTION, stamp=instant(9).wall).say(40, "pir", What.CLEAR)
    cell.say(41, "area", People(3)).say(42, "line", Crossed(9, 4, 2**16, 3)).say(43, "line", Crossed(11, 4, 2**16, 4))
    cell.say(44, "line-2", CrossedBy(2, 1, "a")).say(45, "slow", Level(Quantity.CO2_PPM, 900.0))
    cell.say(46, "radar", What.MOTION, repeats=True).say(47, "radar", Fault(FaultKind.LOW_BATTERY))
    return cell.say(48, "radar", Fault(FaultKind.RESET, count=2))


def test_everything_remembered_comes_back() -> None:
    cell = lived()
    kept = memories(as_text(cell.watch, cell.plan.limits))
    assert kept == {sensor: cell.watch.memory(sensor) for sensor in cell.plan.limits}


def test_what_cannot_be_read_is_forgotten_and_named(caplog: pytest.LogCaptureFixture) -> None:
    assert memories({SensorId("pir"): "{broken", SensorId("area"): '{"on": true}'}).keys() == {"area"}
    assert "pir" in caplog.text


def test_the_service_goes_on_from_what_was_kept_without_what_the_site_no_longer_has(tmp_path: Path) -> None:
    cell = lived()
    writer = ZonesWriter(tmp_path / "zones.db")
    texts = as_text(cell.watch, cell.plan.limits)
    writer.record(News(evidence={**texts, SensorId("gone"): "{}"}), instant(50))
    again = watch_from(cell.plan, writer, instant(60))
    assert {one: again.memory(one) for one in cell.plan.limits} == memories(texts)
    assert "gone" not in writer.evidence()
    writer.close()


def test_others_can_tell_how_each_sensor_is_from_what_was_kept(tmp_path: Path) -> None:
    cell = lived()
    writer, reader = ZonesWriter(tmp_path / "zones.db"), ZonesReader(tmp_path / "zones.db")
    texts = as_text(cell.watch, [one for one in cell.plan.limits if one != "slow"])
    writer.record(News(evidence=texts, counted={("pir", "not-json"): 2, ("pir", "too-large"): 1}), instant(50))
    found = {one.sensor: one for one in kept_health(cell.plan, reader.evidence(), reader.counters(), instant(60))[ZONE]}
    assert found[SensorId("pir")].health is Health.FRESH
    assert found[SensorId("pir")].errors == 3
    assert found[SensorId("slow")].health is Health.UNHEARD
    assert found[SensorId("radar")].says[0].en == "the battery is nearly empty: change it"
    late = kept_health(cell.plan, reader.evidence(), {}, instant(50_000))[ZONE]
    assert {one.health for one in late} == {Health.STALE, Health.UNHEARD}
    writer.close()
    reader.close()
