"""After a return to the older package its databases are a newer version's: what that has added is passed over."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.ids import SensorId
from kiosk.domain.zones import ZoneState
from kiosk.store.zones import News, Said, ZonesReader, ZonesWriter
from kiosk.tools.site import Site
from sync.centre.registry import Enrolment
from tests.support.centre import SOURCE, House, RunningCentre, member, running_centre
from tests.support.drill import is_sound, looked_for, make_house, tap
from tests.support.house import FIRE, at, occupancy

pytestmark = pytest.mark.parts


def as_a_newer_version_leaves_it(path: Path) -> int:
    """Add a table, a migration that we do not know, and a column to every table; return how many columns."""
    with closing(sqlite3.connect(path)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [one for one in tables if not one.startswith(("sqlite_", "_sqlite"))]
        for one in ours:
            database.execute(f"ALTER TABLE \"{one}\" ADD COLUMN newer TEXT NOT NULL DEFAULT 'x'")
        database.execute("CREATE TABLE newer (id INTEGER PRIMARY KEY)")
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'newer', '2030-01-01')",
            (path.stem,),
        )
        database.commit()
    return len(ours)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running_centre(tmp_path) as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> Site:
    house = make_house(tmp_path / "state", f'[centre]\nurl = "http://127.0.0.1:1"\nsource = "{SOURCE}"\n')
    tap(house, "Astrid", began=1000.0)
    zones = ZonesWriter(house.state_dir / "zones.db")
    zones.record(News(said=(Said(occupancy(FIRE, ZoneState.OCCUPIED, at(0)), 1),)), at(0))
    zones.close()
    assert sum(as_a_newer_version_leaves_it(house.state_dir / one) for one in ("journal.db", "roster.db")) > 20
    assert as_a_newer_version_leaves_it(house.state_dir / "zones.db") > 3
    return house


def test_taps_go_on_and_everybody_is_still_on_the_evacuation_list(site: Site) -> None:
    tap(site, "Bo", began=2000.0)
    assert looked_for(site) == {"Astrid", "Bo"}
    assert is_sound(site.state_dir / "journal.db")


def test_the_thread_to_the_centre_goes_on_both_ways(site: Site, centre: RunningCentre, tmp_path: Path) -> None:
    centre.registry.enrol(Enrolment(members=tuple(member(number) for number in range(1, 9))))
    tap(site, "Bo", began=2000.0)
    house = House(site.state_dir, centre.url, centre.token)
    house.clock.advance(100_000)
    house.work_until_idle()
    house.close()
    with closing(sqlite3.connect(f"file:{tmp_path / 'centre.db'}?mode=ro", uri=True)) as kept:
        assert kept.execute("SELECT COUNT(*) FROM events").fetchone() == (2,)
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as roster:
        assert roster.execute("SELECT COUNT(*) FROM members WHERE id LIKE 'm0%'").fetchone() == (8,)


def test_zones_go_on(site: Site) -> None:
    zones, now = ZonesWriter(site.state_dir / "zones.db"), at(60)
    said = Said(occupancy(FIRE, ZoneState.VACANT, now), 2)
    zones.record(News(said=(said,), evidence={SensorId("pir-1"): "{}"}, counted={("pir-1", "heard"): 1}), now)
    zones.close()
    reader = ZonesReader(site.state_dir / "zones.db")
    assert reader.occupancies()[FIRE].state is ZoneState.VACANT
    reader.close()
