"""Which sensors a house has: their limits, their zones and the topics that speak of them, from its site file."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.domain.ids import SensorId, SiteId, ZoneId
from kiosk.tools.site import Problem, SensorTable, Site, SiteFileError
from sensors.kinds import KINDS, TAG
from sensors.memory import Limits
from sensors.profiles import PROFILES, problems
from sensors.topics import Route, routes, setting

NAME = "site file"
"""What problems are said to be in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A house's sensors. Every zone is there, also one without sensors; tag readers tell nothing of a zone's people."""

    site: SiteId
    limits: Mapping[SensorId, Limits]
    zones: Mapping[ZoneId, tuple[SensorId, ...]]
    routes: Mapping[str, tuple[Route, ...]]


def plan(site: Site) -> Plan:
    """Return the site's sensors, or raise `SiteFileError` naming every profile and kind that there is not."""
    sensors = site.sensors
    problems = tuple(_problems(sensors.values()))
    if problems:
        raise SiteFileError(NAME, problems)
    telling = {sensor: table for sensor, table in sensors.items() if table.kind != TAG}
    zones = {zone: tuple(sensor for sensor, table in telling.items() if table.zone == zone) for zone in site.zones}
    limits = {sensor: _limits(table) for sensor, table in sensors.items()}
    return Plan(site=site.id, limits=limits, zones=zones, routes=routes(sensors.values()))


def _limits(table: SensorTable) -> Limits:
    kind = KINDS[table.kind]
    return Limits(
        sensor=SensorId(table.id),
        zone=ZoneId(table.zone),
        hold_s=kind.hold_s if table.hold_s is None else table.hold_s,
        silent_s=kind.silent_s if table.silent_s is None else table.silent_s,
        on_max_s=kind.on_max_s,
        kind=table.kind,
        sees=kind,
    )


def _problems(sensors: Iterable[SensorTable]) -> Iterator[Problem]:
    for one in sensors:
        profile = PROFILES.get(one.profile)
        if profile is None:
            yield _unknown(f"sensor {one.id}: profile", one.profile, PROFILES)
        else:
            for key, what, way_out in problems(profile, setting(one)):
                yield Problem(None, f"sensor {one.id}: {key}", what, way_out)
        if one.kind not in KINDS:
            yield _unknown(f"sensor {one.id}: kind", one.kind, KINDS)


def _unknown(where: str, name: str, known: Iterable[str]) -> Problem:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(names)}"
    return Problem(None, where, f'there is no "{name}"', hint)
