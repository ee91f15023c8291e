"""`samverk doctor` names what needs somebody, in words, and is silent about nothing."""

import json
from pathlib import Path

import pytest

from deploy.command import main
from deploy.doctor.sensors import check
from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.store.zones import News, ZonesWriter
from kiosk.tools.site import Site, read
from sensors.keeping import as_text
from sensors.plan import plan
from sensors.readings import Message
from sensors.watch import Watch
from tests.support.books import SITE
from tests.support.house import at

SENSORS = "".join(
    f'[[sensor]]\nid = "pir-{one}"\nzone = "lagerelden"\nprofile = "zigbee2mqtt"\nkind = "pir"\ntopic = "z/pir-{one}"\n'
    for one in (1, 2)
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path) + SENSORS)
    return read((tmp_path / "site.toml").read_text())


def hear(site: Site, *topics: str, now: Instant) -> None:
    """Keep what the sensors' service keeps after these have said that they see nobody."""
    sensors = plan(site)
    watch = Watch(sensors, now)
    for topic in topics:
        watch.hear(Message(topic, b'{"occupancy": false}'), now)
    writer = ZonesWriter(site.state_dir / "zones.db")
    writer.record(News(evidence=as_text(watch, [SensorId("pir-1"), SensorId("pir-2")])), now)
    writer.close()


def test_all_is_well_while_every_sensor_is_heard(site: Site) -> None:
    hear(site, "z/pir-1", "z/pir-2", now=at(0))
    (one,) = check(site, at(60))
    assert (one.is_well, one.says.sv) == (True, "alla sensorer hörs")


def test_a_silent_sensor_is_named_with_its_zone_and_what_to_do(site: Site) -> None:
    hear(site, "z/pir-1", now=at(0))
    (one,) = check(site, at(60))
    assert (one.is_well, one.about) == (False, "lagerelden/pir-2")
    assert "topic" in one.says.en
    assert [found.about for found in check(site, at(86_400))] == ["lagerelden/pir-1", "lagerelden/pir-2"]


def test_a_house_without_sensors_is_told_so(tmp_path: Path) -> None:
    (one,) = check(read(SITE.format(state_dir=tmp_path)), at(0))
    assert (one.is_well, one.says.en) == (True, "no sensors are set up")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_command_tells_it_in_words_and_by_its_status(
    site: Site, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(site.state_dir / "site.toml")
    assert main(["doctor", "--only", "sensors", "--site", file, "--language", language]) == 1
    told = capsys.readouterr().out
    assert told.startswith("! lagerelden/pir-1: ")
    assert ("aldrig hörts" in told) == (language == "sv")
    assert main(["doctor", "--only", "sensors", "--site", file, "--json"]) == 1
    assert [one["is_well"] for one in json.loads(capsys.readouterr().out)] == [False, False]


def test_a_damaged_file_is_a_finding_and_not_a_fault(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    (site.state_dir / "zones.db").write_bytes(b"no database " * 500)
    assert main(["doctor", "--only", "sensors", "--site", str(site.state_dir / "site.toml")]) == 1
    assert "kan inte läsas" in capsys.readouterr().out
