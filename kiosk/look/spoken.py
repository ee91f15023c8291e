"""Texts as a voice has to be given them: times and dates in words, codes spelled, no sign that would be read aloud."""

# ruff: noqa: RUF001 - dashes and multiplication signs are meant

import re

from kiosk.domain.members import Language

_UNITS = {
    Language.SV: (
        *("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton"),
        *("fjorton", "femton", "sexton", "sjutton", "arton", "nitton"),
    ),
    Language.EN: (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ),
}
_TENS = {
    Language.SV: ("", "", "tjugo", "trettio", "fyrtio", "femtio"),
    Language.EN: ("", "", "twenty", "thirty", "forty", "fifty"),
}
_MONTHS = {
    Language.SV: (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    Language.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
NUMBER_MAX = 59
_TWO_DIGITS = 10
_TIME = re.compile(r"(?:\bkl\.\s*)?(?:\b(\d{1,2})/(\d{1,2}) )?\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_CLOCK = re.compile(r"\bkl\.\s*")
_SIGNS = {
    Language.SV: {"–": ",", "·": ",", "×": " gånger", "…": ".", "▸": ""},
    Language.EN: {"–": ",", "·": ",", "×": " times", "…": ".", "▸": ""},
}


def speakable(text: str, language: Language) -> str:
    """Return the text for a voice: the same words, with times and dates in words and without signs."""
    text = _TIME.sub(lambda found: _moment(found, language), text)
    text = _CLOCK.sub("klockan ", text)
    for sign, words in _SIGNS[language].items():
        text = text.replace(sign, words)
    return " ".join(text.replace(" ,", ",").split())


def clock_words(hour: int, minute: int, language: Language) -> str:
    """Return a time of day in words: "åtta och trettio", "eight thirty"."""
    hours, minutes = number_words(hour, language), number_words(minute, language)
    is_swedish = language is Language.SV
    if minute == 0:
        return f"klockan {hours}" if is_swedish else f"{hours} o'clock"
    if minute < _TWO_DIGITS:
        return f"{hours} noll {minutes}" if is_swedish else f"{hours} oh {minutes}"
    return f"{hours} och {minutes}" if is_swedish else f"{hours} {minutes}"


def number_words(number: int, language: Language) -> str:
    """Return a number from 0 to `NUMBER_MAX` in words."""
    units = _UNITS[language]
    if number < len(units):
        return units[number]
    tens, unit = divmod(number, 10)
    link = "" if language is Language.SV else "-"
    return _TENS[language][tens] + (f"{link}{units[unit]}" if unit else "")


def spelled(code: str) -> str:
    """Return a code or a telephone number sign by sign, with a pause where it has a space or a dash."""
    groups = re.split(r"[\s-]+", code.strip())
    return ", ".join(" ".join(group) for group in groups if group)


def _moment(found: re.Match[str], language: Language) -> str:
    day, month, hour, minute = (int(one) if one else 0 for one in found.groups())
    time = clock_words(hour, minute, language)
    if not 1 <= month <= len(_MONTHS[language]) or not 1 <= day <= NUMBER_MAX:
        return time
    return f"{number_words(day, language)} {_MONTHS[language][month - 1]}, {time}"
