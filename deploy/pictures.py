"""Makes the pictures in `docs/screens`: the real screen, board and report, an example house, and Chromium to draw.

`python -m deploy.pictures [--into FOLDER]`. Needs `chromium` on the path; nothing is fetched.
"""

import argparse
import asyncio
import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from deploy.board_pictures import pages, terminal
from deploy.example_house import ANSWERS, BOARD, NOW, PLACE, READER_GONE, REFUSAL, ROLL_CALL
from deploy.report import example
from deploy.report.page import page
from kiosk.domain.instant import Instant
from kiosk.domain.release import release
from kiosk.door.messages import Say, SayAnswer, SayBoard, encode
from kiosk.door.roll_call import SayRollCall
from kiosk.look.glyphs import EDGE_ABOVE, EDGE_BELOW
from kiosk.look.themes import ThemeName
from kiosk.screen.app import MemberScreen
from kiosk.screen.pages import Answered, DeskDown, Page, ReaderDown, Refused, Waiting
from kiosk.screen.place import Place
from kiosk.tools.site import ResearchTable

FOLDER = Path("docs/screens")
DRAW_S = 60
STEPS_MAX = 200
STEP_S = 0.01
BYTES_MAX = 240_000
REPORT = "report"
TERMINAL = "board-terminal"
REPORT_MONTH = "2026-10"
REPORT_PX = (1100, 1270)
REPORT_BYTES_MAX = 250_000

_CELL_PX = 24.4
_BASELINE_PX = 18.5
_OVERLAP_PX = 0.6
_COLOURS = re.compile(r"\.(\S+-r\d+) \{ fill: (#[0-9a-f]{6})")
_HALF_CELLS = re.compile(
    r'<text class="(?P<kind>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<width>[\d.]+)"[^>]*>'
    rf"(?P<cells>{EDGE_ABOVE}+|{EDGE_BELOW}+)</text>"
)
_OFFLINE = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_FONT_FACES = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
_FONTS = '"DejaVu Sans Mono", "Liberation Mono", monospace'


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what the desk says, in order, and the page that comes of it. With nothing said there is no desk.

    `keys` are pressed one after the other once that page is there, and `reply` is said to what is asked then.
    """

    name: str
    shows: type[Page]
    says: tuple[Say, ...]
    place: Place = PLACE
    theme: ThemeName = ThemeName.DARK
    size: tuple[int, int] = (80, 24)
    keys: tuple[str, ...] = ()
    reply: Say | None = None


_HOUSE = replace(PLACE, is_demonstration=False, badges=(), notice=(), speed=1, may_quit=False, phone="08-123 45 67")
PICTURES = (
    Picture("waiting", Waiting, (SayBoard(BOARD),)),
    Picture("answer", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["arrived"]))),
    Picture("choose", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["already_in"])), theme=ThemeName.LIGHT),
    Picture("goodbye", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["left"]))),
    Picture("refused", Refused, (SayBoard(BOARD), SayAnswer(REFUSAL)), _HOUSE),
    Picture("reader", ReaderDown, (SayBoard(READER_GONE),), _HOUSE),
    Picture("desk", DeskDown, (), _HOUSE),
    Picture("small", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["arrived"])), _HOUSE, ThemeName.CONTRAST, (35, 11)),
    Picture("house", Waiting, (SayBoard(BOARD),), replace(_HOUSE, can_speak=True), ThemeName.LIGHT),
    Picture("data", Waiting, (SayBoard(BOARD),), _HOUSE, keys=("i",)),
    Picture("large", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["member"])), _HOUSE, ThemeName.LIGHT, (35, 11)),
    Picture(
        "roll-call",
        Answered,
        (SayBoard(BOARD), SayAnswer(ANSWERS["host"])),
        _HOUSE,
        keys=("e", "1"),
        reply=SayRollCall("id", ROLL_CALL, "Siv"),
    ),
    Picture("tiny", Answered, (SayBoard(BOARD), SayAnswer(ANSWERS["arrived"])), _HOUSE, size=(23, 7)),
)


def main() -> int:
    """Make every picture and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy.pictures", description=__doc__)
    parser.add_argument("--into", type=Path, default=FOLDER, metavar="FOLDER")
    into = parser.parse_args().into
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("pictures: chromium is not installed", file=sys.stderr)
        return 1
    into.mkdir(parents=True, exist_ok=True)
    sizes = {one.name: _make(one, into / f"{one.name}.png", chromium) for one in PICTURES}
    sizes |= {name: _photograph(html, size, into / f"{name}.png", chromium) for name, (html, size) in pages().items()}
    sizes[TERMINAL] = _photograph_drawing(terminal(), into / f"{TERMINAL}.png", chromium)
    sizes[REPORT] = _photograph(example_report(), REPORT_PX, into / f"{REPORT}.png", chromium)
    for name, size in sizes.items():
        print(f"{into / name}.png  {size // 1000} kB")
    return (
        0 if all(0 < size < (REPORT_BYTES_MAX if name == REPORT else BYTES_MAX) for name, size in sizes.items()) else 1
    )


def example_report() -> str:
    """Return the report on a made-up month of a made-up hub."""
    counted = example.tallies(REPORT_MONTH, Random(REPORT_MONTH))  # noqa: S311 - an example's chance, the same every time
    told = replace(release(counted, REPORT_MONTH, ResearchTable().group_min, example.ZONES), agencies=example.names())
    return page(BOARD.name, [told], {str(zone): one.name for zone, one in example.ZONES.items()})


def _make(picture: Picture, target: Path, chromium: str) -> int:
    """Draw the picture into the file and return its size in bytes."""
    with tempfile.TemporaryDirectory(prefix="samverk-picture-") as folder:
        return _photograph_drawing(asyncio.run(_drawn(picture, Path(folder) / "door.sock")), target, chromium)


def _photograph_drawing(drawing: str, target: Path, chromium: str) -> int:
    """Draw what Textual has drawn into the file and return its size in bytes."""
    svg = own_fonts(drawing)
    width, height = _size_of(svg)
    style = f"body{{margin:0}}svg{{display:block;width:{width}px}}"
    html = f"<!doctype html><meta charset=utf-8><style>{style}</style>{svg}"
    return _photograph(html, (width, height), target, chromium)


def _photograph(html: str, size: tuple[int, int], target: Path, chromium: str) -> int:
    """Draw the top of a page, as much as fits that size in pixels, into the file and return its size in bytes."""
    with tempfile.TemporaryDirectory(prefix="samverk-picture-") as folder:
        work = Path(folder)
        file = work / "page.html"
        file.write_text(html, encoding="utf-8")
        places = [f"--user-data-dir={work / 'profile'}", f"--screenshot={target.absolute()}"]
        command = [chromium, *_OFFLINE, *places, f"--window-size={size[0]},{size[1]}", file.as_uri()]
        subprocess.run(command, check=True, timeout=DRAW_S, capture_output=True)
    return target.stat().st_size


def own_fonts(svg: str) -> str:
    """Return the picture in fonts that the machine has, without links, and half cells as terminals draw them."""
    colours = dict(_COLOURS.findall(svg))
    plain = re.sub(r"font-family:[^;]+;", f"font-family: {_FONTS};", _FONT_FACES.sub("", svg))
    return _HALF_CELLS.sub(lambda found: _half_cells(found, colours), plain)


def _half_cells(found: re.Match[str], colours: dict[str, str]) -> str:
    """Return half cells as a rectangle: a font's own leave seams between the cells."""
    top = float(found["y"]) - _BASELINE_PX + (_CELL_PX / 2 if found["cells"][0] == EDGE_ABOVE else 0)
    size = f'width="{found["width"]}" height="{_CELL_PX / 2 + _OVERLAP_PX}"'
    return f'<rect fill="{colours[found["kind"]]}" x="{found["x"]}" y="{top}" {size} shape-rendering="crispEdges"/>'


def _size_of(svg: str) -> tuple[int, int]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        message = "the picture has no size"
        raise ValueError(message)
    return round(float(found[1])), round(float(found[2]))


async def _drawn(picture: Picture, door: Path) -> str:
    """Return the screen as Textual draws it once everything was said, or once it is clear that nothing will be."""

    async def say_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines(encode(one) for one in picture.says)
        await reader.readline()  # that it watches
        while picture.reply is not None and await reader.readline():
            writer.write(encode(picture.reply))

    server = await asyncio.start_unix_server(say_all, door) if picture.says else None
    steps = itertools.count()
    app = MemberScreen(picture.place, lambda: _moment(picture, next(steps)), door, lambda: "id", picture.theme)
    try:
        async with app.run_test(size=picture.size) as pilot:
            for _step in range(STEPS_MAX):
                await pilot.pause(STEP_S)
                if isinstance(app.page, picture.shows):
                    break
            for key in picture.keys:
                await pilot.press(key)
                await pilot.pause(STEP_S)
            await pilot.pause(STEP_S)
            app.tick()
            await pilot.pause()
            return app.export_screenshot(title=f"samverk screen: {picture.name}")
    finally:
        if server is not None:
            server.close()


def _moment(picture: Picture, step: int) -> Instant:
    """Return the example's moment; without a desk, time passes until its silence is news."""
    return NOW if picture.says else replace(NOW, elapsed_s=NOW.elapsed_s + step)


if __name__ == "__main__":
    sys.exit(main())
