"""What we publish: the zone's message and the house's counts."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.house import House
from kiosk.domain.ids import AgencyId, EventId, MemberId, SensorId, VisitId, ZoneId
from kiosk.domain.presence import Presence, State
from kiosk.domain.zones import Occupancy, People, Words, Zone, ZoneState
from kiosk.store.zones import Said
from sensors.health import Checked, Health
from sensors.memory import ClockFault
from sensors.messages import (
    Beside,
    Numbers,
    ailments,
    count_class,
    numbers,
    presence_message,
    utc,
    zone_message,
)
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


def occupancy(people: People, *, drift: int | None = None) -> Occupancy:
    """Return an occupied zone with so many people."""
    return Occupancy(
        zone=ZONE,
        state=ZoneState.OCCUPIED,
        since=instant(5),
        heard=instant(7),
        people=people,
        confidence=0.98,
        reason=Words("rörelse just nu i en sensor", "motion right now in one sensor"),
        fresh=2,
        silent=1,
        drift=drift,
    )


def test_a_zone_message_says_all_and_names_nobody() -> None:
    beside = Beside(participants=4, heard=MOMENT, number=41, ailing={"stale": 1})
    message = json.loads(zone_message(Said(occupancy(People(1, 1.2, 3), drift=-2), 7), MOMENT, beside))
    assert message == {
        "t": "2026-11-23T08:14:07.120Z",
        "zone": "lagerelden",
        "state": "occupied",
        "since": "2026-11-23T08:00:05.000Z",
        "people": {"low": 1, "estimate": 1.2, "high": 3},
        "confidence": 0.98,
        "participants": 4,
        "difference": {"low": -3, "high": -1},
        "evidence": {"heard": "2026-11-23T08:14:07.120Z", "seq": 41},
        "reason": "rörelse just nu i en sensor",
        "reason_en": "motion right now in one sensor",
        "sensors": {"fresh": 2, "silent": 1, "ailing": {"stale": 1}},
        "drift": -2,
        "seq": 7,
    }


def said(message: bytes, key: str) -> object:
    """Return what a message says under that key."""
    return json.loads(message)[key]


def test_the_difference_gives_away_no_more_than_the_published_count() -> None:
    zone = Said(occupancy(People(2, 2.5, 4)), 1)
    for participants in (1, 2):
        message = zone_message(zone, MOMENT, Beside(participants=participants))
        assert said(message, "participants") == "1-2"
        assert said(message, "difference") == {"low": 0, "high": 3}
        exact = zone_message(zone, MOMENT, Beside(participants=participants), exact=True)
        assert said(exact, "participants") == participants
        assert said(exact, "difference") == {"low": 2 - participants, "high": 4 - participants}
    boundless = zone_message(Said(occupancy(People(2, 2.5, None)), 1), MOMENT, Beside(participants=3))
    assert said(boundless, "difference") == {"low": -1, "high": None}


def test_a_time_of_any_zone_is_published_as_utc() -> None:
    stockholm = MOMENT.astimezone(ZoneInfo("Europe/Stockholm"))
    assert utc(stockholm) == utc(MOMENT) == "2026-11-23T08:14:07.120Z"


def test_every_ailment_is_counted_by_its_name_and_the_well_by_none() -> None:
    found = [
        Checked(SensorId("a"), Health.FRESH, None, 0, ()),
        Checked(SensorId("b"), Health.STUCK_ON, ClockFault.UNSET, 0, ()),
        Checked(SensorId("c"), Health.STUCK_ON, None, 3, ()),
    ]
    assert ailments(found) == {"clock": 1, "stuck-on": 2}


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
