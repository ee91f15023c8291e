"""What each page says aloud: its words for a voice, then its keys. Names only where one person hears them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.board import ZonePicture
from kiosk.domain.events import Rights
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.domain.requests import MetSomebody
from kiosk.domain.zones import Words
from kiosk.look import roll_texts, texts
from kiosk.look.spoken import speakable, spelled
from kiosk.look.words import age, capital, first_name, number, place, said, seconds
from kiosk.screen.draw.view import View
from kiosk.screen.pages import (
    INSIDE,
    About,
    Action,
    Answered,
    AnswerExit,
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    DeskDown,
    Done,
    Fault,
    JoinZone,
    Leave,
    LeaveZone,
    Page,
    ReaderDown,
    Refused,
    ShowAbout,
    Starting,
    SwitchLanguage,
    Undo,
    Waiting,
    own_actions,
    zone_actions,
)
from kiosk.screen.paper import Room
from kiosk.screen.place import Place
from kiosk.screen.roll_pages import AskEnd, CallRoll, EndRoll, OpenRoll, RollList
from kiosk.screen.roll_speech import roll_call_keys, roll_call_told


def spoken(page: Page, house: Place, now: datetime) -> str:
    """Return what the page says aloud in its language, whole; never empty."""
    view = View(house, now, page.language, 0, 0, Room.PLAIN)
    told = [*_told(page, view), *_keys(page, view)]
    return " ".join(speakable(_sentence(one), page.language) for one in told if one)


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def _told(page: Page, view: View) -> Iterator[str]:
    match page:
        case Answered():
            yield from _answered(page, view)
        case Refused():
            yield from _refused(page, view)
        case Waiting():
            yield from _waiting(page, view)
        case About():
            house = view.place
            yield from (view.say(one) for one in texts.kept(house.kept_days, house.kept_months, house.host))
        case ReaderDown(state=state, since=since):
            step = texts.reader_next_step(state, view.place.host)
            yield from _notice(view, texts.READERS[state].headline, step, since)
        case DeskDown(since=since):
            yield from _notice(view, texts.TERMINAL_DOWN, texts.TO_HOST[view.place.host], since)
        case Starting():
            yield from (view.say(texts.STARTING), view.say(texts.PLEASE_WAIT))
        case Fault():
            yield from _notice(view, texts.FAULT, texts.FAULT_NEXT, "")
        case _:
            yield from roll_call_told(page, view)
    if isinstance(page, Answered | Refused | About) and page.reader is not None:
        yield view.say(texts.READERS[page.reader].headline)


def _answered(page: Answered, view: View) -> Iterator[str]:
    answer = page.answer
    name = first_name(answer.name) if answer.name and view.place.names_spoken else ""
    zone = view.place.zones.get(answer.zone) if answer.zone else None
    values = {
        "name": f", {name}" if name else "",
        "time": view.time(answer.since or answer.at),
        "zone": place(zone, view.language) if zone else "",
    }
    if page.note is not None:
        yield view.say(texts.NOTES[page.note])
    else:
        text = texts.OUTCOMES[answer.outcome]
        yield view.say(text.headline, **values)
        yield view.say(text.detail, **values)
        if zone and answer.outcome is Outcome.ALREADY_IN:
            yield view.say(texts.YOU_ARE_WITH, **values)
        if page.again_s:
            yield view.say(texts.LEAVE_AGAIN_SPOKEN, left=seconds(page.again_s, view.language))
    yield from _more(page, answer, view)


def _more(page: Answered, answer: Answer, view: View) -> Iterator[str]:
    if page.asks_exit and page.can_ask:
        yield view.say(texts.MET_SOMEBODY)
    if answer.rights is Rights.OLD and page.roster_age_s is not None:
        yield view.say(texts.RIGHTS_OLD, age=age(page.roster_age_s, view.language))
    elif answer.rights is Rights.OLD:
        yield view.say(texts.RIGHTS_OF_UNKNOWN_AGE)
    if answer.seats_exceeded:
        yield view.say(texts.SEATS_EXCEEDED)
    if answer.offer is not None:
        offer = answer.offer if view.place.names_spoken else replace(answer.offer, names=())
        yield texts.offer_words(offer, view.language)
    elif answer.offers is not Offers.WANTED and answer.outcome in INSIDE:
        yield view.say(texts.OFFERS_PAUSED if answer.offers is Offers.PAUSED else texts.OFFERS_ENDED)
    if answer.guests and answer.outcome in INSIDE:
        yield view.say(texts.GUESTS, guests=texts.guests(answer.guests, view.language))


def _refused(page: Refused, view: View) -> Iterator[str]:
    reason = page.answer.reason or Reason.FAULT
    explanation = EXPLANATIONS[reason]
    yield view.say(explanation.sentence)
    yield view.say(texts.next_step(reason, view.place.host))
    if page.answer.reference:
        yield f"{view.say(texts.CODE)}: {spelled(page.answer.reference)}"
    yield view.say(texts.OWNERS[explanation.owner])
    yield _phone(view)


def _notice(view: View, sentence: Words, step: Words, since: str) -> Iterator[str]:
    yield view.say(sentence)
    yield view.say(step)
    yield _phone(view)
    if since:
        yield view.say(texts.OUT_SINCE, time=since)


def _phone(view: View) -> str:
    return f"{view.say(texts.PHONE)}: {spelled(view.place.phone)}" if view.place.phone else ""


def _waiting(page: Waiting, view: View) -> Iterator[str]:
    yield view.say(texts.PROMPT)
    yield view.say(texts.THIS_PLACE)
    yield view.say(texts.COUNTS, house=page.board.in_house, present=page.board.present)
    for one in page.board.zones:
        yield _zone(one, view)


def _zone(zone: ZonePicture, view: View) -> str:
    told = [view.say(texts.ZONES[zone.state])]
    if zone.joined:
        told.append(view.say(texts.JOINED, count=zone.joined))
    if zone.waiting:
        told.append(view.say(texts.WAITING, count=number(zone.waiting, view.language)))
    return f"{said(zone.name, view.language)}: {', '.join(told)}"


def _keys(page: Page, view: View) -> Iterator[str]:
    names = roll_call_keys(page, view) if isinstance(page, RollList) else _zone_names(page, view)
    for key, action in (zone_actions(page) | own_actions(page)).items():
        what = names.get(key) or _what(action, view)
        yield view.say(texts.PRESS, key=capital(key), what=what)


def _zone_names(page: Page, view: View) -> Mapping[str, str]:
    """Return what each zone's key does: join it, with how it is there, or leave it."""
    if not isinstance(page, Answered):
        return {}
    names = {}
    for key, action in zone_actions(page).items():
        zone = page.answer.zones[int(key) - 1]
        is_left = isinstance(action, LeaveZone)
        state = view.say(texts.LEAVE_ZONE) if is_left else view.say(texts.ZONES[zone.state])
        names[key] = f"{said(zone.name, view.language)}, {state}"
    return names


def _what(action: Action, view: View) -> str:
    words: dict[type[Action], Words] = {
        Undo: texts.UNDO_SPOKEN,
        Leave: texts.LEAVE,
        Done: texts.DONE,
        SwitchLanguage: texts.SWITCH_LANGUAGE,
        ChooseLanguage: texts.SWITCH_LANGUAGE,
        ShowAbout: texts.ABOUT,
        JoinZone: texts.QUESTION,
        LeaveZone: texts.LEAVE_ZONE,
        CallRoll: roll_texts.CALL,
        EndRoll: roll_texts.END_YES,
    }
    match action:
        case ChooseNaming(shown=shown):
            return view.say(texts.SHOW_NAME if shown else texts.HIDE_NAME)
        case ChooseOffers(wanted=wanted):
            return view.say(texts.OFFER_AGAIN if wanted else texts.LET_ME_BE)
        case OpenRoll(is_drill=is_drill):
            return view.say(roll_texts.CHOOSE_DRILL if is_drill else roll_texts.CHOOSE_LIVE)
        case AskEnd(is_asked=is_asked):
            return view.say(roll_texts.END if is_asked else roll_texts.BACK)
        case AnswerExit(met=met):
            return view.say({MetSomebody.YES: texts.YES, MetSomebody.NO: texts.NO}.get(met, texts.SKIP))
        case _:
            return view.say(words[type(action)])
