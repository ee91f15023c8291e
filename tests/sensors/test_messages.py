"""What we publish: the zone's message and the house's counts."""

import json
from datetime import UTC, datetime

import pytest

from kiosk.domain.house import House
from kiosk.domain.ids import AgencyId, EventId, MemberId, VisitId, ZoneId
from kiosk.domain.presence import Presence, State
from kiosk.domain.zones import Zone
from kiosk.store.zones import Said
from sensors.messages import Numbers, count_class, numbers, presence_message, zone_message
from tests.sensors.house import ZONE, Room, instant, site

MOMENT = datetime(2026, 11, 23, 8, 14, 7, 120000, UTC)


def presence(number: int, state: State, zone: ZoneId | None) -> Presence:
    """Return somebody's presence."""
    return Presence(
        member=MemberId(f"m{number}"),
        visit=VisitId(f"v{number}"),
        agency=AgencyId("a"),
        state=state,
        arrived_at=instant(0),
        arrived_event=EventId(f"e{number}"),
        zone=zone,
    )


def test_a_zone_message_says_all_and_names_nobody() -> None:
    room = Room().pir(0, is_on=False, number=2).pir(5, is_on=True)
    message = json.loads(zone_message(Said(room.occupancy, 7), MOMENT, participants=4))
    assert message == {
        "t": "2026-11-23T08:14:07.120Z",
        "zone": "lagerelden",
        "state": "occupied",
        "since": "2026-11-23T08:00:05.000Z",
        "people": {"low": 1, "estimate": 1.0, "high": None},
        "confidence": 0.98,
        "participants": 4,
        "reason": "rörelse just nu i en sensor",
        "reason_en": "motion right now in one sensor",
        "sensors": {"fresh": 2, "silent": 0},
        "seq": 7,
    }


def test_a_traced_zone_message_has_its_time_in_seconds_and_no_participants() -> None:
    message = json.loads(zone_message(Said(Room().occupancy, 1), 12.5))
    assert message["t"] == 12.5
    assert "participants" not in message


@pytest.mark.parametrize(("count", "said"), [(0, 0), (1, "1-2"), (2, "1-2"), (3, 3), (40, 40)])
def test_a_count_under_three_is_published_as_a_class(count: int, said: object) -> None:
    assert count_class(count) == said


def test_the_passive_are_in_the_house_and_counted_nowhere_else() -> None:
    people = [
        presence(1, State.PRESENT, ZONE),
        presence(2, State.ARRIVED, ZONE),
        presence(3, State.PASSIVE, ZONE),
        presence(4, State.ARRIVED, None),
        presence(5, State.OUT, None),
    ]
    assert numbers(House({one.member: one for one in people})) == Numbers(4, 1, {ZONE: 2})


def test_the_presence_message_has_every_zone() -> None:
    zones: dict[ZoneId, Zone] = site().zones
    message = json.loads(presence_message(Numbers(4, 1, {}), zones, MOMENT))
    assert message == {
        "t": "2026-11-23T08:14:07.120Z",
        "in_house": 4,
        "present": "1-2",
        "participants": {"lagerelden": 0},
    }
