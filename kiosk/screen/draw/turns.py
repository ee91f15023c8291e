"""A page in parts, for few cells in large text: the head stays, and one key turns to what did not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kiosk.look import texts
from kiosk.look.themes import Surface
from kiosk.screen.draw.parts import TARGET_ROWS, Button, Detail, Tone, buttons, header, key_cap
from kiosk.screen.draw.view import View
from kiosk.screen.pages import More
from kiosk.screen.paper import Anchor, Block, Line, Room, Run, Target, between, cells, cut, edges, fill, wrap

COLUMNS = 2
TILE_CELLS_MIN = 14
"""Narrower tiles would cut most words: below that everything stands in rows of one."""
TILE_ROWS_MIN = 2
MORE_KEY = "M"


@dataclass(frozen=True, slots=True)
class Tile:
    """Something to press, three rows high: its key, its name, and a few words more where the name leaves room.

    `row` is how it stands in a window too low for tiles; without it, as a button.
    """

    button: Button
    more: Sequence[Run] = ()
    row: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a page is made of: its head, texts, and things to press. `turn` is how often more was asked for."""

    tone: Tone
    headline: str
    details: Sequence[Detail] = ()
    texts: Sequence[Block] = ()
    tiles: Sequence[Tile] = ()
    turn: int = 0


@dataclass(slots=True)
class _Turn:
    texts: list[Block] = field(default_factory=list)
    rows: list[Block] = field(default_factory=list)


def in_turns(parts: Parts, view: View) -> list[Block]:
    """Return the blocks of that turn, or of the whole page where it fits."""
    if view.room is Room.PLAIN:
        foot = [replace(one, anchor=Anchor.FOOT) for one in tile_rows(parts.tiles, view)]
        return [header(view), *_head(parts, view, "", Anchor.BODY), *parts.texts, *foot]
    turns = _one_by_one(parts, view, 0) if view.room is Room.TIGHT else _tiled(parts, view, "")
    if len(turns) == 1:
        return _page(parts, view, turns[0], "")
    is_tight = view.room is Room.TIGHT
    turns = _one_by_one(parts, view, 1) if is_tight else _tiled(parts, view, _more(view, 9, 9))
    at = parts.turn % len(turns)
    return _page(parts, view, turns[at], _more(view, at + 1, len(turns)))


def tile_rows(tiles: Sequence[Tile], view: View) -> list[Block]:
    """Return the tiles as rows, two beside each other where each has room for its words."""
    columns = COLUMNS if (view.width - 1) // COLUMNS >= TILE_CELLS_MIN else 1
    width = (view.width - (columns - 1)) // columns
    rows = [tiles[at : at + columns] for at in range(0, len(tiles), columns)]
    return [_tile_row(row, width, view) for row in rows]


def _page(parts: Parts, view: View, turn: _Turn, more: str) -> list[Block]:
    if view.room is Room.TIGHT:
        last = [buttons(view, [Button(MORE_KEY, more, More())])] if more else []
        return [*_head(parts, view, "", Anchor.TOP), *turn.texts, *turn.rows, *last]
    foot = [replace(one, anchor=Anchor.FOOT) for one in turn.rows]
    return [*_head(parts, view, more, Anchor.TOP), *turn.texts, *foot]


def _more(view: View, at: int, of: int) -> str:
    return f"{view.say(texts.MORE)} {at}/{of}"


def _head(parts: Parts, view: View, more: str, anchor: Anchor) -> list[Block]:
    """Return what happened, with the way to more beside it: there the whole head can be touched."""
    on, symbol = parts.tone.on, parts.tone.symbol
    inset = cells(symbol) + 1
    right = [key_cap(MORE_KEY, is_roomy=False), Run(f" {more}", on=on)] if more else []
    room = view.width - inset - sum(cells(one.text) for one in right) - bool(more)
    heads = wrap(parts.headline, room)
    starts = [f"{symbol} ", *[" " * inset] * (len(heads) - 1)]
    lines: list[Line] = []
    for at, (start, text) in enumerate(zip(starts, heads, strict=True)):
        lines.append(between([Run(start + text, on=on, strong=True)], right if at == 0 else [], view.width, on))
    for one in parts.details:
        lines += [fill([Run(text, on=on, strong=one.strong)], view.width, on) for text in wrap(one.text, view.width)]
    if view.room is Room.PLAIN:
        edge = fill([], view.width, on)
        lines = [edge, *lines, edge]
    targets = (Target(0, 0, view.width, max(TARGET_ROWS, len(lines)), More()),) if more else ()
    return [Block(lines=lines, name="hero", on=on, anchor=anchor, targets=targets)]


def _tiled(parts: Parts, view: View, more: str) -> list[_Turn]:
    rows_left = view.height - _rows(_head(parts, view, more, Anchor.TOP))
    tiles = tile_rows(parts.tiles, view)
    shown = _tile_rows_shown(rows_left, parts.texts, len(tiles))
    chunks = [tiles[at : at + shown] for at in range(0, len(tiles), shown)] or [[]]
    told = _packed(parts.texts, rows_left - TARGET_ROWS * min(shown, len(tiles)))
    count = max(len(chunks), len(told))
    return [_Turn(told[at] if at < len(told) else [], chunks[at % len(chunks)]) for at in range(count)]


def _tile_rows_shown(rows_left: int, told: Sequence[Block], wanted: int) -> int:
    if _rows(told) + TARGET_ROWS * wanted <= rows_left:
        return max(1, wanted)
    longest = max((len(one.lines) for one in told), default=0)
    return max(TILE_ROWS_MIN, min(wanted, (rows_left - longest) // TARGET_ROWS))


def _one_by_one(parts: Parts, view: View, more_rows: int) -> list[_Turn]:
    rows = [one.row for one in parts.tiles if one.row is not None]
    flow = _flow([one.button for one in parts.tiles if one.row is None], view)
    rows_left = max(1, view.height - _rows(_head(parts, view, "", Anchor.TOP)) - more_rows)
    return [_Turn([], page) for page in _packed([*rows, *parts.texts, *flow], rows_left)]


def _flow(items: Sequence[Button], view: View) -> list[Block]:
    """Return buttons as rows of their own, as many beside each other as fit."""
    found: list[list[Button]] = []
    for item in items:
        if found and len(buttons(view, [*found[-1], item]).lines) == 1:
            found[-1].append(item)
        else:
            found.append([item])
    return [buttons(view, row) for row in found]


def _packed(blocks: Sequence[Block], rows: int) -> list[list[Block]]:
    """Return the blocks in order on pages of so many rows, each page with at least one; no blocks are one page."""
    found: list[list[Block]] = [[]]
    for one in blocks:
        if found[-1] and _rows(found[-1]) + len(one.lines) > rows:
            found.append([])
        found[-1].append(one)
    return found


def _rows(blocks: Sequence[Block]) -> int:
    return sum(len(one.lines) for one in blocks)


def _tile_row(row: Sequence[Tile], width: int, view: View) -> Block:
    drawn = [_tile(one, width) for one in row]
    lines = []
    for at in range(TARGET_ROWS):
        runs = [run for one in drawn for run in (*one[at], Run(" "))]
        lines.append(fill(runs[:-1], view.width))
    targets = [
        Target(at * (width + 1), 0, width, TARGET_ROWS, one.button.action)
        for at, one in enumerate(row)
        if one.button.action is not None
    ]
    return Block(lines=lines, name="tiles", targets=tuple(targets))


def _tile(tile: Tile, width: int) -> list[Line]:
    on, button = Surface.CARD, tile.button
    if button.action is None:
        return [fill([], width)] * TARGET_ROWS
    cap = key_cap(button.key, is_roomy=True)
    inset = cells(cap.text) + 1
    room = width - inset
    words = wrap(button.text, room)
    first, second = words[0], cut(" ".join(words[1:]), room)
    more = list(tile.more) if cells(second) + sum(cells(one.text) for one in tile.more) + bool(second) <= room else []
    if second and not more and tile.more:
        more = [replace(tile.more[0], text=tile.more[0].text.strip())]
        more = more if cells(second) + 1 + cells(more[0].text) <= room else []
    below = [Run(second + (" " if second and more else ""), on=on, strong=True), *more]
    (above,), _below = edges((width, Surface.CARD))
    return [
        (above,),
        fill([cap, Run(f" {first}", on=on, strong=True)], width, on),
        fill([Run(" " * inset, on=on), *below], width, on),
    ]
