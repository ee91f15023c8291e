"""From a site file to its sensors, and the topics that speak of them."""

import pytest

from kiosk.domain.ids import SensorId, SiteId
from kiosk.tools.site import SiteFileError, read
from sensors import topics
from sensors.kinds import KINDS
from sensors.plan import plan
from tests.sensors.house import GATEWAY, TOPICS, ZONE, site, site_text


def test_our_own_topics_are_named_by_site_and_zone() -> None:
    name = SiteId("stockholm")
    assert topics.status(name) == "samverk/stockholm/status"
    assert topics.zone(name, ZONE) == "samverk/stockholm/zone/lagerelden"
    assert topics.presence(name) == "samverk/stockholm/presence"


def test_a_sensor_has_the_limits_of_its_kind_unless_the_site_sets_its_own() -> None:
    assert plan(site()).limits[SensorId("pir-1")].hold_s == KINDS["pir"].hold_s
    own = plan(site(limits="hold_s = 10\nsilent_s = 65")).limits[SensorId("pir-1")]
    assert (own.hold_s, own.silent_s) == (10, 65)


def test_each_topic_leads_to_its_sensors_and_the_gateway_to_all() -> None:
    routes = {topic: [one.sensors for one in known] for topic, known in plan(site()).routes.items()}
    assert routes[TOPICS[0]] == [(SensorId("pir-1"),)]
    assert routes[f"{TOPICS[1]}/availability"] == [(SensorId("pir-2"),)]
    assert routes[GATEWAY] == [(SensorId("pir-1"), SensorId("pir-2"))]
    assert len(routes) == 5


def test_a_kind_or_profile_there_is_not_is_an_error_that_names_the_nearest() -> None:
    text = site_text().replace('profile = "zigbee2mqtt"', 'profile = "zigbee2mqt"').replace('"pir"', '"qqq"')
    with pytest.raises(SiteFileError) as caught:
        plan(read(text))
    assert len(caught.value.problems) == 4
    assert 'did you mean "zigbee2mqtt"?' in str(caught.value)
    assert "known here: pir, radar" in str(caught.value)


def test_a_tag_reader_tells_nothing_of_a_zones_people() -> None:
    made = plan(read(site_text().replace('kind = "pir"', 'kind = "tag"', 1)))
    assert made.zones[ZONE] == (SensorId("pir-2"),)
    assert made.limits[SensorId("pir-1")].zone == ZONE
