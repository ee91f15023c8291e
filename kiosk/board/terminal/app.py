"""The board's program in Textual: follows the desk as the web board does, and shows one of four views.

Names are shown when asked for, after the desk has written the look down, and not for long.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import ContentSwitcher, DataTable, Input, Static

from kiosk.board.health import Health, Looked, alarms, health
from kiosk.board.line import DeskLine
from kiosk.board.live import Live, Picture
from kiosk.board.pages import NAMES_S, roster_age_s
from kiosk.board.people import People, in_order
from kiosk.board.side import SideReader
from kiosk.board.terminal import rows as tables
from kiosk.board.terminal.roll import TerminalRoll
from kiosk.board.terminal.rows import Writing
from kiosk.board.terminal.style import style
from kiosk.board.view import house_view
from kiosk.board.words import in_language
from kiosk.domain.board import RunningCall
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import Actor
from kiosk.domain.members import Language
from kiosk.door.messages import SayPeople, ShowPeople
from kiosk.look.themes import ThemeName
from kiosk.look.words import other
from kiosk.tools.clock import Clock
from kiosk.tools.site import Site

DRAW_S = 0.5
"""At most so often is the picture drawn anew."""
SIDE_S = 2.0
"""How often the wings' files are looked at."""
PURPOSE_LOOK = "a host looks at who is in the house"
VIEWS = ("zones", "people", "health", "roll")
EXIT_FAULT = 1

log = logging.getLogger("samverk.board")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the terminal board stands on. `read_list` returns the evacuation list from the files, None if it cannot.

    `found` returns who is ticked on the web, `by` is the host who looks.
    """

    site: Site
    clock: Clock
    live: Live
    line: DeskLine
    side: SideReader
    read_list: Callable[[], tuple[Sought, ...] | None]
    found: Callable[[], set[str]]
    by: Actor


class TerminalBoard(App[int], inherit_bindings=False):
    """Zones, people, the parts of the house, and the roll call."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "view('zones')"),
        Binding("2", "view('people')"),
        Binding("3", "view('health')"),
        Binding("4", "view('roll')"),
        Binding("n", "names"),
        Binding("slash", "filter"),
        Binding("escape", "clear", priority=True),
        Binding("p", "pause"),
        Binding("s", "language"),
        Binding("space", "tick"),
        Binding("b", "begin(False)"),
        Binding("d", "begin(True)"),
        Binding("e", "end"),
        Binding("q,ctrl+c", "quit_board", priority=True),
    ]

    def __init__(self, parts: Parts, theme: ThemeName = ThemeName.DARK) -> None:
        """Take what it stands on; nothing is followed before it runs."""
        super().__init__()
        self.stylesheet.add_source(style(theme), read_from=("terminal", "style"))
        self.animation_level = "none"
        self._parts = parts
        self._language = Language.SV
        self._people: People | None = None
        self._roll = TerminalRoll(parts.line, parts.clock, parts.by, parts.found)
        self._is_end_asked = False
        self._drawn: Picture | None = None
        self._is_paused = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def view(self) -> str:
        """Return which view is shown."""
        return self.query_one(ContentSwitcher).current or VIEWS[0]

    def compose(self) -> ComposeResult:
        """Make the widgets: a line above, a line below, and one view in between."""
        yield Static(id="head", markup=False)
        yield Static(id="banner", markup=False)
        yield Input(id="wanted", compact=True, disabled=True)
        with ContentSwitcher(initial="zones"):
            yield DataTable(id="zones", cursor_type="row")
            with Vertical(id="people"):
                yield Static(id="people-note", classes="note", markup=False)
                yield DataTable(id="people-table", cursor_type="row")
            yield Static(id="health", markup=False)
            with Vertical(id="roll"):
                yield Static(id="roll-note", classes="note", markup=False)
                yield DataTable(id="roll-table", cursor_type="row")
        yield Static(id="foot", markup=False)

    def on_mount(self) -> None:
        """Begin to follow the desk and the files."""
        self._tasks = [asyncio.create_task(self._parts.line.follow()), asyncio.create_task(self._look_aside())]
        self.set_interval(DRAW_S, self.draw)
        self._head_tables()
        self._focus()
        self.draw()

    async def on_unmount(self) -> None:
        """Stop following."""
        for one in self._tasks:
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def action_view(self, view: str) -> None:
        """Show another view. Names stay behind only in their own."""
        self.query_one(ContentSwitcher).current = view
        if view != "people":
            self._people = None
        if view == "roll":
            self.run_worker(self._open_list(), exclusive=True, group="roll")
        self._focus()
        self.draw(anew=True)

    def action_names(self) -> None:
        """Ask for the names; the desk writes it down first."""
        self.query_one(ContentSwitcher).current = "people"
        self.run_worker(self._ask_people(), exclusive=True, group="people")

    def action_filter(self) -> None:
        """Look for words in the people's list."""
        if self.view == "people" and self._people is not None:
            wanted = self.query_one("#wanted", Input)
            wanted.disabled = False
            wanted.add_class("shown")
            wanted.focus()

    def action_clear(self) -> None:
        """Take the filter away, and a question with it."""
        self._is_end_asked = False
        wanted = self.query_one("#wanted", Input)
        wanted.value = ""
        wanted.disabled = True
        wanted.remove_class("shown")
        self._focus()
        self.draw(anew=True)

    def on_input_changed(self) -> None:
        """Show the rows that fit."""
        self.draw(anew=True)

    def on_input_submitted(self) -> None:
        """Go from the filter to the rows."""
        self._focus()

    def action_pause(self) -> None:
        """Let the picture stand still, or go on."""
        self._is_paused = not self._is_paused
        self.draw(anew=True)

    def action_language(self) -> None:
        """Speak the other language."""
        self._language = other(self._language)
        self._head_tables()
        self.draw(anew=True)

    def action_tick(self) -> None:
        """Tick the person under the cursor, or take it back: on all devices while a roll call runs."""
        if self.view != "roll" or not self._roll.rows:
            return
        table = self.query_one("#roll-table", DataTable)
        self._roll.mark(str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value))
        self._with_desk(self._roll.learn(self._running_call()))
        self.draw(anew=True)

    def action_begin(self, is_drill: bool) -> None:  # noqa: FBT001 - a key's argument
        """Begin a roll call for all devices, or join the one of that kind."""
        if self.view == "roll":
            self._with_desk(self._roll.begin(is_drill=is_drill))

    def action_end(self) -> None:
        """End the roll call, when asked twice."""
        if self.view != "roll" or not self._roll.is_running:
            return
        if self._is_end_asked:
            self._with_desk(self._roll.end())
        self._is_end_asked = not self._is_end_asked
        self.draw(anew=True)

    def action_quit_board(self) -> None:
        """End."""
        self.exit(0)

    def draw(self, *, anew: bool = False) -> None:
        """Draw what has changed; all of it `anew`."""
        now = self._parts.clock()
        if self._people is not None and now.seconds_since(self._people.read) >= NAMES_S:
            self._people, anew = None, True
        picture = self._parts.live.picture
        if self.view == "roll" and picture.lost is None and self._roll.is_news(self._running_call()):
            self._with_desk(self._roll.learn(self._running_call()))
        if not anew and (self._is_paused or picture is self._drawn):
            return
        self._drawn = picture
        self._draw_frame(picture)
        {"zones": self._draw_zones, "people": self._draw_people, "health": self._draw_health, "roll": self._draw_roll}[
            self.view
        ](picture)

    def _draw_frame(self, picture: Picture) -> None:
        said = self._writing().said
        board = picture.board
        counts = (
            f"{board.in_house} {said('in_house')}  {board.present} {said('present')}" if board else said("no_picture")
        )
        paused = f"  [{said('pause')}]" if self._is_paused else ""
        self.query_one("#head", Static).update(f"{self._parts.site.name}  ·  {counts}{paused}")
        told = [in_language(one, self._language) for one in alarms(self._health(picture))]
        if picture.lost is not None:
            time = self._writing().time(picture.lost, picture.lost)
            told.insert(0, f"{said('lost', time=time)} {said('lost_picture')}")
        banner = self.query_one("#banner", Static)
        banner.update("\n".join(told))
        banner.set_class(bool(told), "shown")
        self.query_one("#foot", Static).update(said("terminal_keys"))

    def _draw_zones(self, picture: Picture) -> None:
        if picture.board is None:
            return
        house = house_view(picture.board, is_public=False, strips=picture.side.strips)
        _fill(self.query_one("#zones", DataTable), [(None, row) for row in tables.zone_rows(house, self._writing())])

    def _draw_people(self, _picture: Picture) -> None:
        writing, people = self._writing(), self._people
        note = writing.said("people_hidden_terminal")
        if people is not None:
            note = writing.said("read_at", time=writing.time(people.read, people.read))
        self.query_one("#people-note", Static).update(note)
        wanted = self.query_one("#wanted", Input).value
        rows = tables.people_rows(people, writing, wanted) if people else []
        _fill(self.query_one("#people-table", DataTable), [(None, row) for row in rows])

    def _draw_health(self, picture: Picture) -> None:
        self.query_one("#health", Static).update(tables.health_lines(self._health(picture), self._language))

    def _draw_roll(self, _picture: Picture) -> None:
        rows, writing = self._roll.rows, self._writing()
        if rows is None:
            self.query_one("#roll-note", Static).update(self._writing().said("roll_unreadable"))
            _fill(self.query_one("#roll-table", DataTable), [])
            return
        found = self._roll.found()
        told = tables.roll_rows(rows, found, writing, self._parts.clock())
        note = tables.roll_note(self._roll.call, rows, found, writing)
        if self._is_end_asked and self._roll.is_running:
            note = writing.said("roll_terminal_end")
        self.query_one("#roll-note", Static).update(note)
        _fill(self.query_one("#roll-table", DataTable), list(told))

    def _health(self, picture: Picture) -> tuple[Health, ...]:
        if picture.board is None or picture.heard is None:
            return ()
        return health(
            Looked(
                board=picture.board,
                heard=picture.heard,
                lost=picture.lost,
                side=picture.side,
                roster_age_s=roster_age_s(picture.board, picture),
                zone=self._parts.site.hours.zone,
            )
        )

    async def _look_aside(self) -> None:
        try:
            while True:
                self._parts.live.beside(await asyncio.to_thread(self._parts.side.read, self._parts.clock()))
                await asyncio.sleep(SIDE_S)
        finally:
            self._parts.side.close()

    async def _ask_people(self) -> None:
        said = await self._parts.line.ask(ShowPeople(self._parts.line.new_id(), self._parts.by, PURPOSE_LOOK))
        self._people = (
            People(read=self._parts.clock(), people=in_order(said.people)) if isinstance(said, SayPeople) else None
        )
        self._focus()
        self.draw(anew=True)

    async def _open_list(self) -> None:
        if not await self._parts.line.note(self._parts.by, "the evacuation list", "roll call"):
            log.warning("the evacuation list was opened in a terminal while the desk was away")
        self._roll.listed(await asyncio.to_thread(self._parts.read_list))
        await self._roll.learn(self._running_call())
        self._focus()
        self.draw(anew=True)

    def _running_call(self) -> RunningCall | None:
        board = self._parts.live.picture.board
        return board.roll_call if board else None

    def _with_desk(self, work: Coroutine[None, None, None]) -> None:
        """Do something about the roll call that waits for the desk, and draw what comes of it."""

        async def done() -> None:
            await work
            self.draw(anew=True)

        self.run_worker(done(), group="roll call")

    def _writing(self) -> Writing:
        zones = {one.id: in_language(one.name, self._language) for one in self._parts.site.zones.values()}
        return Writing(self._language, self._parts.site.hours.zone, zones)

    def _head_tables(self) -> None:
        writing = self._writing()
        heads = {"#zones": tables.zone_head, "#people-table": tables.people_head, "#roll-table": tables.roll_head}
        for name, head in heads.items():
            table = self.query_one(name, DataTable)
            table.clear(columns=True)
            for one in head(writing):
                table.add_column(one)

    def _focus(self) -> None:
        name = {"zones": "#zones", "people": "#people-table", "roll": "#roll-table"}.get(self.view)
        if name is not None:
            self.query_one(name, DataTable).focus()
        else:
            self.set_focus(None)

    def _handle_exception(self, error: Exception) -> None:
        """End with a status that says so. Textual's own last words would show local variables: people's names."""
        log.critical("the terminal board ends: %s at %s", type(error).__name__, _place(error))
        self._return_code = EXIT_FAULT
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """End as for any other fault."""
        del renderables
        self._handle_exception(OSError("the input ended"))

    def _print_error_renderables(self) -> None:
        """Print nothing."""
        self._exit_renderables.clear()


def _place(error: BaseException) -> str:
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{at.tb_frame.f_code.co_name}:{at.tb_lineno}" if at is not None else "an unknown place"


def _fill(table: "DataTable[Text]", rows: list[tuple[str | None, tuple[str, ...]]]) -> None:
    """Put the rows into a table, and leave its cursor where it was."""
    line = table.cursor_row
    table.clear()
    for key, row in rows:
        # As text and not as markup: what stands in brackets is a part of a name.
        table.add_row(*map(Text, row), key=key)
    if rows:
        table.move_cursor(row=min(line, len(rows) - 1))
