"""Small pieces of language: numbers in words, times of day, ages, first names. Pure; the instant is handed in."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from kiosk.domain.members import Language
from kiosk.domain.zones import Words

HostIs = Literal["here", "phone", "none"]
"""What "to a host" means in a house."""

NAME_CELLS_MAX = 40
"""A longer first name than this is cut: nobody is called that, but a roster may say so."""

_NUMBERS = {
    Language.SV: ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    Language.EN: (
        *("zero", "one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
}
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S


def said(words: Words, language: Language) -> str:
    """Return the text in that language."""
    return words.sv if language is Language.SV else words.en


def other(language: Language) -> Language:
    """Return the other language."""
    return Language.EN if language is Language.SV else Language.SV


def number(count: int, language: Language) -> str:
    """Return a small number in words, a large one in digits."""
    names = _NUMBERS[language]
    return names[count] if 0 <= count < len(names) else str(count)


def capital(text: str) -> str:
    """Return the text with its first letter in upper case, the rest as it stands."""
    return text[:1].upper() + text[1:]


def place(name: Words, language: Language) -> str:
    """Return a zone's name as it stands inside a sentence: English articles lose their capital."""
    text = said(name, language)
    return "the " + text[4:] if language is Language.EN and text.startswith("The ") else text


def first_name(name: str) -> str:
    """Return the first name, printable and of bounded length: nobody else needs to read the rest from the screen."""
    words = printable(name).split()
    return words[0][:NAME_CELLS_MAX] if words else ""


def printable(text: str) -> str:
    """Return the text with everything that a terminal would obey instead of show made a space."""
    return text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)


def time_of_day(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the local time as hh:mm, with day and month before it when it is not today."""
    local = moment.astimezone(zone)
    text = f"{local:%H:%M}"
    return text if local.date() == now.astimezone(zone).date() else f"{local.day}/{local.month} {text}"


def age(seconds: float, language: Language) -> str:
    """Return an age in hours below two days, else in whole days."""
    hours = int(seconds // _HOUR_S)
    days = int(seconds // _DAY_S)
    if days < 2:  # noqa: PLR2004 - "30 hours" says more than "1 day"
        if language is Language.SV:
            return f"{hours} timmar" if hours != 1 else "en timme"
        return f"{hours} hours" if hours != 1 else "one hour"
    return f"{days} dagar" if language is Language.SV else f"{days} days"


def seconds(count: int, language: Language) -> str:
    """Return a number of seconds, the word in full."""
    if language is Language.SV:
        return f"{count} sekund" if count == 1 else f"{count} sekunder"
    return f"{count} second" if count == 1 else f"{count} seconds"
