"""How the board writes numbers, times and ages. Pure; the texts themselves stand in `texts`."""

from datetime import tzinfo

from kiosk.board.texts import TEXTS
from kiosk.board.view import Range
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.zones import Words

HOUR_S = 3600
DAY_S = 86_400
MINUTE_S = 60


def in_language(words: Words, language: Language) -> str:
    """Return the text in that language."""
    return words.en if language is Language.EN else words.sv


def text(name: str, language: Language, **holes: object) -> str:
    """Return the named text with its holes filled, or raise `KeyError` if there is no such text or hole."""
    return in_language(TEXTS[name], language).format(**holes)


def range_text(counted: Range, language: Language) -> str:
    """Return a count as `3`, `2–4` or `minst 2`."""
    if counted.high is None:
        return text("at_least", language, low=counted.low)
    return str(counted.low) if counted.low == counted.high else f"{counted.low}–{counted.high}"  # noqa: RUF001 - the en dash is how a range is written


def time_text(instant: Instant, zone: tzinfo, today: Instant) -> str:
    """Return the local time as `08:12`, and on another day than today's as `21/11 08:12`."""
    local = instant.wall.astimezone(zone)
    clock = f"{local:%H:%M}"
    return clock if local.date() == today.wall.astimezone(zone).date() else f"{local.day}/{local.month} {clock}"


def age_text(age_s: float, language: Language) -> str:
    """Return an age in the largest unit that fits, rounded down."""
    for name, unit_s in (("age_days", 2 * DAY_S), ("age_hours", 2 * HOUR_S), ("age_minutes", MINUTE_S)):
        if age_s >= unit_s:
            return text(name, language, n=int(age_s // {"age_days": DAY_S, "age_hours": HOUR_S}.get(name, MINUTE_S)))
    return text("age_fresh", language)
