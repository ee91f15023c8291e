"""What a simulated day is asked to be, and the words of its house. No chance and no time here."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

MEMBERS_MAX, ZONES_MAX, SENSORS_MAX, DAYS_MAX = 2000, 12, 200, 31
"""More than a house has. A run of all of them at once takes many minutes."""
HOUR_S, DAY_S = 3600.0, 86_400.0
TIMEZONE = ZoneInfo("Europe/Stockholm")
OPENS_S, CLOSES_S, ENDS_S = 6.5 * HOUR_S, 18 * HOUR_S, 19.5 * HOUR_S
"""Local time of day: nothing stirs before it opens; by the last of these everybody has gone home."""
FIRST_DAY = datetime.combine(datetime(2026, 11, 23, tzinfo=TIMEZONE).date(), time(), TIMEZONE).astimezone(UTC)
"""Local midnight before the first day: second 0 of all that is simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A run. `one_dies` says whether one sensor falls silent for good at noon of the first day."""

    seed: int = 1
    members: int = 300
    zones: int = 3
    sensors: int = 20
    days: int = 1
    one_dies: bool = True

    def __post_init__(self) -> None:
        """Refuse what no house is."""
        bounds = {"members": MEMBERS_MAX, "zones": ZONES_MAX, "sensors": SENSORS_MAX, "days": DAYS_MAX}
        least = {"members": 0, "zones": 1, "sensors": 0, "days": 1}
        wrong = [
            f"{name} must be {least[name]} to {most}"
            for name, most in bounds.items()
            if not least[name] <= getattr(self, name) <= most
        ]
        if wrong:
            raise ValueError("; ".join(wrong))

    def chance(self, *of: object) -> Random:
        """Return the chance of one thing alone: no other thing's draws can move it."""
        return Random("/".join(map(str, (self.seed, *of))))  # noqa: S311 - a made-up day, no secret

    @property
    def zone_ids(self) -> tuple[str, ...]:
        """Return the zones in the order of the path."""
        named = ("lagerelden", "hinderbanan", "rastplatsen")
        return tuple(named[at] if at < len(named) else f"zon-{at + 1}" for at in range(self.zones))


def wall(t: float) -> datetime:
    """Return the true time at second `t`, UTC."""
    return FIRST_DAY + timedelta(seconds=t)
