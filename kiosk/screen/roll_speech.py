"""What the pages of a roll call say aloud: counts and keys; who it is about only where one person hears it."""

from collections.abc import Iterator, Mapping

from kiosk.domain.evacuation import Sought
from kiosk.look import roll_texts as texts
from kiosk.look.words import printable, said
from kiosk.screen.draw.view import View
from kiosk.screen.roll_pages import RollEnd, RollList, RollPage, RollReport, RollStart

SPOKEN_MAX = 20
"""So many of the missing are named at the end; the rest can be read."""


def roll_call_told(page: RollPage, view: View) -> Iterator[str]:
    """Return the page's sentences."""
    match page:
        case RollStart(is_refused=is_refused):
            yield from (view.say(texts.CALL), view.say(texts.REFUSED if is_refused else texts.CHOOSE))
        case RollList(people=people):
            yield view.say(texts.CALL)
            yield view.say(texts.DRILL if page.is_drill else texts.LIVE).lower()
            yield from _left(page.left, len(people), view)
        case RollEnd(left=left):
            yield view.say(texts.END_ASKED)
            yield view.say(texts.LEFT_SHORT, left=left) if left else view.say(texts.ALL_FOUND)
        case RollReport(missing=missing):
            yield view.say(texts.ENDED_DRILL if page.is_drill else texts.ENDED)
            yield view.say(texts.REPORT, found=page.found, sought=page.sought)
            if missing and view.place.names_spoken:
                yield view.say(texts.MISSING)
                yield from (printable(one.name) for one in missing[:SPOKEN_MAX])


def roll_call_keys(page: RollList, view: View) -> Mapping[str, str]:
    """Return what each person's key does: by the row on the loudspeaker, by name in a headset."""
    told = {}
    for at, one in enumerate(page.shown, start=1):
        is_found = one.key in page.found
        if view.place.names_spoken:
            told[str(at)] = f"{_who(one, view)}, {view.say(texts.FOUND)}" if is_found else _who(one, view)
        else:
            told[str(at)] = view.say(texts.ROW_BACK if is_found else texts.ROW_TICK, row=at)
    return told


def _left(left: int, sought: int, view: View) -> Iterator[str]:
    if not sought:
        yield view.say(texts.NOBODY)
    else:
        yield view.say(texts.LEFT_SENTENCE, left=left, sought=sought) if left else view.say(texts.ALL_FOUND)


def _who(one: Sought, view: View) -> str:
    zone = view.place.zones.get(one.last_zone) if one.last_zone else None
    where = said(zone or texts.NO_ZONE, view.language)
    return f"{printable(one.name)}, {where}, {view.time(one.seen)}"
