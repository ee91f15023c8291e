"""What is out of order or refused: what happened, what to do next and who owns it, in both languages."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.domain.reasons import EXPLANATIONS, Owner, Reason
from kiosk.domain.zones import Words
from kiosk.look import texts
from kiosk.look.glyphs import OUT_OF_ORDER, READER_SYMBOLS, STARTING, reason_symbol
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import other
from kiosk.screen.draw.about import pressing
from kiosk.screen.draw.parts import Button, Detail, Tone, buttons, header, hero, paragraph
from kiosk.screen.draw.turns import Parts, Tile, in_turns
from kiosk.screen.draw.view import View
from kiosk.screen.pages import DeskDown, Done, Fault, ReaderDown, Refused, Starting, SwitchLanguage
from kiosk.screen.paper import Anchor, Block, Room, Run, fill


def refused(page: Refused, view: View) -> list[Block]:
    """Return the blocks of a refusal."""
    reason = page.answer.reason or Reason.FAULT
    explanation = EXPLANATIONS[reason]
    step = texts.next_step(reason, view.place.host)
    on = Surface.RETRY if explanation.owner is Owner.MEMBER else Surface.STOP
    tone = Tone(on, reason_symbol(reason))
    more = [*_pressing(page, view), *_code(page.answer.reference, view)]
    more += [*_phone(view), *_owner(explanation.owner, view)]
    switch = Button("S", view.say(texts.SWITCH_LANGUAGE), SwitchLanguage())
    keys = [Button("Enter", view.say(texts.DONE), Done()), switch]
    if view.room is Room.TIGHT:
        more += _other_language(view, explanation.sentence, step)
        parts = Parts(
            tone=tone,
            headline=view.say(explanation.sentence),
            details=[Detail(view.say(step))],
            texts=more,
            tiles=[Tile(one) for one in keys],
            turn=page.turn,
        )
        return in_turns(parts, view)
    blocks = _notice(view, tone, explanation.sentence, step, more)
    return [*blocks, buttons(view, keys, gap=view.gap(), rank=7)]


def reader_down(page: ReaderDown, view: View) -> list[Block]:
    """Return the blocks of the page for a reader that cannot read."""
    text = texts.READERS[page.state]
    step = texts.reader_next_step(page.state, view.place.host)
    more = [*_phone(view), *_since(page.since, view)]
    return _notice(view, Tone(Surface.RETRY, READER_SYMBOLS[page.state]), text.headline, step, more)


def desk_down(page: DeskDown, view: View) -> list[Block]:
    """Return the blocks of the page for a desk that does not answer: nothing that was live."""
    step = texts.TO_HOST[view.place.host]
    more = [*_phone(view), *_since(page.since, view)]
    return _notice(view, Tone(Surface.RETRY, OUT_OF_ORDER), texts.TERMINAL_DOWN, step, more)


def starting(_page: Starting, view: View) -> list[Block]:
    """Return the blocks of the first moments."""
    return _notice(view, Tone(Surface.KNOWN, STARTING), texts.STARTING, texts.PLEASE_WAIT, [])


def fault(_page: Fault, view: View) -> list[Block]:
    """Return the blocks of the calm page for a fault in this program."""
    return _notice(view, Tone(Surface.RETRY, OUT_OF_ORDER), texts.FAULT, texts.FAULT_NEXT, _phone(view))


def _notice(view: View, tone: Tone, sentence: Words, step: Words, more: Sequence[Block]) -> list[Block]:
    """Return the sentence and the step in both languages, and more blocks: the second language never comes between."""
    second = replace(view, language=other(view.language))
    details = [Detail(view.say(step))]
    blocks: list[Block] = []
    if len(view.place.languages) > 1 and view.is_roomy:
        details += [Detail(""), Detail(second.say(sentence), strong=True), Detail(second.say(step))]
    else:
        blocks = _other_language(view, sentence, step)
    return [header(view), *hero(view, tone, view.say(sentence), details, Anchor.BODY), *more, *blocks]


def _other_language(view: View, sentence: Words, step: Words) -> list[Block]:
    if len(view.place.languages) == 1:
        return []
    second = replace(view, language=other(view.language))
    text = f"{second.say(sentence)} {second.say(step)}"
    return [replace(paragraph(view, text, Ink.QUIET, name="other language", rank=1), gap=view.gap())]


def _pressing(page: Refused, view: View) -> list[Block]:
    urgent = pressing(page, view)
    return [paragraph(view, urgent, Ink.ACCENT, name="pressing")] if urgent else []


def _since(since: str, view: View) -> list[Block]:
    if not since:
        return []
    line = fill([Run(view.say(texts.OUT_SINCE, time=since), Ink.QUIET)], view.width)
    return [Block(lines=[line], name="since", rank=5)]


def _code(reference: str | None, view: View) -> list[Block]:
    if not reference:
        return []
    runs = [Run(f"{view.say(texts.CODE)}: "), Run(f" {reference} ", on=Surface.TILE, strong=True)]
    return [Block(lines=[fill(runs, view.width)], name="code", gap=view.gap())]


def _owner(owner: Owner, view: View) -> list[Block]:
    text = view.say(texts.OWNERS[owner])
    return [replace(paragraph(view, text, name="owner", rank=3), gap=view.gap() if view.room > Room.CLOSE else 0)]


def _phone(view: View) -> list[Block]:
    if not view.place.phone:
        return []
    runs = [Run(f"{view.say(texts.PHONE)}: "), Run(view.place.phone, strong=True)]
    return [Block(lines=[fill(runs, view.width)], name="telephone", gap=1 if view.is_roomy else 0)]
