"""The board's pictures for the docs: its real pages and its real terminal, of an example house with made-up people.

Pages are made as the board makes them, with their styles put in, and drawn without any server.
"""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import kiosk.board
from deploy.example_house import BOARD, NOW, ZONES
from kiosk.board.live import Picture
from kiosk.board.pages import Pages, Shown
from kiosk.board.people import People
from kiosk.board.side import Centre, Sensors, Side, SideReader
from kiosk.board.strip import Stretch
from kiosk.board.terminal.app import TerminalBoard
from kiosk.board.terminal.run import parts_of
from kiosk.domain.activities import Activity
from kiosk.domain.board import Board, Person, UnknownBadge
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import ActivityId, GuestId, ReaderId, VisitId, host
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.presence import State
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.domain.zones import Words, ZoneState
from kiosk.door.messages import SayBoard, encode
from kiosk.look.themes import ThemeName
from kiosk.tools.site import Site, read


class _Still(SideReader):
    """What lies beside the picture, always the same."""

    def read(self, now: Instant) -> Side:  # noqa: ARG002 - it is the same at any moment
        """Return the example's."""
        return _side()


STATIC = Path(kiosk.board.__file__).parent / "static"
TERMINAL_SIZE = (130, 20)
STEPS_MAX = 200
STEP_S = 0.02
_SHEET = re.compile(r'<link rel="stylesheet" href="/static/([\w.]+)"(?: media="([^"]+)")?>')
_DROPPED = re.compile(r"<script.*?</script>|<noscript>.*?</noscript>|<link rel=\"icon\"[^>]*>", re.DOTALL)
_REVEALED = re.compile(r'(<(?:button id="(?:pause|help|print)"|label class="(?:filter|pick-all)")[^>]*?) hidden')

FIRE, COURSE, REST = (one.id for one in ZONES)


def pages() -> Mapping[str, tuple[str, tuple[int, int]]]:
    """Return each page as HTML that needs nothing else, by the picture's name, and the size to draw it at."""
    with tempfile.TemporaryDirectory(prefix="samverk-picture-") as folder:
        made = Pages(example_site(Path(folder)))
    picture = Picture(_board(), heard=NOW, side=_side())
    lost = replace(picture, lost=_ago(2))
    people = Shown(host="Maja", people=People(read=NOW, people=_people()), unknown=_unknown())
    call = _roll_call()
    wide, desk, phone = (1600, 900), (1280, 1500), (390, 1500)
    drawn = {
        "board": (made.wall(picture, Language.SV), wide),
        "board-wall-dark": (made.wall(picture, Language.SV, "dark", is_bare=True), wide),
        "board-lost": (made.wall(lost, Language.SV, is_bare=True), wide),
        "board-sign-in": (made.sign_in(Language.SV, has_hosts=True), (900, 620)),
        "board-host": (made.host(picture, Language.SV, people), desk),
        "board-host-dark": (made.host(picture, Language.EN, people, "dark"), desk),
        "board-host-contrast": (made.host(picture, Language.SV, Shown(host="Maja"), "contrast"), (1280, 1000)),
        "board-phone": (made.host(picture, Language.SV, people), phone),
        "board-roll-call": (made.roll_call(Language.SV, "Maja", call), (900, 900)),
        "board-roll-call-phone": (made.roll_call(Language.SV, "Maja", call), (390, 1050)),
    }
    return {name: (whole(html), size) for name, (html, size) in drawn.items()}


def terminal() -> str:
    """Return the terminal board as Textual draws it."""
    return asyncio.run(_terminal())


def whole(html: str) -> str:
    """Return the page with its styles in it, without what needs a server, and with what its scripts reveal."""

    def style(found: re.Match[str]) -> str:
        sheet = (STATIC / found[1]).read_text()
        return f"<style>@media {found[2]} {{ {sheet} }}</style>" if found[2] else f"<style>{sheet}</style>"

    return _REVEALED.sub(r"\1", _SHEET.sub(style, _DROPPED.sub("", html)))


def example_site(state_dir: Path) -> Site:
    """Return the example house's site."""
    zones = "".join(
        f'[[zone]]\nid = "{one.id}"\nname = {{sv = "{one.name.sv}", en = "{one.name.en}"}}\n'
        f'about = {{sv = "{one.about.sv}", en = "{one.about.en}"}}\n'
        for one in ZONES
    )
    return read(f'[site]\nid = "{BOARD.site}"\nname = "{BOARD.name}"\nstate_dir = "{state_dir}"\n{zones}')


def _ago(minutes: float) -> Instant:
    return replace(NOW, wall=NOW.wall - timedelta(minutes=minutes), elapsed_s=NOW.elapsed_s - 60 * minutes)


def _board() -> Board:
    reasons = (
        Words("rörelse i två sensorer för 12 s sedan", "motion in two sensors 12 s ago"),
        Words("ingen rörelse på 18 min, dörren räknade ut alla", "no motion for 18 min, the door counted all out"),
        Words("sensorn har varit tyst sedan 14:14", "the sensor has been silent since 14:14"),
    )
    begins = NOW.wall + timedelta(minutes=28)
    talk = Activity(
        ActivityId("talk"), FIRE, Words("Digital post", "Digital mail"), begins, begins + timedelta(hours=1)
    )
    zones = tuple(replace(zone, reason=reason) for zone, reason in zip(BOARD.zones, reasons, strict=True))
    return replace(BOARD, zones=zones, activities=(talk,), guests=1)


def _side() -> Side:
    full, empty, gap = ZoneState.OCCUPIED, ZoneState.VACANT, ZoneState.UNKNOWN
    return Side(
        strips={
            FIRE: (
                Stretch(gap, 240, 222),
                Stretch(empty, 222, 190),
                Stretch(full, 190, 96),
                Stretch(empty, 96, 60),
                Stretch(gap, 60, 47),
                Stretch(empty, 47, 18),
                Stretch(full, 18, 0),
            ),
            COURSE: (Stretch(empty, 240, 150), Stretch(full, 150, 18), Stretch(empty, 18, 0)),
            REST: (Stretch(empty, 240, 120), Stretch(full, 120, 70), Stretch(empty, 70, 18), Stretch(gap, 18, 0)),
        },
        sensors={FIRE: Sensors(2, 0, _ago(0.2)), COURSE: Sensors(3, 0, _ago(0.1)), REST: Sensors(0, 1, _ago(0.1))},
        offers={FIRE: 4, REST: 2},
        centre=Centre(waiting=3, since=_ago(2).wall),
    )


def _people() -> tuple[Person, ...]:
    anna = Person(
        visit=VisitId("a"),
        name="Astrid Exempel",
        agency="Exempelmyndigheten",
        state=State.PRESENT,
        zone=FIRE,
        since=_ago(95),
        waited_s=0.0,
    )
    return (
        replace(
            anna,
            visit=VisitId("b"),
            name="Bo Exempel",
            agency="Provverket",
            state=State.PASSIVE,
            zone=REST,
            since=_ago(130),
            waited_s=3000.0,
        ),
        anna,
        replace(anna, guest=GuestId("g"), guest_of=anna.name, name="Gun Exempel", since=_ago(60)),
        replace(anna, visit=VisitId("c"), name="Cecilia Exempel", agency="Provverket", since=_ago(64)),
        replace(anna, visit=VisitId("d"), name="David Exempel", state=State.ARRIVED, zone=None, since=_ago(6)),
    )


def _unknown() -> tuple[UnknownBadge, ...]:
    return (UnknownBadge(reference="K7M-3FQ", reader=ReaderId("entrance"), at=_ago(4), times=2),)


def _roll_call() -> RollCall:
    rows = tuple(
        Sought(
            visit=one.visit,
            name=one.name,
            agency=one.agency,
            certain=one.name != "David Exempel",
            last_zone=one.zone,
            seen=one.since,
            guest=one.guest,
            guest_of=one.guest_of,
        )
        for one in _people()
    )
    ticks = tuple(Tick(id=str(row.key), person=row.key, at=_ago(1).wall, host="Maja") for row in rows[1:3])
    return RollCall(
        id="example",
        is_drill=True,
        began=_ago(3).wall,
        ended=None,
        host="Maja",
        rows=rows,
        ticks=ticks,
        sought=len(rows),
    )


async def _terminal() -> str:
    with tempfile.TemporaryDirectory(prefix="samverk-picture-") as folder:
        site = example_site(Path(folder))
        server = await asyncio.start_unix_server(_say_board, site.door)
        parts = parts_of(site, lambda: NOW, lambda: "id", host("Maja"))
        parts.live.beside(_side())
        app = TerminalBoard(replace(parts, side=_Still(site)), ThemeName.DARK)
        try:
            async with app.run_test(size=TERMINAL_SIZE) as pilot:
                for _ in range(STEPS_MAX):
                    await pilot.pause(STEP_S)
                    if parts.live.picture.board is not None:
                        break
                app.draw(anew=True)
                await pilot.pause()
                return app.export_screenshot(title="samverk board --terminal")
        finally:
            server.close()


async def _say_board(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(encode(SayBoard(_board())))
    await writer.drain()
