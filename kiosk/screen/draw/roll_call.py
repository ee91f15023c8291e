"""A host's roll call: live or drill, everybody in the house with a key each, and the report at its end."""

from dataclasses import dataclass, replace

from kiosk.domain.evacuation import Sought
from kiosk.domain.zones import Words
from kiosk.look import roll_texts as texts
from kiosk.look import texts as common
from kiosk.look.glyphs import BETWEEN, FOUND, OUT_OF_ORDER, PERSON_UNCERTAIN, ROLL_DRILL
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import printable
from kiosk.look.words import said as in_words
from kiosk.screen.draw.about import closes
from kiosk.screen.draw.parts import TARGET_ROWS, Button, Detail, Tone, buttons, header, hero, key_cap, paragraph
from kiosk.screen.draw.turns import MORE_KEY, Parts, Tile, in_turns, tile_rows
from kiosk.screen.draw.view import View
from kiosk.screen.pages import Action, Done, More, SwitchLanguage, own_actions
from kiosk.screen.paper import Anchor, Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap
from kiosk.screen.roll_pages import (
    ROOM_MAX,
    AskEnd,
    EndRoll,
    MarkPerson,
    OpenRoll,
    RollEnd,
    RollList,
    RollPage,
    RollReport,
    RollStart,
)

TIGHT_ROWS = 2
ROOMY_COLUMNS = 2
COLUMN_GAP = 2
PEOPLE_MIN: dict[Room, int] = {Room.ROOMY: 4, Room.PLAIN: 3, Room.CLOSE: 2, Room.TIGHT: 1}
"""With fewer people on a page the next closer layout is tried."""


def roll_call(page: RollPage, view: View) -> list[Block]:
    """Return the blocks of a page of a roll call."""
    match page:
        case RollStart():
            return _start(page, view)
        case RollList():
            return _list(page, view)
        case RollEnd():
            return _end(page, view)
        case RollReport():
            return _report(page, view)


def _start(page: RollStart, view: View) -> list[Block]:
    """Return the question which kind it is."""
    tone = Tone(Surface.STOP, OUT_OF_ORDER)
    told = [paragraph(view, view.say(texts.NAMES_SHOWN), name="names")]
    asked = Detail(view.say(texts.REFUSED if page.is_refused else texts.CHOOSE), strong=page.is_refused)
    return _asked(page, tone, view.say(texts.CALL), [asked], told, view)


def _end(page: RollEnd, view: View) -> list[Block]:
    """Return the question whether it is over."""
    left = view.say(texts.LEFT_SHORT, left=page.left) if page.left else view.say(texts.ALL_FOUND)
    return _asked(page, _tone(is_drill=page.is_drill), view.say(texts.END_ASKED), [Detail(left)], [], view)


def _report(page: RollReport, view: View) -> list[Block]:
    """Return the report: how many were found, and who was not."""
    report = [Detail(view.say(texts.REPORT, found=page.found, sought=page.sought))]
    told: list[Block] = []
    if page.missing:
        told.append(paragraph(view, view.say(texts.MISSING), name="missing"))
        told += [_named(one, view) for one in page.missing]
    tone = Tone(Surface.STOP if page.missing and not page.is_drill else Surface.KNOWN, _symbol(is_drill=page.is_drill))
    headline = view.say(texts.ENDED_DRILL if page.is_drill else texts.ENDED)
    return _asked(page, tone, headline, report, told, view)


def _list(page: RollList, view: View) -> list[Block]:
    """Return the list, with as many people as fit; too few of them, and the page does not fit on purpose."""
    layout = _layout(page, view)
    foot = layout.foot
    count = layout.people
    if page.closes_s is not None and not view.is_roomy:
        # In place of the keys, all of which give more time now: who stands on the list stays where they are.
        foot = [replace(paragraph(view, closes(page.closes_s, view), Ink.ACCENT, name="closing"), anchor=Anchor.FOOT)]
        count = min(count, (view.height - _rows([*layout.head, *foot])) // layout.rows)
    shown = [_Row(str(at), one, page) for at, one in enumerate(page.people[page.first :][:count], start=1)]
    people = _people(shown, layout, view)
    if not page.people:
        people = [paragraph(view, view.say(texts.NOBODY), name="nobody")]
    blocks = [*layout.head, *people, *foot]
    is_short = layout.people < min(PEOPLE_MIN[view.room], len(page.people))
    return [*blocks, Block(lines=[fill([], view.width)] * view.height, name="no room")] if is_short else blocks


@dataclass(frozen=True, slots=True)
class _Layout:
    """The head and the foot, and how many people fit between them."""

    head: list[Block]
    foot: list[Block]
    people: int
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    one: Sought
    page: RollList

    @property
    def is_found(self) -> bool:
        return self.one.key in self.page.found


def _layout(page: RollList, view: View) -> _Layout:
    columns = ROOMY_COLUMNS if view.is_roomy else 1
    rows = TIGHT_ROWS if view.room is Room.TIGHT else TARGET_ROWS
    layout = _Layout([], [], 0, columns, rows)
    for more in ("", "9/9"):
        head, foot = _head(page, more, view), _foot(page, more, view)
        fit = min(ROOM_MAX, max(0, (view.height - _rows([*head, *foot])) // rows) * columns)
        layout = _Layout(head, foot, fit, columns, rows)
        if len(page.people) <= fit:
            return layout
    pages = -(-len(page.people) // max(1, layout.people))
    at = min(pages, -(-page.first // max(1, layout.people)) + 1)
    more = f"{at}/{pages}"
    return replace(layout, head=_head(page, more, view), foot=_foot(page, more, view))


def _head(page: RollList, more: str, view: View) -> list[Block]:
    tone = _tone(is_drill=page.is_drill)
    left = view.say(texts.LEFT, left=page.left, sought=len(page.people))
    kind = view.say(texts.DRILL if page.is_drill else texts.LIVE)
    if view.is_roomy:
        news = closes(page.closes_s, view) if page.closes_s is not None else _news(page, view)
        headline = f"{view.say(texts.CALL)} {BETWEEN} {kind}"
        details = [Detail(view.say(texts.LEFT_SENTENCE, left=page.left, sought=len(page.people))), Detail(news)]
        return [header(view), *hero(view, tone, headline, details, Anchor.TOP)]
    if view.room is Room.TIGHT:
        kind = view.say(texts.DRILL_SHORT if page.is_drill else texts.LIVE_SHORT)
        return [_band([f"{kind} {BETWEEN} {view.say(texts.LEFT_SHORT, left=page.left)}"], "", tone, view)]
    if not page.can_ask:
        left = f"{view.say(texts.LEFT_SHORT, left=page.left)} {BETWEEN} {view.say(texts.ALONE_SHORT)}"
    return [_band([kind, left], more, tone, view)]


def _band(told: list[str], more: str, tone: Tone, view: View) -> Block:
    """Return the head's lines, with the way to more people beside the first: there the whole head can be touched."""
    on = tone.on
    right = [key_cap(MORE_KEY, is_roomy=False), Run(f" {view.say(common.MORE)} {more}", on=on)] if more else []
    lines = [between([Run(f"{tone.symbol} {told[0]}", on=on, strong=True)], right, view.width, on)]
    lines += [fill([Run(one, on=on)], view.width, on) for one in told[1:]]
    targets = (Target(0, 0, view.width, max(TARGET_ROWS, len(lines)), More()),) if more else ()
    return Block(lines=lines, name="hero", on=on, anchor=Anchor.TOP, targets=targets)


def _news(page: RollList, view: View) -> str:
    if not page.can_ask:
        return view.say(texts.ALONE)
    return view.say(texts.TICK_HINT) if page.left else view.say(texts.ALL_FOUND)


def _foot(page: RollList, more: str, view: View) -> list[Block]:
    keys = [_button(key, one, view) for key, one in own_actions(page).items() if not isinstance(one, MarkPerson)]
    if more and view.is_roomy:
        keys = [Button(MORE_KEY, f"{view.say(common.MORE)} {more}", More()), *keys]
    if view.is_roomy:
        return [replace(buttons(view, keys, gap=1), anchor=Anchor.FOOT)]
    if view.room is Room.TIGHT:
        rows = [buttons(view, keys)]
        if more:
            turn = Button(MORE_KEY, f"{view.say(common.MORE)} {more}", More())
            rows = [buttons(view, [turn]), *rows]
        return [replace(one, anchor=Anchor.FOOT) for one in rows]
    return [replace(one, anchor=Anchor.FOOT) for one in tile_rows([Tile(one) for one in keys], view)]


def _rows(blocks: list[Block]) -> int:
    return sum(len(one.lines) + one.gap for one in blocks)


def _people(rows: list[_Row], layout: _Layout, view: View) -> list[Block]:
    width = (view.width - COLUMN_GAP * (layout.columns - 1)) // layout.columns
    return [_beside(rows[at : at + layout.columns], width, view) for at in range(0, len(rows), layout.columns)]


def _beside(rows: list[_Row], width: int, view: View) -> Block:
    drawn = [_person(one, width, view) for one in rows]
    lines = [
        fill([run for one in drawn for run in (*one[at], Run(" " * COLUMN_GAP))][:-1], view.width)
        for at in range(len(drawn[0]))
    ]
    targets = [
        Target(at * (width + COLUMN_GAP), 0, width, len(lines), MarkPerson(row.one.key, is_found=not row.is_found))
        for at, row in enumerate(rows)
    ]
    return Block(lines=lines, name="people", targets=tuple(targets))


def _person(row: _Row, width: int, view: View) -> list[Line]:
    """Return somebody's rows: the key and the name, and where and when they were last seen."""
    is_tight = view.room is Room.TIGHT
    on = Surface.GROUND if is_tight else Surface.CARD
    cap = key_cap(row.key, is_roomy=not is_tight)
    mark = FOUND if row.is_found else PERSON_UNCERTAIN if not row.one.certain else " "
    marked = mark if is_tight else f" {mark}"
    inset = cells(cap.text) + cells(marked) + 1
    ink = Ink.QUIET if row.is_found else Ink.PLAIN
    name = _first_that_fits(_names(row.one, view), width - inset)
    first = fill(
        [cap, Run(f"{marked} ", Ink.ACCENT, on, strong=True), Run(name, ink, on, strong=not row.is_found)], width, on
    )
    about = _first_that_fits(_about(row, width - inset, view), width - inset)
    second = fill([Run(" " * inset, on=on), Run(about, ink, on)], width, on)
    if is_tight:
        return [first, second]
    (above,), _below = edges((width, Surface.CARD))
    return [(above,), first, second]


def _names(one: Sought, view: View) -> list[str]:
    """Return what somebody is called, the longest first: a guest is one, and whose where there is room."""
    name = printable(one.name)
    if not one.guest:
        return [name]
    whose = view.say(texts.GUEST_OF, name=printable(one.guest_of or ""))
    return [f"{name}, {whose}", f"{name}, {view.say(texts.GUEST)}"]


def _about(row: _Row, width: int, view: View) -> list[str]:
    """Return where and when somebody was last seen, and what else there is to say, the longest first."""
    when = f", {view.time(row.one.seen)}"
    where = f"{cut(_zone(row.one, view), width - cells(when))}{when}"
    state = view.say(texts.FOUND) if row.is_found else view.say(texts.UNCERTAIN) if not row.one.certain else ""
    told = f"{state} {BETWEEN} {where}" if state else where
    agency = printable(row.one.agency)
    return [f"{told} {BETWEEN} {agency}", told, where]


def _zone(one: Sought, view: View) -> str:
    named: Words = view.place.zones.get(one.last_zone, texts.NO_ZONE) if one.last_zone else texts.NO_ZONE
    return in_words(named, view.language)


def _first_that_fits(candidates: list[str], width: int) -> str:
    return next((one for one in candidates if cells(one) <= width), cut(candidates[-1], width))


def _named(one: Sought, view: View) -> Block:
    where = f"{_zone(one, view)}, {view.time(one.seen)}"
    lines = [Run(text, strong=at == 0) for at, text in enumerate(wrap(_names(one, view)[0], view.width))]
    return Block(lines=[fill([run], view.width) for run in (*lines, Run(cut(f"  {where}", view.width)))], name="person")


def _tone(*, is_drill: bool) -> Tone:
    return Tone(Surface.KNOWN if is_drill else Surface.STOP, _symbol(is_drill=is_drill))


def _symbol(*, is_drill: bool) -> str:
    return ROLL_DRILL if is_drill else OUT_OF_ORDER


def _asked(  # noqa: PLR0913, PLR0917 - the parts of one page
    page: RollStart | RollEnd | RollReport,
    tone: Tone,
    headline: str,
    details: list[Detail],
    told: list[Block],
    view: View,
) -> list[Block]:
    """Return a page of a few words and buttons, in parts where it does not fit."""
    keys = [_button(key, one, view) for key, one in own_actions(page).items()]
    if page.closes_s is not None:
        details = [*details, Detail(closes(page.closes_s, view), strong=True)]
    if view.is_roomy:
        return [header(view), *hero(view, tone, headline, details, Anchor.TOP), *told, buttons(view, keys, gap=1)]
    parts = Parts(
        tone=tone,
        headline=headline,
        details=details,
        texts=told,
        tiles=[Tile(one) for one in keys],
        turn=page.turn,
    )
    return in_turns(parts, view)


def _button(key: str, action: Action, view: View) -> Button:
    match action:
        case OpenRoll(is_drill=is_drill):
            return Button(key, view.say(texts.CHOOSE_DRILL if is_drill else texts.CHOOSE_LIVE), action)
        case AskEnd(is_asked=is_asked):
            return Button("E" if is_asked else "Enter", view.say(texts.END if is_asked else texts.BACK), action)
        case EndRoll():
            return Button("J", view.say(texts.END_YES), action)
        case SwitchLanguage():
            return Button("S", view.say(common.SWITCH_LANGUAGE), action)
        case Done():
            return Button("Enter", view.say(common.DONE), action)
        case _:
            message = f"no button shows {type(action).__name__}"
            raise TypeError(message)
