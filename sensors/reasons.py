"""Why a zone is said to be as it is, in one sentence for the host, in both languages. Pure; no names, no ids."""

from collections.abc import Sequence

from kiosk.domain.instant import Instant
from kiosk.domain.zones import Words
from sensors.memory import Memory

MINUTE_S = 60
HOUR_S = 3600

FEW_MAX = 2
"""Up to this many are told as one class."""


def motion_now(sensors: int) -> Words:
    """Say that motion is seen at this moment."""
    return Words(f"rörelse just nu i {_sv(sensors)}", f"motion right now in {_en(sensors)}")


def heads_now(people: int) -> Words:
    """Say that people are counted at this moment. So few that it could tell of one person are not told apart."""
    if people <= FEW_MAX:
        return Words("en eller två personer räknas just nu", "one or two people counted right now")
    return Words(f"{people} personer räknas just nu", f"{people} people counted right now")


def motion_lately(ago_s: float, left_s: float) -> Words:
    """Say that the last motion still counts."""
    return Words(
        f"rörelse för {span(ago_s)} sedan, räknas {span(left_s)} till",
        f"motion {span(ago_s)} ago, which counts for {span(left_s)} more",
    )


def motion_unconfirmed(ago_s: float) -> Words:
    """Say that the last motion is old, and that no sensor has spoken since."""
    return Words(
        f"rörelse för {span(ago_s)} sedan, och ingen sensor har hörts av sedan dess",
        f"motion {span(ago_s)} ago, and no sensor has been heard since",
    )


def nobody_there(quiet_s: float, witnesses: int) -> Words:
    """Say that live sensors have seen nobody for long enough."""
    return Words(
        f"ingen rörelse på {span(quiet_s)}, sagt av {_sv(witnesses)} som hörs av",
        f"no motion for {span(quiet_s)}, by the word of {_en(witnesses)} still heard",
    )


def not_long_enough(healthy: int) -> Words:
    """Say that sensors are heard, and cannot yet tell that the zone is empty."""
    return Words(
        f"{_sv(healthy)} hörs av, men har inte följts länge nog för att säga att det är tomt",
        f"{_en(healthy)} heard, not followed for long enough to say that nobody is there",
    )


def counted_in(doors: int) -> Words:
    """Say that more people have come in than gone out."""
    through = ("dörren", "the door") if doors == 1 else (f"{doors} dörrar", f"{doors} doors")
    return Words(
        f"fler har gått in än ut genom {through[0]}", f"more people have come in than gone out through {through[1]}"
    )


def only_slow(sensors: int) -> Words:
    """Say that only sensors are heard that follow people too slowly to tell."""
    return Words(
        f"bara {_sv(sensors)} för luft, ljus eller ljud hörs av, och det räcker inte för att säga något",
        f"only {_en(sensors)} for air, light or sound heard, which is not enough to say anything",
    )


def cannot_see_absence(sensors: int) -> Words:
    """Say that no sensor is heard that could tell that nobody is there."""
    return Words(
        f"{_sv(sensors)} hörs av, men ingen som kan se att det är tomt",
        f"{_en(sensors)} heard, but none that can see that nobody is there",
    )


def nobody_heard(memories: Sequence[Memory], now: Instant) -> Words:
    """Say why no sensor may be believed: the zone has none, the gateway is gone, or they are offline or silent."""
    if not memories:
        return Words("zonen har inga sensorer", "the zone has no sensors")
    if not any(one.gateway for one in memories):
        return Words("sensorernas gateway är borta", "the sensors' gateway is gone")
    if not any(one.gateway and one.available for one in memories):
        return Words("alla sensorer är borta", "all sensors are offline")
    heard = [now.seconds_since(one.heard) for one in memories if one.heard is not None]
    if not heard:
        return Words("ingen sensor har hörts av än", "no sensor has been heard yet")
    return Words(f"ingen sensor har hörts av på {span(min(heard))}", f"no sensor has been heard for {span(min(heard))}")


def span(seconds: float) -> str:
    """Return a length of time for people, in its largest whole unit: the same text in both languages."""
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR_S:
        return f"{seconds / MINUTE_S:.0f} min"
    return f"{seconds / HOUR_S:.0f} h"


def _sv(sensors: int) -> str:
    return "en sensor" if sensors == 1 else f"{sensors} sensorer"


def _en(sensors: int) -> str:
    return "one sensor" if sensors == 1 else f"{sensors} sensors"
