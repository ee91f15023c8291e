"""The way in: one page on so many cells, as roomy as fits."""

from typing import assert_never

from kiosk.screen.draw.about import about
from kiosk.screen.draw.answer import answered
from kiosk.screen.draw.notices import desk_down, fault, reader_down, refused, starting
from kiosk.screen.draw.roll_call import roll_call
from kiosk.screen.draw.view import Frame, View
from kiosk.screen.draw.waiting import waiting
from kiosk.screen.pages import About, Answered, DeskDown, Fault, ReaderDown, Refused, Starting, Waiting
from kiosk.screen.paper import Block, Paper, Room, fits, set_page
from kiosk.screen.roll_pages import RollEnd, RollList, RollReport, RollStart

COLUMN_CELLS_MAX = 96
COLUMN_CELLS_MIN = 12
"""A smaller window shows the beginning of lines this long."""
ROOMY_CELLS_MIN = 66
_MARGINS = ((90, 3), (60, 2), (30, 1))


def draw(frame: Frame, width: int, height: int) -> Paper:
    """Return the frame drawn on exactly so many cells."""
    margin = _margin(width)
    blocks: list[Block] = []
    for room in reversed(Room):
        if room is Room.ROOMY and width < ROOMY_CELLS_MIN:
            continue
        view = View(
            frame.place, frame.now, frame.page.language, max(COLUMN_CELLS_MIN, width - 2 * margin), height, room
        )
        blocks = _blocks(frame, view)
        if fits(blocks, height, gaps=room is not Room.ROOMY):
            break
    return set_page(blocks, width, height, margin)


def _margin(width: int) -> int:
    if width > COLUMN_CELLS_MAX + 6:
        return (width - COLUMN_CELLS_MAX) // 2
    return next((margin for least, margin in _MARGINS if width >= least), 0)


def _blocks(frame: Frame, view: View) -> list[Block]:  # noqa: PLR0911 - one way out for each kind of page
    match frame.page:
        case Starting() as page:
            return starting(page, view)
        case Waiting() as page:
            return waiting(page, view)
        case Answered() as page:
            return answered(page, view)
        case Refused() as page:
            return refused(page, view)
        case About() as page:
            return about(page, view)
        case ReaderDown() as page:
            return reader_down(page, view)
        case DeskDown() as page:
            return desk_down(page, view)
        case Fault() as page:
            return fault(page, view)
        case RollStart() | RollList() | RollEnd() | RollReport() as page:
            return roll_call(page, view)
        case _:
            assert_never(frame.page)
