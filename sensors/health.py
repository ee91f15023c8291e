"""How well each sensor of a zone is, and what a host can do about it, in words. Pure.

What is said here also acts: a sensor that is offline, silent, stuck, suspect or faulty by its own word decides nothing.
A wrong clock acts on nothing, because no device's time is ever used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Words
from sensors.memory import BLOCKING, SLEPT_MAX, ClockFault, is_silent
from sensors.readings import FaultKind
from sensors.reasons import span
from sensors.sight import Evidence, contradicted_s, is_stuck, sight


class Health(StrEnum):
    """How a sensor is; `fresh` and `contradicted` sensors count, all others are set aside."""

    FRESH = "fresh"
    CONTRADICTED = "contradicted"
    UNHEARD = "unheard"
    STALE = "stale"
    OFFLINE = "offline"
    GATEWAY_OFFLINE = "gateway-offline"
    FAULTY = "faulty"
    STUCK_ON = "stuck-on"
    SUSPECT_SILENT = "suspect-silent"


@dataclass(frozen=True, slots=True)
class Checked:
    """One sensor's health; `says` is None when all is well. `clock` and `errors` stand beside it."""

    sensor: SensorId
    health: Health
    clock: ClockFault | None
    errors: int
    says: tuple[Words, ...]


def checked(sensors: Sequence[Evidence], now: Instant, errors: Mapping[str, int] | None = None) -> tuple[Checked, ...]:
    """Return the health of each of a zone's sensors, with what people should know of it.

    `errors` tells how many messages of a sensor could not be understood.
    """
    healthy = sight(sensors, now).healthy
    return tuple(_checked(one, healthy, now, (errors or {}).get(one.limits.sensor, 0)) for one in sensors)


def _checked(one: Evidence, healthy: Sequence[Evidence], now: Instant, errors: int) -> Checked:
    health = _health(one, healthy, now)
    says = [] if health is Health.FRESH else [_says(one, health, now)]
    if FaultKind.LOW_BATTERY in one.memory.faults:
        says.append(Words("batteriet är nästan slut: byt det", "the battery is nearly empty: change it"))
    if FaultKind.TAMPER in one.memory.faults:
        says.append(Words("någon har öppnat eller flyttat den", "somebody has opened or moved it"))
    if one.memory.clock is not None:
        says.append(_CLOCKS[one.memory.clock])
    if errors:
        says.append(Words(f"{errors} obegripliga meddelanden", f"{errors} messages that could not be understood"))
    return Checked(one.limits.sensor, health, one.memory.clock, errors, tuple(says))


def _health(one: Evidence, healthy: Sequence[Evidence], now: Instant) -> Health:  # noqa: PLR0911 - one a state
    memory = one.memory
    if not memory.gateway:
        return Health.GATEWAY_OFFLINE
    if not memory.available:
        return Health.OFFLINE
    if memory.heard is None:
        return Health.UNHEARD
    if not BLOCKING.isdisjoint(memory.faults):
        return Health.FAULTY
    if is_silent(memory, one.limits, now):
        return Health.STALE
    if is_stuck(one, healthy, now):
        return Health.STUCK_ON
    if memory.slept >= SLEPT_MAX:
        return Health.SUSPECT_SILENT
    if memory.on and memory.on_since and min(_on_s(one, now), contradicted_s(one, healthy, now)) >= one.limits.hold_s:
        return Health.CONTRADICTED
    return Health.FRESH


def _on_s(one: Evidence, now: Instant) -> float:
    return now.seconds_since(one.memory.on_since) if one.memory.on_since else 0.0


def _says(one: Evidence, health: Health, now: Instant) -> Words:
    since = span(now.seconds_since(one.memory.heard)) if one.memory.heard else ""
    seen = span(_on_s(one, now))
    match health:
        case Health.STALE:
            return Words(
                f"har inte hörts av på {since}: kontrollera batteri och räckvidd",
                f"not heard for {since}: look at its battery and range",
            )
        case Health.STUCK_ON:
            return Words(
                f"har sagt att någon är där i {seen} och räknas inte: starta om den",
                f"has said for {seen} that somebody is there and does not count: restart it",
            )
        case Health.CONTRADICTED:
            return Words(
                f"har sett någon i {seen} medan de andra inte ser någon: se efter i zonen",
                f"has seen somebody for {seen} while the others see nobody: look into the zone",
            )
        case Health.FAULTY:
            faults = ", ".join(one.memory.faults)
            return Words(
                f"säger själv att den inte fungerar ({faults})", f"says itself that it does not work ({faults})"
            )
        case _:
            return _SAID[health]


_SAID: Mapping[Health, Words] = {
    Health.UNHEARD: Words(
        "har aldrig hörts av: stämmer dess adress (topic) i husets fil?",
        "never heard: is its topic in the site file right?",
    ),
    Health.OFFLINE: Words("är borta: kontrollera ström och batteri", "is offline: look at its power and battery"),
    Health.GATEWAY_OFFLINE: Words(
        "dess gateway är borta: starta om gatewayen", "its gateway is gone: restart the gateway"
    ),
    Health.SUSPECT_SILENT: Words(
        "såg ingenting medan andra sensorer såg folk flera gånger och räknas inte: är den skymd eller felvänd?",
        "saw nothing while other sensors saw people several times and does not count: is it covered or turned away?",
    ),
}
_CLOCKS: Mapping[ClockFault, Words] = {
    ClockFault.UNSET: Words("dess klocka är inte ställd", "its clock is not set"),
    ClockFault.AHEAD: Words("dess klocka går före", "its clock is ahead"),
    ClockFault.BACKWARDS: Words("dess klocka har gått bakåt", "its clock has gone backwards"),
    ClockFault.NO_ZONE: Words("dess klocka säger ingen tidszon", "its clock tells no time zone"),
}
