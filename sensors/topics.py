"""Every topic: those we publish on, and which sensors each topic of the house's sensors speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from kiosk.domain.ids import SensorId, SiteId, ZoneId
from kiosk.tools.site import PathsTable, SensorTable
from sensors.profiles import PROFILES, Conceal, Hearing, Part, Paths, Read, Reports, Setting

ROOT = "samverk"

ONLINE, OFFLINE = b"online", b"offline"
"""What the service says of itself, and what Home Assistant does."""


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
    """What one topic is about: a part of these sensors, whose payloads are read in one and the same way.

    A topic that has a route with `conceal` may only be traced as that makes its payloads.
    """

    part: Part
    read: Read
    sensors: tuple[SensorId, ...]
    conceal: Conceal | None = None


def routes(sensors: Iterable[SensorTable]) -> dict[str, tuple[Route, ...]]:
    """Return the topics to subscribe to, each with its routes.

    A gateway's topic has one route to all its sensors. One device that serves several zones has a route to each.
    """
    found: dict[str, dict[Hearing, tuple[SensorId, ...]]] = {}
    for one in sensors:
        for hearing in PROFILES[one.profile].hearings(setting(one)):
            known = found.setdefault(hearing.topic, {})
            known[hearing] = (*known.get(hearing, ()), SensorId(one.id))
    return {
        topic: tuple(Route(how.part, how.read, behind, how.conceal) for how, behind in known.items())
        for topic, known in found.items()
    }


def setting(table: SensorTable) -> Setting:
    """Return the part of a sensor's table that its profile heeds."""
    made = _values(table, Setting)
    if table.reports:
        made["reports"] = Reports(table.reports)
    if table.paths:
        made["paths"] = Paths(**_values(table.paths, Paths))
    return Setting(**made)


def _values(table: SensorTable | PathsTable, kind: type[Setting | Paths]) -> dict[str, Any]:
    return {one.name: getattr(table, one.name) for one in fields(kind)}
