"""The waiting page: what to do, what this place is, how the zones are, and in a demonstration how to try it."""

from kiosk.domain.board import Board
from kiosk.look import texts
from kiosk.look.glyphs import BADGE_ART, BETWEEN
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import other, said
from kiosk.screen.draw import zones
from kiosk.screen.draw.parts import Button, buttons, header, key_cap
from kiosk.screen.draw.view import View
from kiosk.screen.pages import ShowBadge, SwitchLanguage, Waiting
from kiosk.screen.paper import Anchor, Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap

BADGE_CELLS_MIN = 24


def waiting(page: Waiting, view: View) -> list[Block]:
    """Return the blocks of the waiting page."""
    blocks = [header(view), _prompt(view)]
    blocks += _zones(view, page.board)
    if view.place.is_demonstration:
        blocks += [_demonstration(view)]
    elif len(view.place.languages) > 1:
        switch = Button("S", said(texts.SWITCH_LANGUAGE, view.language), SwitchLanguage())
        blocks.append(buttons(view, [switch], gap=view.gap(), rank=5))
    return blocks


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
    if view.room > Room.TIGHT:
        lines += [fill([Run(one, Ink.QUIET)], view.width) for one in wrap(about, view.width)]
    return Block(lines=lines, name="prompt", gap=view.gap())


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
    keys = [key_cap("S", is_roomy=False), Run(f" {said(texts.SWITCH_LANGUAGE, view.language)}", on=on)]
    if view.place.may_quit:
        keys += [Run("   ", on=on), key_cap("Q", is_roomy=False), Run(f" {view.say(texts.QUIT)}", on=on)]
    hint = Run(f"  {view.say(texts.TRY_IT)}", Ink.QUIET, on)
    has_room = sum(cells(one.text) for one in (*title, hint, *keys)) < view.width
    lines = [between([*title, hint] if has_room else title, keys, view.width, on)]
    if not has_room:
        lines += [fill([Run(one, Ink.QUIET, on)], view.width, on) for one in wrap(hint.text, view.width)]
    targets = _example_badges(view, lines)
    for one in view.place.notice:
        lines += [fill([Run(text, Ink.QUIET, on)], view.width, on) for text in wrap(one, view.width)]
    return Block(lines=lines, name="demonstration", rank=9, gap=1, on=on, anchor=Anchor.FOOT, targets=tuple(targets))


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
