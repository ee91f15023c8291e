"""The answer to one person: what happened in words, one offer, the zones to choose, and the ways to undo or leave."""

from dataclasses import replace
from typing import assert_never

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.events import Rights
from kiosk.domain.requests import MetSomebody
from kiosk.domain.zones import Words
from kiosk.look import roll_texts, texts
from kiosk.look.glyphs import OFFER, OUTCOME_SYMBOLS, QUESTION
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import age, first_name, place, said
from kiosk.screen.draw import zones
from kiosk.screen.draw.about import pressing
from kiosk.screen.draw.parts import HERO_TILE_CELLS, Button, Detail, Tone, buttons, header, hero, paragraph
from kiosk.screen.draw.turns import COLUMNS, Parts, Tile, in_turns
from kiosk.screen.draw.view import View
from kiosk.screen.pages import (
    INSIDE,
    Action,
    Answered,
    AnswerExit,
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    Done,
    Leave,
    SwitchLanguage,
    Undo,
    own_actions,
    zone_actions,
)
from kiosk.screen.paper import Anchor, Block, Room, Run, cells, fill, wrap
from kiosk.screen.roll_pages import CallRoll

SURFACES: dict[Outcome, Surface] = {
    Outcome.ARRIVED: Surface.WELCOME,
    Outcome.ALREADY_IN: Surface.KNOWN,
    Outcome.LEFT: Surface.GOODBYE,
    Outcome.JOINED: Surface.WELCOME,
    Outcome.LEFT_ZONE: Surface.KNOWN,
    Outcome.ARRIVAL_UNDONE: Surface.KNOWN,
    Outcome.LEAVING_UNDONE: Surface.KNOWN,
    Outcome.CONFIRMED: Surface.WELCOME,
    Outcome.CHOSEN: Surface.KNOWN,
    Outcome.THANKED: Surface.GOODBYE,
    Outcome.GUEST_IN: Surface.WELCOME,
    Outcome.GUEST_MOVED: Surface.KNOWN,
    Outcome.GUEST_OUT: Surface.GOODBYE,
    Outcome.CORRECTED: Surface.KNOWN,
    Outcome.CLEARED: Surface.KNOWN,
    Outcome.ORDERED: Surface.KNOWN,
    Outcome.ACTIVITY_PLANNED: Surface.KNOWN,
    Outcome.ACTIVITY_CANCELLED: Surface.KNOWN,
    Outcome.BADGE_ENROLLED: Surface.KNOWN,
    Outcome.BADGE_LOST: Surface.KNOWN,
    Outcome.BADGE_FOUND: Surface.KNOWN,
    Outcome.REFUSED: Surface.STOP,
}


EXIT_ANSWERS = 3
"""Ways to answer the question at the exit; undo stands after them."""


def answered(page: Answered, view: View) -> list[Block]:
    """Return the blocks of an answer."""
    answer = page.answer
    tone = Tone(SURFACES[answer.outcome], OUTCOME_SYMBOLS[answer.outcome])
    headline, details = _said(page, view)
    if not view.is_roomy:
        told = _told(page, view)
        if view.room is Room.TIGHT:
            told = [*(paragraph(view, one.text, name="detail") for one in details[1:] if one.text), *told]
            details = details[:1]
        parts = Parts(
            tone=tone, headline=headline, details=details, texts=told, tiles=_tiles(page, view), turn=page.turn
        )
        return in_turns(parts, view)
    choices = zone_actions(page)
    blocks = [header(view), *hero(view, tone, headline, details, Anchor.TOP if choices else Anchor.BODY)]
    blocks += [replace(one, gap=1 if at == 0 else 0) for at, one in enumerate(_told(page, view))]
    if choices:
        blocks.append(_question(view))
    blocks += zones.choices(view, answer.zones, choices)
    return [*blocks, buttons(view, _buttons(page, view), gap=0 if choices else 1)]


def _said(page: Answered, view: View) -> tuple[str, list[Detail]]:
    """Return the headline and what follows it: what is pressing or became of the last choice, if there is news."""
    answer = page.answer
    text = texts.OUTCOMES[answer.outcome]
    values = {
        "name": f", {first_name(answer.name)}" if answer.name and first_name(answer.name) else "",
        "time": view.time(answer.since or answer.at),
        "zone": _zone_name(answer, view),
    }
    headline = view.say(text.headline, **values)
    details = [Detail(view.say(text.detail, **values))]
    if answer.zone is not None and answer.outcome is Outcome.ALREADY_IN and values["zone"] and view.is_roomy:
        details.append(Detail(view.say(texts.YOU_ARE_WITH, zone=values["zone"])))
    if answer.leave_again_s:
        details.append(Detail(view.say(texts.LEAVE_AGAIN, left=page.again_s) if page.again_s else ""))
    news = _news(page, view)
    if news is None:
        return headline, details
    # As many lines as before: what can be pressed below must not move under a finger.
    width = view.width - HERO_TILE_CELLS if view.is_roomy else view.width
    before, after = (sum(len(wrap(one.text, width)) for one in told) for told in (details, [news]))
    return headline, [news, *[Detail("")] * (before - after)]


def _news(page: Answered, view: View) -> Detail | None:
    urgent = pressing(page, view)
    if urgent:
        return Detail(urgent, strong=True)
    return Detail(view.say(texts.NOTES[page.note]), strong=True) if page.note is not None else None


def _told(page: Answered, view: View) -> list[Block]:
    """Return what else there is to know, the most urgent first."""
    answer = page.answer
    blocks = []
    if page.asks_exit and page.can_ask:
        blocks.append(_marked(view, view.say(texts.MET_SOMEBODY), QUESTION, "question at the exit"))
    blocks += _rights(page, view)
    if answer.seats_exceeded:
        blocks.append(paragraph(view, view.say(texts.SEATS_EXCEEDED), name="seats"))
    if answer.offer is not None:
        blocks.append(_marked(view, texts.offer_words(answer.offer, view.language), OFFER, "offer"))
    elif answer.offers is not Offers.WANTED and answer.outcome in INSIDE:
        told = texts.OFFERS_PAUSED if answer.offers is Offers.PAUSED else texts.OFFERS_ENDED
        blocks.append(paragraph(view, view.say(told), Ink.QUIET, name="no offers"))
    if answer.guests and answer.outcome in INSIDE:
        text = view.say(texts.GUESTS, guests=texts.guests(answer.guests, view.language))
        blocks.append(paragraph(view, text, name="guests"))
    return blocks


def _tiles(page: Answered, view: View) -> list[Tile]:
    found = []
    for key, action in zone_actions(page).items():
        zone = page.answer.zones[int(key) - 1]
        name = said(zone.name, view.language)
        more = zones.in_short(view, zone, action, Surface.CARD, (view.width - 1) // COLUMNS - cells(key) - 3)
        found.append(Tile(Button(key, name, action), more, zones.choice(view, key, zone, action)))
    own = _buttons(page, view)
    # Whoever has to empty a house does not look for the button on another page.
    roll = [Tile(one, row=buttons(view, [one])) for one in own if isinstance(one.action, CallRoll)]
    return roll + found + [Tile(one) for one in own if not isinstance(one.action, CallRoll)]


def _zone_name(answer: Answer, view: View) -> str:
    if answer.zone is None:
        return ""
    named = view.place.zones.get(answer.zone)
    return place(named, view.language) if named else answer.zone


def _rights(page: Answered, view: View) -> list[Block]:
    if page.answer.rights is not Rights.OLD:
        return []
    if page.roster_age_s is None:
        text = view.say(texts.RIGHTS_OF_UNKNOWN_AGE)
    else:
        text = view.say(texts.RIGHTS_OLD, age=age(page.roster_age_s, view.language))
    return [paragraph(view, text, Ink.QUIET, name="rights")]


def _marked(view: View, text: str, mark: str, name: str) -> Block:
    lines = [
        fill([Run(f"{mark} " if at == 0 else "  ", Ink.ACCENT), Run(one, Ink.ACCENT, strong=True)], view.width)
        for at, one in enumerate(wrap(text, view.width - 2))
    ]
    return Block(lines=lines, name=name)


def _question(view: View) -> Block:
    runs = [Run(view.say(texts.QUESTION), strong=True), Run(f"  {view.say(texts.QUESTION_HINT)}", Ink.QUIET)]
    return Block(lines=[fill(runs, view.width)], name="question", rank=8, gap=1)


def _buttons(page: Answered, view: View) -> list[Button]:
    found = [Button(*_face(key, action, page, view), action) for key, action in own_actions(page).items()]
    is_undo_over = page.answer.undo_s > 0 and page.undo_s == 0 and page.can_ask
    if not is_undo_over:
        return found
    empty = Button("U", _undo_at_first(page, view), None)
    at = (EXIT_ANSWERS if page.asks_exit else 0) + any(isinstance(one.action, CallRoll) for one in found)
    return [*found[:at], empty, *found[at:]]


def _one_of(view: View, first: Words, second: Words, *, is_second: bool) -> str:
    """Return one of two words, as wide as the wider: what is chosen changes it, and the buttons after it stay."""
    both = (view.say(first), view.say(second))
    return both[is_second].ljust(max(map(len, both)))


def _face(key: str, action: Action, page: Answered, view: View) -> tuple[str, str]:  # noqa: PLR0911 - a face for each
    match action:
        case Undo():
            # As wide as at first, when there are most seconds left: the buttons after it stay where they are.
            return "U", view.say(texts.UNDO, left=page.undo_s).ljust(len(_undo_at_first(page, view)))
        case Leave():
            return "0", view.say(texts.LEAVE)
        case CallRoll():
            return "E", view.say(roll_texts.CALL)
        case ChooseNaming(shown=shown):
            return "N", _one_of(view, texts.HIDE_NAME, texts.SHOW_NAME, is_second=shown)
        case ChooseOffers(wanted=wanted):
            return key.upper(), _one_of(view, texts.LET_ME_BE, texts.OFFER_AGAIN, is_second=wanted)
        case AnswerExit(met=met):
            return _exit_face(met, view)
        case SwitchLanguage() | ChooseLanguage():
            return "S", said(texts.SWITCH_LANGUAGE, view.language)
        case Done():
            return "Enter", view.say(texts.DONE)
        case _:
            message = f"no button shows {type(action).__name__}"
            raise TypeError(message)


def _undo_at_first(page: Answered, view: View) -> str:
    return view.say(texts.UNDO, left=page.answer.undo_s)


def _exit_face(met: MetSomebody, view: View) -> tuple[str, str]:
    match met:
        case MetSomebody.YES:
            return view.say(texts.YES)[0], view.say(texts.YES)
        case MetSomebody.NO:
            return view.say(texts.NO)[0], view.say(texts.NO)
        case MetSomebody.SKIPPED:
            return "Enter", view.say(texts.SKIP)
        case _:
            assert_never(met)
