"""Every topic: those we publish on, and which sensors each topic of the house's sensors speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.domain.ids import SensorId, SiteId, ZoneId
from kiosk.tools.site import SensorTable
from sensors.profiles import PROFILES, Part, Profile

ROOT = "samverk"


def status(site: SiteId) -> str:
    """Return where the service says that it is there: `online` or `offline`, retained."""
    return f"{ROOT}/{site}/status"


def zone(site: SiteId, of: ZoneId) -> str:
    """Return where a zone's state is published."""
    return f"{ROOT}/{site}/zone/{of}"


def presence(site: SiteId) -> str:
    """Return where the counts of the house are published."""
    return f"{ROOT}/{site}/presence"


@dataclass(frozen=True, slots=True)
class Route:
    """What one topic is about: a part of these sensors, understood by this profile."""

    profile: Profile
    part: Part
    sensors: tuple[SensorId, ...]


def routes(sensors: Iterable[SensorTable]) -> dict[str, Route]:
    """Return the topics to subscribe to, each with its route. A gateway's topic speaks of all its sensors."""
    found: dict[str, Route] = {}
    for one in sensors:
        profile = PROFILES[one.profile]
        for topic, part in profile.topics(one.topic).items():
            known = found.get(topic)
            behind = (*known.sensors, SensorId(one.id)) if known else (SensorId(one.id),)
            found[topic] = Route(profile, part, behind)
    return found
