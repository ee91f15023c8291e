"""The answer to one person: what happened in words, one offer, the zones to choose, and the ways to undo or leave."""

from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.events import Rights
from kiosk.look import texts
from kiosk.look.glyphs import OFFER, OUTCOME_SYMBOLS
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import age, first_name, place, said, seconds
from kiosk.screen.draw import zones
from kiosk.screen.draw.parts import Button, Detail, Tone, buttons, header, hero
from kiosk.screen.draw.view import View
from kiosk.screen.pages import Action, Answered, Done, Leave, SwitchLanguage, Undo, own_actions, zone_actions
from kiosk.screen.paper import Anchor, Block, Room, Run, fill, wrap

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


def answered(page: Answered, view: View) -> list[Block]:
    """Return the blocks of an answer."""
    answer = page.answer
    choices = zone_actions(page)
    tone = Tone(SURFACES[answer.outcome], OUTCOME_SYMBOLS[answer.outcome])
    blocks = [header(view)] if view.room >= Room.PLAIN else []
    blocks += hero(view, tone, *_said(page, view), Anchor.TOP if choices else Anchor.BODY)
    blocks += _rights(page, view) + _offer(answer, view)
    if choices and view.room > Room.CLOSE:
        blocks.append(_question(view))
    by_id = {str(number): one for number, one in enumerate(answer.zones, start=1)}
    blocks += [zones.choice(view, key, by_id[key], action) for key, action in choices.items()]
    return [*blocks, buttons(view, _buttons(page, view), gap=0 if choices and view.is_roomy else view.gap(), rank=1)]


def _said(page: Answered, view: View) -> tuple[str, list[Detail]]:
    answer = page.answer
    text = texts.OUTCOMES[answer.outcome]
    values = {
        "name": f", {first_name(answer.name)}" if answer.name and first_name(answer.name) else "",
        "time": view.time(answer.since or answer.at),
        "zone": _zone_name(answer, view),
    }
    details = [Detail(view.say(text.detail, **values))]
    if answer.zone is not None and answer.outcome is Outcome.ALREADY_IN and values["zone"]:
        details.append(Detail(view.say(texts.YOU_ARE_WITH, zone=values["zone"]), name="your zone", rank=4))
    if page.again_s:
        details.append(Detail(view.say(texts.LEAVE_AGAIN, left=seconds(page.again_s, view.language))))
    return view.say(text.headline, **values), details


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
    lines = [fill([Run(one, Ink.QUIET)], view.width) for one in wrap(text, view.width)]
    return [Block(lines=lines, name="rights", rank=2, gap=view.gap())]


def _offer(answer: Answer, view: View) -> list[Block]:
    if answer.offer is None:
        return []
    text = texts.offer_words(answer.offer, view.language)
    lines = [
        fill([Run(f"{OFFER} " if at == 0 else "  ", Ink.ACCENT), Run(one, Ink.ACCENT, strong=True)], view.width)
        for at, one in enumerate(wrap(text, view.width - 2))
    ]
    return [Block(lines=lines, name="offer", rank=3, gap=view.gap())]


def _question(view: View) -> Block:
    runs = [Run(view.say(texts.QUESTION), strong=True)]
    if view.is_roomy:
        runs.append(Run(f"  {view.say(texts.QUESTION_HINT)}", Ink.QUIET))
    return Block(lines=[fill(runs, view.width)], name="question", rank=8, gap=view.gap())


def _buttons(page: Answered, view: View) -> list[Button]:
    return [Button(*_face(key, action, page, view), action) for key, action in own_actions(page).items()]


def _face(key: str, action: Action, page: Answered, view: View) -> tuple[str, str]:
    match action:
        case Undo():
            return key.upper(), view.say(texts.UNDO, left=page.undo_s)
        case Leave():
            return key, view.say(texts.LEAVE)
        case Done():
            return "Enter", view.say(texts.DONE)
        case SwitchLanguage():
            return key.upper(), said(texts.SWITCH_LANGUAGE, view.language)
        case _:
            message = f"no button shows {type(action).__name__}"
            raise TypeError(message)
