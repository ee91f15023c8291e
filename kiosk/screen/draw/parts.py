"""What several pages share: the header, the coloured answer at the top, paragraphs and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.look.glyphs import EDGE_ABOVE, EDGE_BELOW
from kiosk.look.themes import Ink, Surface
from kiosk.screen.draw.view import View
from kiosk.screen.pages import Action
from kiosk.screen.paper import Anchor, Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap

TILE_CELLS = 7
HERO_TILE_CELLS = TILE_CELLS + 3
"""What the symbol takes beside the sentences."""
TARGET_ROWS = 3
"""What can be touched is at least so high, except in a window too low for it."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its key as written on it, what it says, and what it does.

    Without an action its place is left empty, so that nothing else moves under a finger.
    """

    key: str
    text: str
    action: Action | None


@dataclass(frozen=True, slots=True)
class Tone:
    """How an answer looks from a distance: its colour and its symbol."""

    on: Surface
    symbol: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One more sentence of an answer. `rank` as a block's: 0 is never left out."""

    text: str
    name: str = "detail"
    rank: int = 0
    strong: bool = False


def header(view: View) -> Block:
    """Return the house's name and the minute. Where both do not fit, the minute."""
    minute = f"{view.now.astimezone(view.place.zone):%H:%M}"
    room = view.width - cells(minute) - 1
    name = view.place.name if cells(view.place.name) <= room else ""
    line = between(
        [Run(name, on=Surface.BAND, strong=True)],
        [Run(minute, Ink.ACCENT, Surface.BAND, strong=True)],
        view.width,
        Surface.BAND,
    )
    return Block(lines=[line], name="header", rank=6, on=Surface.BAND, anchor=Anchor.TOP)


def hero(view: View, tone: Tone, headline: str, details: Sequence[Detail], anchor: Anchor) -> list[Block]:
    """Return what happened, on the colour of what happened, with its symbol: legible from a distance."""
    on = tone.on
    if view.is_roomy:
        return [Block(lines=_tiled(view, tone, headline, details), name="hero", on=on, anchor=anchor)]
    inset = cells(tone.symbol) + 1
    heads = wrap(headline, view.width - inset)
    starts = [f"{tone.symbol} ", *[" " * inset] * (len(heads) - 1)]
    lines = [
        fill([Run(start + text, on=on, strong=True)], view.width, on) for start, text in zip(starts, heads, strict=True)
    ]
    blocks = [Block(lines=lines, name="hero", on=on, anchor=anchor)]
    for one in details:
        told = [fill([Run(text, on=on, strong=one.strong)], view.width, on) for text in wrap(one.text, view.width)]
        blocks.append(Block(lines=told, name=one.name, rank=one.rank, on=on, anchor=anchor))
    if view.room is Room.PLAIN:
        edge = Block(lines=[fill([], view.width, on)], name="hero edge", on=on, anchor=anchor)
        blocks = [edge, *blocks, edge]
    return blocks


def paragraph(view: View, text: str, ink: Ink = Ink.PLAIN, *, name: str, rank: int = 0) -> Block:
    """Return a text of one or more lines on the ground."""
    lines = [fill([Run(one, ink)], view.width) for one in wrap(text, view.width)]
    return Block(lines=lines, name=name, rank=rank)


def buttons(view: View, items: Sequence[Button], *, gap: int = 0, rank: int = 0) -> Block:
    """Return buttons side by side: cards three rows high where there is room, else one row of keys and words.

    A single row of words can be touched on the two rows above it too, where nothing else can.
    """
    lines: list[Line] = []
    targets: list[Target] = []
    rows = _rows_of(items, view)
    for row in rows:
        _put_buttons(row, view, lines, targets)
    if not view.is_roomy and view.room > Room.TIGHT and len(rows) == 1:
        targets = _raised(targets, view)
    return Block(lines=lines, name="buttons", rank=rank, gap=gap, targets=tuple(targets))


def _raised(targets: Sequence[Target], view: View) -> list[Target]:
    """Return the targets with the rows above and the gap to the next one."""
    ends = [*(one.x for one in targets[1:]), view.width]
    return [
        replace(one, y=1 - TARGET_ROWS, width=end - one.x, height=TARGET_ROWS)
        for one, end in zip(targets, ends, strict=True)
    ]


def key_cap(key: str, *, is_roomy: bool) -> Run:
    """Return a key as it is drawn."""
    return Run(f" {key} " if is_roomy else key, on=Surface.KEY, strong=True)


def _tiled(view: View, tone: Tone, headline: str, details: Sequence[Detail]) -> list[Line]:
    on, room = tone.on, view.width - HERO_TILE_CELLS
    texts = [Run(one, on=on, strong=True) for one in wrap(headline, room)]
    texts += [Run(text, on=on, strong=one.strong) for one in details for text in wrap(one.text, room)]
    middle = tone.symbol.center(TILE_CELLS)
    tile = [
        Run(EDGE_ABOVE * TILE_CELLS, on=on, edge=Surface.TILE),
        Run(middle, on=Surface.TILE, strong=True),
        Run(EDGE_BELOW * TILE_CELLS, on=on, edge=Surface.TILE),
    ]
    height = max(len(tile), len(texts))
    tile_top, text_top = (height - len(tile)) // 2, (height - len(texts)) // 2
    empty = fill([], view.width, on)
    lines = [empty]
    for at in range(height):
        left = tile[at - tile_top] if 0 <= at - tile_top < len(tile) else Run(" " * TILE_CELLS, on=on)
        text = [texts[at - text_top]] if 0 <= at - text_top < len(texts) else []
        lines.append(fill([left, Run("   ", on=on), *text], view.width, on))
    return [*lines, empty]


def _width(item: Button, view: View) -> int:
    return cells(item.key) + cells(item.text) + (5 if view.is_roomy else 1)


def _rows_of(items: Sequence[Button], view: View) -> list[list[Button]]:
    rows: list[list[Button]] = [[]]
    used = 0
    for item in items:
        wide = _width(item, view) + _gap(items, view)
        if rows[-1] and used + _width(item, view) > view.width:
            rows.append([])
            used = 0
        rows[-1].append(item)
        used += wide
    return [row for row in rows if row]


def _gap(items: Sequence[Button], view: View) -> int:
    """Return the cells between buttons: fewer where that brings them all onto one row."""
    wide = sum(_width(one, view) for one in items)
    return 1 if wide + 2 * (len(items) - 1) > view.width >= wide + len(items) - 1 else 2


def _put_buttons(row: list[Button], view: View, lines: list[Line], targets: list[Target]) -> None:
    above: list[Run] = []
    middle: list[Run] = []
    below: list[Run] = []
    x, top, height = 0, len(lines), TARGET_ROWS if view.is_roomy else 1
    between_cells = _gap(row, view)
    gap = Run(" " * between_cells)
    for item in row:
        width = min(_width(item, view), view.width)
        on = Surface.CARD if view.is_roomy else Surface.GROUND
        cap = cells(item.key) + 2
        edge_above, edge_below = edges((cap, Surface.KEY), (width - cap, on))
        if item.action is None:
            blank = Run(" " * width)
            middle += [blank, gap]
            above += [blank, gap]
            below += [blank, gap]
            x += width + between_cells
            continue
        text = cut(item.text, width - cells(item.key) - 1)
        words = f"  {text} " if view.is_roomy else f" {text}"
        middle += [key_cap(item.key, is_roomy=view.is_roomy), Run(words, on=on), gap]
        above += [*edge_above, gap]
        below += [*edge_below, gap]
        targets.append(Target(x, top, width, height, item.action))
        x += width + between_cells
    drawn = [above, middle, below] if view.is_roomy else [middle]
    lines.extend(fill(one[:-1], view.width) for one in drawn)
