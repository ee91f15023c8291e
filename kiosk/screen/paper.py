"""Paper to draw on: runs of text, lines, and blocks set on a page of so many cells. No colours, no Textual."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from rich.cells import cell_len, set_cell_size

from kiosk.look.glyphs import EDGE_ABOVE, EDGE_BELOW
from kiosk.look.themes import Ink, Surface
from kiosk.look.words import printable
from kiosk.screen.pages import Action

WRAP_CELLS_MIN = 2


class Room(IntEnum):
    """How much room a page takes: the roomiest that fits is drawn."""

    TIGHT = 0
    CLOSE = 1
    PLAIN = 2
    ROOMY = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one kind. With `edge` it is drawn in that surface's own colour: the edge of a card, not text."""

    text: str
    ink: Ink = Ink.PLAIN
    on: Surface = Surface.GROUND
    strong: bool = False
    edge: Surface | None = None


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a touch does something, in cells."""

    x: int
    y: int
    width: int
    height: int
    action: Action

    def holds(self, x: int, y: int) -> bool:
        """Return whether the cell lies in the target."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Anchor(IntEnum):
    """Where spare rows may go: above the body, or above the foot."""

    TOP = 0
    BODY = 1
    FOOT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some lines that belong together. `rank` 0 is never left out; the highest rank goes first when room is short.

    `on` fills the margins beside the lines, `gap` is the number of empty rows wanted above.
    """

    lines: Sequence[Line]
    name: str
    rank: int = 0
    gap: int = 0
    on: Surface = Surface.GROUND
    anchor: Anchor = Anchor.BODY
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A drawn page: `height` lines of exactly `width` cells. `left_out` names the blocks there was no room for.

    `is_cropped` says that even so something lies beyond the edge: the window is too small to use.
    """

    width: int
    height: int
    lines: tuple[Line, ...]
    targets: tuple[Target, ...] = ()
    left_out: tuple[str, ...] = ()
    is_cropped: bool = False

    def text(self) -> str:
        """Return the page as plain text, trailing spaces cut."""
        return "\n".join("".join(run.text for run in line).rstrip() for line in self.lines)

    def action_at(self, x: int, y: int) -> Action | None:
        """Return what a touch there does."""
        return next((one.action for one in self.targets if one.holds(x, y)), None)


@dataclass(slots=True)
class _Sheet:
    width: int
    margin: int
    lines: list[Line] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def blank(self, rows: int) -> None:
        self.lines.extend([(Run(" " * self.width),)] * rows)

    def put(self, block: Block) -> None:
        top = len(self.lines)
        side = Run(" " * self.margin, on=block.on)
        self.lines.extend((side, *line, side) if self.margin else line for line in block.lines)
        self.targets.extend(replace(one, x=one.x + self.margin, y=one.y + top) for one in block.targets)


def cells(text: str) -> int:
    """Return how many cells the text takes."""
    return cell_len(text)


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells, broken at spaces; only a longer word is broken inside.

    A width below `WRAP_CELLS_MIN`, where a wide letter might not fit, is taken as that.
    """
    width = max(WRAP_CELLS_MIN, width)
    lines = [""]
    for word in printable(text).split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        pieces = _pieces(word, width)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def cut(text: str, width: int) -> str:
    """Return the text in at most `width` cells, with a sign where it was cut."""
    text = printable(text)
    return text if cells(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


def fill(runs: Iterable[Run], width: int, on: Surface = Surface.GROUND) -> Line:
    """Return one line of exactly `width` cells: the runs, then empty cells."""
    line = tuple(runs)
    spare = width - sum(cells(one.text) for one in line)
    return (*line, Run(" " * spare, on=on)) if spare > 0 else line


def between(left: Iterable[Run], right: Iterable[Run], width: int, on: Surface = Surface.GROUND) -> Line:
    """Return one line of exactly `width` cells with the runs at its two ends."""
    first, last = tuple(left), tuple(right)
    spare = width - sum(cells(one.text) for one in (*first, *last))
    return (*first, Run(" " * max(0, spare), on=on), *last)


def centred(runs: Iterable[Run], width: int, on: Surface = Surface.GROUND) -> Line:
    """Return one line of exactly `width` cells with the runs in its middle."""
    line = tuple(runs)
    spare = max(0, width - sum(cells(one.text) for one in line))
    return fill((Run(" " * (spare // 2), on=on), *line), width, on)


def edges(*parts: tuple[int, Surface]) -> tuple[Line, Line]:
    """Return the half-cell edges above and below a card on the ground, of so many cells of each surface."""
    above = tuple(Run(EDGE_ABOVE * width, edge=surface) for width, surface in parts)
    below = tuple(Run(EDGE_BELOW * width, edge=surface) for width, surface in parts)
    return above, below


def set_page(blocks: Sequence[Block], width: int, height: int, margin: int) -> Paper:
    """Return the blocks set on a page, spare rows shared out; what does not fit is left out by rank, then cut below."""
    kept, left_out = _kept(list(blocks), height)
    sheet = _Sheet(width, margin)
    gaps = _rows(kept) + sum(one.gap for one in kept) <= height
    spare = height - _rows(kept) - (sum(one.gap for one in kept) if gaps else 0)
    above = _spare_above({one.anchor for one in kept}, spare)
    anchor = Anchor.TOP
    for block in kept:
        if block.anchor is not anchor:
            sheet.blank(above.get(block.anchor, 0))
            anchor = block.anchor
        sheet.blank(block.gap if gaps else 0)
        sheet.put(block)
    sheet.blank(height - len(sheet.lines))
    targets = tuple(one for one in sheet.targets if one.y + one.height <= height)
    lines = tuple(_cropped(line, width) for line in sheet.lines[:height])
    is_cropped = len(sheet.lines) > height or any(_cells_of(line) > width for line in sheet.lines)
    return Paper(width, height, lines, targets, tuple(left_out), is_cropped)


def fits(blocks: Sequence[Block], height: int, *, gaps: bool) -> bool:
    """Return whether the blocks fit, with their gaps or without."""
    return _rows(blocks) + (sum(one.gap for one in blocks) if gaps else 0) <= height


def _spare_above(anchors: set[Anchor], spare: int) -> dict[Anchor, int]:
    """Return how many of the spare rows go above the body and above the foot: the body stands a little high."""
    if Anchor.FOOT not in anchors:
        return {Anchor.BODY: spare // 3}
    body = spare * 2 // 5 if Anchor.BODY in anchors else 0
    return {Anchor.BODY: body, Anchor.FOOT: spare - body}


def _cropped(line: Line, width: int) -> Line:
    """Return the line in exactly `width` cells: only a window too small to use makes a difference here."""
    if _cells_of(line) <= width:
        return fill(line, width)
    kept: list[Run] = []
    for run in line:
        room = width - sum(cells(one.text) for one in kept)
        kept.append(run if cells(run.text) <= room else replace(run, text=set_cell_size(run.text, room)))
    return tuple(kept)


def _cells_of(line: Line) -> int:
    return sum(cells(one.text) for one in line)


def _rows(blocks: Sequence[Block]) -> int:
    return sum(len(one.lines) for one in blocks)


def _kept(blocks: list[Block], height: int) -> tuple[list[Block], list[str]]:
    left_out = []
    while _rows(blocks) > height:
        worst = max(blocks, key=lambda one: one.rank)
        if worst.rank == 0:
            break
        blocks.remove(worst)
        left_out.append(worst.name)
    return blocks, left_out


def _pieces(word: str, width: int) -> list[str]:
    pieces = []
    while cells(word) > width:
        piece = set_cell_size(word, width).rstrip() or word[:1]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word] if word else pieces
