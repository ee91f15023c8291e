"""The description of what is published: it keeps AsyncAPI's rules, and the service keeps to it."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest

from kiosk.domain.ids import SiteId, ZoneId
from kiosk.domain.presence import State
from kiosk.tools.site import read
from sensors import topics
from sensors.broker import Note
from sensors.discovery import Discovery
from sensors.health import Health
from tests.sensors.house import TOPICS, ZONE, site_text
from tests.sensors.test_service import HOUSE, Running, Scripted, motion, people
from tests.support.asyncapi import ROOT, Description, Manner, broken_rules

SITE = SiteId("stockholm")


@pytest.fixture(scope="module")
def description() -> Description:
    """Give the description in the docs."""
    return Description()


def test_the_document_keeps_the_rules_of_asyncapi_3_and_every_reference_in_it_leads_somewhere(
    description: Description,
) -> None:
    assert broken_rules(description.document) == []
    assert description.references() == []


@pytest.mark.parametrize("part", ["asyncapi", "info"])
def test_a_document_without_a_part_that_it_must_have_breaks_the_rules(description: Description, part: str) -> None:
    document = deepcopy(description.document)
    del document[part]
    assert broken_rules(document) != []


def test_a_reference_to_nothing_is_found(description: Description) -> None:
    document = deepcopy(description.document)
    del document["components"]["schemas"]["count"]
    assert set(Description(document).references()) == {"#/components/schemas/count"}


def test_every_topic_that_we_publish_on_is_a_channel_and_no_channel_is_too_many(description: Description) -> None:
    found = Discovery(
        site=SITE,
        zones=HOUSE.zones,
        prefix="homeassistant",
        language=HOUSE.tables.site.languages[0],
        is_on=True,
        exact=False,
    )
    ours = [topics.status(SITE), topics.zone(SITE, ZONE), topics.presence(SITE), *found.messages(), found.birth]
    assert [description.channel(one) for one in ours] == list(description.document["channels"])
    assert description.channel("samverk/stockholm/elsewhere") is None


def published(folder: Path, description: Description) -> list[Note]:
    """Return all that a service says in a day of one zone: occupied, vacant, unknown, ailing, with people."""
    world = Scripted()
    running = Running(folder, world)
    running.service.step(0)
    running.hear(motion(is_on=True), motion(is_on=True, number=2))
    world.people = people(State.PRESENT, State.ARRIVED, State.PASSIVE)
    running.until(60, step_s=2).hear(motion(is_on=False), motion(is_on=False, number=2))
    for minute in range(5, 65, 5):
        running.until(minute * 60, step_s=20).hear(motion(is_on=False), motion(is_on=False, number=2))
    running.until(3 * 3600, step_s=40)
    running.close()
    assert description.channel(TOPICS[0]) is None
    return world.everything


def test_whatever_the_service_says_is_as_described_and_published_as_described(
    tmp_path: Path, description: Description
) -> None:
    said = published(tmp_path, description)
    assert {one.topic: description.problems(one.topic, one.payload) for one in said} == {one.topic: [] for one in said}
    manners = {(description.channel(one.topic), Manner(one.qos, one.retain, one.expires_s)) for one in said}
    assert manners == {(name, description.manner(name)) for name in ("status", "zone", "presence", "device")}
    zones = [json.loads(one.payload) for one in said if description.channel(one.topic) == "zone"]
    assert {one["state"] for one in zones} == {"unknown", "occupied", "vacant"}
    assert any("ailing" in one["sensors"] for one in zones)
    assert {one["participants"] for one in zones} == {0, "1-2"}


def test_a_message_with_a_name_or_a_wrong_state_is_not_as_described(tmp_path: Path, description: Description) -> None:
    said = next(one for one in published(tmp_path, description) if description.channel(one.topic) == "zone")
    zone = json.loads(said.payload)
    for changed in ({"name": "Anna"}, {"state": "empty"}, {"since": "2026-11-23T08:00:00+01:00"}, {"participants": -1}):
        assert description.problems(said.topic, json.dumps({**zone, **changed}).encode()) != []
    missing = {key: value for key, value in zone.items() if key != "people"}
    assert description.problems(said.topic, json.dumps(missing).encode()) != []


def test_every_ailment_is_described(description: Description) -> None:
    sensors = description.document["components"]["schemas"]["zone"]["properties"]["sensors"]["properties"]
    assert set(sensors["ailing"]["propertyNames"]["enum"]) == {*Health, "clock"} - {Health.FRESH}


def test_counts_that_are_exact_are_as_described_too(tmp_path: Path, description: Description) -> None:
    exact = read(site_text().replace("[[zone]]", "exact_counts = true\n[[zone]]", 1))
    running = Running(tmp_path, Scripted(people=people(State.PRESENT)), exact)
    running.service.step(0)
    said = {one.topic: one.payload for one in running.world.everything}
    assert [description.problems(topic, payload) for topic, payload in said.items()] == [[]] * len(said)
    assert json.loads(said[topics.zone(SITE, ZoneId(ZONE))])["participants"] == 1
    running.close()


def test_the_example_in_the_docs_is_as_described(description: Description) -> None:
    page = (ROOT / "docs" / "mqtt.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    zone = json.loads(example)
    assert description.problems(topics.zone(SITE, ZONE), example.encode()) == []
    assert set(zone) >= set(description.document["components"]["schemas"]["zone"]["required"])
