"""How the board writes numbers, times and ages. Pure; the texts themselves stand in `texts`."""

from datetime import datetime, tzinfo

from kiosk.board.strip import Stretch, minutes
from kiosk.board.texts import TEXTS, ZONE_STATES
from kiosk.board.view import Range
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.zones import Words, ZoneState

HOUR_S = 3600
DAY_S = 86_400
MINUTE_S = 60


def in_language(words: Words, language: Language) -> str:
    """Return the text in that language."""
    return words.en if language is Language.EN else words.sv


def text(name: str, language: Language, /, **holes: object) -> str:
    """Return the named text with its holes filled, or raise `KeyError` if there is no such text or hole."""
    return in_language(TEXTS[name], language).format(**holes)


def range_text(counted: Range, language: Language) -> str:
    """Return a count as a number, a range or a lower bound."""
    if counted.high is None:
        return text("at_least", language, low=counted.low)
    if counted.low == counted.high:
        return str(counted.low)
    return text("range", language, low=counted.low, high=counted.high)


def time_text(instant: Instant, zone: tzinfo, today: Instant) -> str:
    """Return the local time as `08:12`, and on another day than today's as `21/11 08:12`."""
    local = instant.wall.astimezone(zone)
    clock = f"{local:%H:%M}"
    return clock if local.date() == today.wall.astimezone(zone).date() else f"{local.day}/{local.month} {clock}"


def clock_text(moment: datetime, zone: tzinfo) -> str:
    """Return the local time of an aware moment as `08:12`."""
    return f"{moment.astimezone(zone):%H:%M}"


def strip_text(strip: tuple[Stretch, ...], language: Language) -> str:
    """Return a strip in words: how long a zone was in which state."""
    parts = [
        f"{in_language(ZONE_STATES[state], language).lower()} {text('minutes_long', language, n=n)}"
        for state in ZoneState
        if (n := minutes(strip, state))
    ]
    return text("strip_said", language, parts=", ".join(parts))


def age_text(age_s: float, language: Language) -> str:
    """Return an age in days, hours or minutes, rounded down; of the coarser units at least two."""
    if age_s >= 2 * DAY_S:
        return text("age_days", language, n=int(age_s // DAY_S))
    if age_s >= 2 * HOUR_S:
        return text("age_hours", language, n=int(age_s // HOUR_S))
    if age_s >= MINUTE_S:
        return text("age_minutes", language, n=int(age_s // MINUTE_S))
    return text("age_fresh", language)
