"""The waiting page: what to do, what this place is, how the zones are, and in a demonstration how to try it."""

from dataclasses import replace

from kiosk.domain.board import Board
from kiosk.look import texts
from kiosk.look.glyphs import BADGE_ART, BETWEEN, OFFER
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import capital, number, other, place, said
from kiosk.screen.draw import zones
from kiosk.screen.draw.parts import Button, buttons, header, key_cap
from kiosk.screen.draw.view import View
from kiosk.screen.pages import Quit, ShowAbout, ShowBadge, Speak, SwitchLanguage, Waiting
from kiosk.screen.paper import Anchor, Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap

BADGE_CELLS_MIN = 24
_BAND_GAP = 3


def waiting(page: Waiting, view: View) -> list[Block]:
    """Return the blocks of the waiting page."""
    top = [header(view), _prompt(view)] if view.room >= Room.PLAIN else _prompt_with_minute(view)
    blocks = [*top, *_zones(view, page.board), *_wall(view, page.board)]
    if view.place.is_demonstration:
        blocks += [_demonstration(view)]
    else:
        blocks.append(buttons(view, _keys(view), gap=view.gap()))
    return blocks


def _keys(view: View) -> list[Button]:
    keys = [Button("I", view.say(texts.ABOUT), ShowAbout())]
    if len(view.place.languages) > 1:
        keys.insert(0, Button("S", said(texts.SWITCH_LANGUAGE, view.language), SwitchLanguage()))
    if view.place.can_speak:
        keys.append(Button("T", view.say(texts.SPEECH), Speak()))
    return keys


def _wall(view: View, board: Board) -> list[Block]:
    """Return where somebody has waited without company, as a number: never who."""
    waiting = max(board.zones, key=lambda one: one.waiting, default=None)
    if waiting is None or not waiting.waiting:
        return []
    count = capital(number(waiting.waiting, view.language))
    text = view.say(texts.WALL, count=count, zone=place(waiting.name, view.language))
    lines = [
        fill([Run(f"{OFFER} " if at == 0 else "  ", Ink.ACCENT), Run(one, Ink.ACCENT, strong=True)], view.width)
        for at, one in enumerate(wrap(text, view.width - 2))
    ]
    return [Block(lines=lines, name="wall", rank=2, gap=1 if view.is_roomy else 0)]


def _prompt(view: View) -> Block:
    second = said(texts.PROMPT, other(view.language)) if len(view.place.languages) > 1 else ""
    first, about = view.say(texts.PROMPT), view.say(texts.THIS_PLACE)
    if view.is_roomy:
        room = view.width - cells(BADGE_ART[0]) - 2
        call = f"  {first}  {BETWEEN}  {second}  " if second else f"  {first}  "
        (above,), (below,) = edges((cells(call), Surface.KEY))
        rows = [above, Run(call, on=Surface.KEY, strong=True), below, Run(cut(about, room), Ink.QUIET)]
        lines = [
            fill([Run(art, Ink.ACCENT), Run("  "), row], view.width) for art, row in zip(BADGE_ART, rows, strict=True)
        ]
        return Block(lines=lines, name="prompt", gap=1)
    lines = [fill([Run(first, Ink.ACCENT, strong=True)], view.width)]
    if second:
        lines.append(fill([Run(second, Ink.QUIET)], view.width))
    lines += [fill([Run(one, Ink.QUIET)], view.width) for one in wrap(about, view.width)]
    return Block(lines=lines, name="prompt", gap=1)


def _prompt_with_minute(view: View) -> list[Block]:
    """Return what to do and the minute, for few rows: whoever stands here knows the house's name."""
    lines: list[Line] = []
    if len(view.place.languages) > 1:
        lines.append(fill([Run(said(texts.PROMPT, other(view.language)), Ink.QUIET)], view.width))
    if view.room > Room.TIGHT:
        lines += [fill([Run(one, Ink.QUIET)], view.width) for one in wrap(view.say(texts.THIS_PLACE), view.width)]
    named = replace(view, place=replace(view.place, name=view.say(texts.PROMPT)))
    return [replace(header(named), rank=0), Block(lines=lines, name="prompt", anchor=Anchor.TOP)]


def _zones(view: View, board: Board) -> list[Block]:
    counts = view.say(texts.COUNTS, house=board.in_house, present=board.present)
    if view.is_roomy:
        head = between([Run(view.say(texts.PATH_NOW), strong=True)], [Run(counts, Ink.ACCENT)], view.width)
        return [Block(lines=[head], name="counts", gap=1), zones.path(view, board.zones)]
    lines = [fill([Run(one, Ink.ACCENT)], view.width) for one in wrap(counts, view.width)]
    return [zones.path(view, board.zones), Block(lines=lines, name="counts", rank=4, gap=view.gap())]


def _demonstration(view: View) -> Block:
    on = Surface.BAND
    title = [Run(view.say(texts.DEMONSTRATION), Ink.ACCENT, on, strong=True)]
    if view.place.speed > 1:
        title.append(Run(f" {BETWEEN} {view.say(texts.SPED_UP, speed=view.place.speed)}", on=on))
    hint = Run(view.say(texts.TRY_IT), Ink.QUIET, on)
    has_room = sum(cells(one.text) for one in (*title, hint)) < view.width
    lines = [between(title, [hint], view.width, on) if has_room else fill(title, view.width, on)]
    if not has_room:
        lines += [fill([Run(one, Ink.QUIET, on)], view.width, on) for one in wrap(hint.text, view.width)]
    targets = [*_band_keys(view, lines), *_example_badges(view, lines)]
    for one in view.place.notice:
        lines += [fill([Run(text, Ink.QUIET, on)], view.width, on) for text in wrap(one, view.width)]
    return Block(lines=lines, name="demonstration", rank=9, gap=1, on=on, anchor=Anchor.FOOT, targets=tuple(targets))


def _band_keys(view: View, lines: list[Line]) -> list[Target]:
    """Add the page's own keys, and return where they can be touched."""
    keys = _keys(view)
    if view.place.may_quit:
        keys.append(Button("Q", view.say(texts.QUIT), Quit()))
    targets: list[Target] = []
    rows: list[list[Run]] = [[]]
    x = 0
    for one in keys:
        width = cells(one.key) + 1 + cells(one.text)
        if x and x + width > view.width:
            rows.append([])
            x = 0
        rows[-1] += [key_cap(one.key, is_roomy=False), Run(f" {one.text}", on=Surface.BAND)]
        if one.action is not None:
            targets.append(Target(x, len(lines) + len(rows) - 1, width, 1, one.action))
        x += width + _BAND_GAP
        rows[-1].append(Run(" " * min(_BAND_GAP, max(0, view.width - x + _BAND_GAP)), on=Surface.BAND))
    lines.extend(fill(row, view.width, Surface.BAND) for row in rows)
    return targets


def _example_badges(view: View, lines: list[Line]) -> list[Target]:
    on, badges = Surface.BAND, view.place.badges
    columns = max(1, min(len(badges), view.width // BADGE_CELLS_MIN))
    wide = view.width // columns
    targets = []
    rows = -(-len(badges) // columns)
    for row in range(rows):
        runs: list[Run] = []
        for column, badge in enumerate(badges[row::rows]):
            name = cut(badge.name, wide - 5)
            cap = key_cap(badge.key, is_roomy=True)
            spare = wide - cells(cap.text) - 1 - cells(name)
            runs += [cap, Run(f" {name}{' ' * spare}", on=on)]
            targets.append(Target(column * wide, len(lines), wide, 1, ShowBadge(badge.uid)))
        lines.append(fill(runs, view.width, on))
    return targets
