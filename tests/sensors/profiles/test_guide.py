"""The guide: it names every profile with the keys it heeds, and its examples can be used."""

import re
from pathlib import Path

import pytest

from kiosk.tools.site import read
from sensors.plan import plan
from sensors.profiles import PROFILES, Setting
from sensors.profiles.measures import LEVELS
from tests.sensors.house import site_text

PAGE = (Path(__file__).parents[3] / "docs" / "add-a-sensor.md").read_text()
ROWS = {name: cells.split("|") for name, cells in re.findall(r"^\| `([a-z0-9-]+)` \|(.*)\|$", PAGE, re.MULTILINE)}


def test_the_guide_lists_exactly_the_profiles_there_are() -> None:
    listed = PAGE.partition("## The profiles")[2].partition("## The keys")[0]
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", listed, re.MULTILINE)) == set(PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_the_guide_names_every_key_that_a_profile_heeds(name: str) -> None:
    assert set(re.findall(r"`([a-z_]+)`", ROWS[name][-1])) == PROFILES[name].options


def test_the_guide_explains_every_key_and_quantity() -> None:
    keys = PAGE.partition("## The keys")[2].partition("### `generic`")[0]
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", keys, re.MULTILINE))
    assert explained == set().union(*(one.options for one in PROFILES.values()))
    assert explained == {one for one in Setting.__dataclass_fields__ if one != "topic"}
    assert all(f"`{one}`" in keys for one in LEVELS)


def test_the_examples_of_the_guide_make_sensors() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    assert len(plan(read(site_text(sensors=0) + "\n".join(examples))).limits) == 2


def test_the_guide_begins_in_swedish() -> None:
    assert PAGE.startswith("# Lägg till en sensor")
    assert PAGE.index("På svenska") < PAGE.index("# Add a sensor")
