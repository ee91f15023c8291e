"""Every text that a member may read, gathered from where the texts stand."""

from collections.abc import Iterator

from kiosk.domain.reasons import EXPLANATIONS
from kiosk.domain.zones import Words
from kiosk.look import roll_texts, texts
from kiosk.look.texts import OutcomeText


def catalogue() -> list[Words]:
    """Return all texts of the look and of the reasons."""
    named = [*vars(texts).items(), *vars(roll_texts).items()]
    found = [words for name, value in named if not name.startswith("__") for words in _values(value)]
    return found + [words for one in EXPLANATIONS.values() for words in (one.sentence, one.next_step)]


def _values(one: object) -> Iterator[Words]:
    if isinstance(one, Words):
        yield one
    elif isinstance(one, OutcomeText):
        yield from (one.headline, one.detail)
    elif isinstance(one, dict):
        for value in one.values():
            yield from _values(value)
    elif isinstance(one, tuple):
        for value in one:
            yield from _values(value)
