"""What Home Assistant is told, and which of the kept messages are taken back."""

import json
from dataclasses import replace
from typing import Any

import jinja2
import pytest

from kiosk.domain.ids import SiteId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.zones import Words, Zone
from sensors.discovery import Discovery

FIRE = Zone(ZoneId("fire"), Words("Lägerelden", "The campfire"), Words("", ""))
HOUSE = Discovery(
    site=SiteId("sthlm"),
    zones={FIRE.id: FIRE},
    prefix="homeassistant",
    language=Language.SV,
    is_on=True,
    exact=False,
)
TOPIC = "homeassistant/device/samverk_sthlm_fire/config"


def device(house: Discovery = HOUSE) -> dict[str, Any]:
    """Return what the one zone's message says."""
    (message,) = house.messages().values()
    return dict(json.loads(message))


def rendered(component: str, **zone: object) -> str:
    """Return what Home Assistant makes of a zone's message by that component's template."""
    template = str(device()["components"][component]["value_template"])
    return jinja2.Environment(autoescape=True).from_string(template).render(value_json=zone)


@pytest.mark.parametrize(
    ("state", "said"), [("occupied", "ON"), ("vacant", "OFF"), ("unknown", "None"), ("new", "None")]
)
def test_a_state_that_is_not_known_is_none_and_never_off(state: str, said: str) -> None:
    assert rendered("occupancy", state=state) == said


def test_people_are_none_while_the_zone_is_unknown() -> None:
    people = {"low": 0, "estimate": 2.5, "high": None}
    assert rendered("people", state="unknown", people=people) == "None"
    assert rendered("people", state="occupied", people=people) == "2.5"
    assert rendered("participants", participants="1-2") == "1-2"


def test_one_message_a_zone_says_whose_it_is_and_when_it_can_be_believed() -> None:
    assert list(HOUSE.messages()) == [TOPIC]
    said = device()
    assert said["origin"] == {"name": "samverk"}
    assert said["device"]["name"] == "Lägerelden"
    assert said["state_topic"] == "samverk/sthlm/zone/fire"
    availability = {
        "topic": "samverk/sthlm/status",
        "payload_available": "online",
        "payload_not_available": "offline",
    }
    assert said["availability"] == [availability]
    ids = [one["unique_id"] for one in said["components"].values()]
    assert len(set(ids)) == len(ids) == 3
    assert "expire_after" not in json.dumps(said)


def test_the_names_are_in_the_houses_first_language() -> None:
    english = device(replace(HOUSE, language=Language.EN))
    assert english["device"]["name"] == "The campfire"
    assert english["components"]["people"]["name"] == "People as sensed"
    assert device()["components"]["people"]["name"] == "Personer enligt sensorerna"


def test_only_exact_counts_are_a_measurement() -> None:
    assert "state_class" not in device()["components"]["participants"]
    assert device(replace(HOUSE, exact=True))["components"]["participants"]["state_class"] == "measurement"


def test_off_says_nothing_and_takes_back_what_was_said() -> None:
    off = replace(HOUSE, is_on=False)
    assert off.messages() == {}
    assert off.is_stray(TOPIC, HOUSE.messages()[TOPIC])
    assert not HOUSE.is_stray(TOPIC, HOUSE.messages()[TOPIC])


def test_what_is_kept_of_a_zone_that_is_gone_is_taken_back() -> None:
    gone = replace(HOUSE, zones={})
    assert gone.is_stray(TOPIC, HOUSE.messages()[TOPIC])
    assert gone.is_stray("samverk/sthlm/zone/fire", b"{}")
    assert not HOUSE.is_stray("samverk/sthlm/zone/fire", b"{}")
    assert not gone.is_stray("samverk/sthlm/zone/fire", b"")


def test_the_devices_of_others_are_left_alone() -> None:
    other = replace(HOUSE, site=SiteId("sthlm-2"), zones={})
    assert not other.is_stray(TOPIC, HOUSE.messages()[TOPIC])
    for payload in (b'{"state_topic": "zigbee2mqtt/lamp"}', b"{}", b"{", b"[1]", b"\xff"):
        assert not other.is_stray("homeassistant/device/samverk_sthlm-2_gone/config", payload)
