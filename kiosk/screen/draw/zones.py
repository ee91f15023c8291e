"""Zones: how one is now, in words and with a symbol, as a card, a row, or a row to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.domain.answers import ZoneChoice
from kiosk.domain.board import ZonePicture
from kiosk.domain.zones import ZoneState
from kiosk.look import texts
from kiosk.look.glyphs import BETWEEN, PATH, ZONE_SYMBOLS
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import number, said
from kiosk.screen.draw.parts import key_cap
from kiosk.screen.draw.view import View
from kiosk.screen.pages import Action, LeaveZone
from kiosk.screen.paper import Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap

CARD_CELLS_MIN = 23
CARD_GAP = 2
NAME_CELLS_MAX = 22

INKS: dict[ZoneState, Ink] = {
    ZoneState.OCCUPIED: Ink.OCCUPIED,
    ZoneState.VACANT: Ink.VACANT,
    ZoneState.UNKNOWN: Ink.UNKNOWN,
}


def path(view: View, zones: Sequence[ZonePicture]) -> Block:
    """Return the zones as they are now: cards along a path where there is room, else one row each."""
    if are_cards(view, len(zones)):
        return Block(lines=_cards(view, zones), name="zones", gap=0)
    names = max((cells(_name(one, view)) for one in zones), default=0)
    lines = [line for one in zones for line in _row(view, one, min(names, NAME_CELLS_MAX))]
    return Block(lines=lines, name="zones", gap=view.gap())


def are_cards(view: View, count: int) -> bool:
    """Return whether so many zones can stand side by side."""
    return view.is_roomy and count > 0 and (view.width + CARD_GAP) // count - CARD_GAP >= CARD_CELLS_MIN


def choices(view: View, zones: Sequence[ZoneChoice], actions: Mapping[str, Action]) -> list[Block]:
    """Return the zones to choose where there is room for pictures: cards along the path, or a row for each."""
    if not are_cards(view, len(actions)):
        return [choice(view, key, zones[int(key) - 1], action) for key, action in actions.items()]
    widths = _widths(view, len(actions))
    inner = [
        _choice_card(view, key, zones[int(key) - 1], actions[key], width)
        for key, width in zip(actions, widths, strict=True)
    ]
    lines = _side_by_side(view, inner, widths)
    starts = [sum(widths[:at]) + CARD_GAP * at for at in range(len(widths))]
    targets = [
        Target(x, 0, width, len(lines), action)
        for x, width, action in zip(starts, widths, actions.values(), strict=True)
    ]
    return [Block(lines=lines, name="choices", targets=tuple(targets))]


def in_short(view: View, zone: ZoneChoice, action: Action, on: Surface, room: int) -> list[Run]:
    """Return how the zone is, or that choosing it leaves it, in so many cells."""
    return _first_fitting(_choice_words(view, zone, action, on), room)


def choice(view: View, key: str, zone: ZoneChoice, action: Action) -> Block:
    """Return one zone to choose: three rows high where there is room."""
    width = view.width - (1 if view.is_roomy else 0)
    on = Surface.CARD if view.is_roomy else Surface.GROUND
    left = [key_cap(key, is_roomy=view.is_roomy), Run("  " if view.is_roomy else " ", on=on)]
    room = width - sum(cells(one.text) for one in left)
    name = cut(_name(zone, view), room)
    if view.is_roomy:
        name = name.ljust(NAME_CELLS_MAX)
    left.append(Run(name, on=on, strong=True))
    right = _first_fitting(_choice_words(view, zone, action, on), room - cells(name) - 1)
    spare = room - cells(name) - sum(cells(one.text) for one in right) - 3
    if view.is_roomy and spare >= cells(said(zone.about, view.language)):
        left.append(Run(said(zone.about, view.language), Ink.QUIET, on))
    line = between(left, right, width, on)
    lines = [line]
    if view.is_roomy:
        cap = cells(left[0].text)
        above, below = edges((cap, Surface.KEY), (view.width - cap, on))
        lines = [above, (*line, Run(" ", on=on)), below]
    target = Target(0, 0, view.width, len(lines), action)
    return Block(lines=lines, name=f"zone {key}", targets=(target,))


def _name(zone: ZonePicture | ZoneChoice, view: View) -> str:
    return cut(said(zone.name, view.language), view.width)


def _state(state: ZoneState, view: View, on: Surface) -> list[Run]:
    ink = INKS[state]
    return [Run(f"{ZONE_SYMBOLS[state]} ", ink, on, strong=True), Run(view.say(texts.ZONES[state]), ink, on)]


def _row(view: View, zone: ZonePicture, names: int) -> list[Line]:
    on = Surface.GROUND
    symbol, state = _state(zone.state, view, on)
    shortest = cells(_name(zone, view)) + 1 + sum(cells(one.text) for one in (symbol, state))
    is_aligned = view.room > Room.TIGHT and shortest + 1 + names - cells(_name(zone, view)) <= view.width
    name = Run(_name(zone, view).ljust(names if is_aligned else 0), strong=True)
    left = [symbol, name, Run("  " if is_aligned else " ")]
    room = view.width - sum(cells(one.text) for one in left)
    more = [Run(f" {BETWEEN} {one}", Ink.QUIET) for one in _people(view, zone)]
    since = [Run(f" {_since(view, zone)}", Ink.QUIET)] if zone.state is ZoneState.UNKNOWN and zone.since else []
    candidates = [[state, *since, *more], [state, *since, *more[:1]], [state, *since], [state, *more[:1]], [state]]
    chosen = _first_fitting(candidates, room)
    lines = [fill([*left, *chosen], view.width)]
    if since and since[0] not in chosen and view.room > Room.TIGHT:
        lines.append(fill([Run("  "), Run(_since(view, zone), Ink.QUIET)], view.width))
    return lines


def _people(view: View, zone: ZonePicture) -> list[str]:
    language = view.language
    found = []
    if zone.joined:
        found.append(view.say(texts.JOINED, count=zone.joined))
    if zone.waiting:
        found.append(view.say(texts.WAITING, count=number(zone.waiting, language)))
    return found


def _since(view: View, zone: ZonePicture) -> str:
    return view.say(texts.SINCE, time=view.time(zone.since)) if zone.since else ""


def _choice_words(view: View, zone: ZoneChoice, action: Action, on: Surface) -> list[list[Run]]:
    if isinstance(action, LeaveZone):
        words = (texts.LEAVE_ZONE, texts.LEAVE_ZONE_SHORT)
        return [[Run(view.say(one), Ink.ACCENT, on, strong=True)] for one in words]
    state = _state(zone.state, view, on)
    joined = [Run(f" {BETWEEN} {view.say(texts.JOINED, count=zone.joined)}", Ink.QUIET, on)] if zone.joined else []
    return [[*state, *joined], state, [replace(state[0], text=ZONE_SYMBOLS[zone.state])]]


def _first_fitting(candidates: Sequence[list[Run]], room: int) -> list[Run]:
    return next((one for one in candidates if sum(cells(run.text) for run in one) <= room), [])


def _cards(view: View, zones: Sequence[ZonePicture]) -> list[Line]:
    widths = _widths(view, len(zones))
    return _side_by_side(view, [_card(view, one, width) for one, width in zip(zones, widths, strict=True)], widths)


def _widths(view: View, count: int) -> list[int]:
    width, wider = divmod(view.width + CARD_GAP, count)
    return [width - CARD_GAP + (at < wider) for at in range(count)]


def _side_by_side(view: View, inner: Sequence[list[Line]], widths: Sequence[int]) -> list[Line]:
    height = max(len(one) for one in inner)
    columns = [_framed(one, width, height) for one, width in zip(inner, widths, strict=True)]
    lines = []
    for at in range(height + 2):
        link = Run(PATH * CARD_GAP, Ink.QUIET) if at == 1 else Run(" " * CARD_GAP)
        runs = [run for column in columns for run in (*column[at], link)]
        lines.append(fill(runs[:-1], view.width))
    return lines


def _framed(lines: list[Line], width: int, height: int) -> list[Line]:
    above, below = edges((width, Surface.CARD))
    return [above, *lines, *[fill([], width, Surface.CARD)] * (height - len(lines)), below]


def _choice_card(view: View, key: str, zone: ZoneChoice, action: Action, width: int) -> list[Line]:
    on, room = Surface.CARD, width - 3
    cap = key_cap(key, is_roomy=True)
    inset = cells(cap.text) + 1
    names = wrap(_name(zone, view), room + 1 - inset)
    lines: list[list[Run]] = [[cap, Run(f" {names[0]}", on=on, strong=True)]]
    lines += [[Run(" " * (inset - 1) + one, on=on, strong=True)] for one in names[1:]]
    about = wrap(said(zone.about, view.language), room)[:2]
    lines += [[Run(one, Ink.QUIET, on)] for one in about]
    lines.append(in_short(view, zone, action, on, room))
    return [fill([Run(" " if at == 0 else "  ", on=on), *one], width, on) for at, one in enumerate(lines)]


def _card(view: View, zone: ZonePicture, width: int) -> list[Line]:
    on, room = Surface.CARD, width - 3
    symbol, state = _state(zone.state, view, on)
    lines = [[Run(cut(_name(zone, view), room), on=on, strong=True)]]
    lines += [[Run(one, Ink.QUIET, on)] for one in wrap(said(zone.about, view.language), room)[:2]]
    lines.append([symbol, state])
    more = _people(view, zone)
    if zone.state is ZoneState.UNKNOWN and zone.since:
        more = [_since(view, zone), *more]
    for at, one in enumerate(more):
        text = f" {one}" if at == 0 and zone.state is ZoneState.UNKNOWN else f" {BETWEEN} {one}"
        if at == 0 and sum(cells(run.text) for run in lines[-1]) + cells(text) <= room:
            lines[-1].append(Run(text, Ink.QUIET, on))
        else:
            lines += [[Run(f"  {part}", on=on)] for part in wrap(one, room - 2)]
    return [fill([Run("  ", on=on), *one], width, on) for one in lines]
