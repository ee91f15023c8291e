"""What is kept about whoever comes here, one sentence after the other, and whom to ask."""

from kiosk.look import texts
from kiosk.look.glyphs import ABOUT
from kiosk.look.themes import Surface
from kiosk.look.words import seconds
from kiosk.screen.draw.parts import Button, Detail, Tone, buttons, header, hero, paragraph
from kiosk.screen.draw.turns import Parts, Tile, in_turns
from kiosk.screen.draw.view import View
from kiosk.screen.pages import About, Answered, Done, Refused, SwitchLanguage
from kiosk.screen.paper import Anchor, Block


def about(page: About, view: View) -> list[Block]:
    """Return the blocks of the notice."""
    tone = Tone(Surface.KNOWN, ABOUT)
    told = [view.say(one) for one in texts.kept(view.place.kept_days, view.place.kept_months, view.place.host)]
    urgent = pressing(page, view)
    closing = [Detail(urgent)] if urgent else []
    keys = [
        Button("Enter", view.say(texts.DONE), Done()),
        Button("S", view.say(texts.SWITCH_LANGUAGE), SwitchLanguage()),
    ]
    if view.is_roomy:
        lines = [paragraph(view, one, name=f"kept {at}") for at, one in enumerate(told)]
        head = hero(view, tone, view.say(texts.ABOUT), closing, Anchor.TOP)
        return [header(view), *head, *lines, buttons(view, keys, gap=1)]
    blocks = [paragraph(view, one, name=f"kept {at}") for at, one in enumerate(told)]
    return in_turns(
        Parts(
            tone=tone,
            headline=view.say(texts.ABOUT),
            details=closing,
            texts=blocks,
            tiles=[Tile(one) for one in keys],
            turn=page.turn,
        ),
        view,
    )


def pressing(page: Answered | Refused | About, view: View) -> str:
    """Return that the page goes away and what to do about it, else that the reader cannot read, or nothing."""
    if page.closes_s is not None:
        return closes(page.closes_s, view)
    return view.say(texts.READERS[page.reader].headline) if page.reader is not None else ""


def closes(left_s: int, view: View) -> str:
    """Return that a page is about to go away, and what to do about it."""
    return view.say(texts.CLOSES, left=seconds(left_s, view.language))
