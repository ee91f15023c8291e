"""The one widget: it draws the lines of a page itself, which costs a tenth of a screen made of many widgets."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kiosk.look.themes import THEMES, Shades, ThemeName
from kiosk.look.words import printable
from kiosk.screen.paper import Line, Paper, Run

STYLES_MAX = 256


class Canvas(Widget, can_focus=False):
    """Shows a paper in a theme, and tells where it was pressed."""

    DEFAULT_CSS = "Canvas { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    class Pressed(Message):
        """A person touched or clicked a cell."""

        def __init__(self, x: int, y: int) -> None:
            """Keep which cell."""
            self.x, self.y = x, y
            super().__init__()

    class Sized(Message):
        """There are now so many cells."""

    def __init__(self, theme: ThemeName) -> None:
        """Start with empty paper."""
        super().__init__()
        self._theme = theme
        self._paper = Paper(0, 0, ())

    @property
    def paper(self) -> Paper:
        """Return what is shown."""
        return self._paper

    def show(self, paper: Paper) -> None:
        """Show the paper, redrawing only the lines that differ."""
        before, self._paper = self._paper, paper
        if (before.width, before.height) != (paper.width, paper.height):
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before.lines, paper.lines, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, y, paper.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """Return one line of the paper, or an empty one where there is none."""
        line: Line = self._paper.lines[y] if y < len(self._paper.lines) else (Run(""),)
        ground = _style(self._theme, Run(""))
        segments = [Segment(printable(run.text), _style(self._theme, run)) for run in line]
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    def on_click(self, event: Click) -> None:
        """Tell where it was pressed."""
        event.stop()
        self.post_message(self.Pressed(event.x, event.y))

    def on_resize(self, event: Resize) -> None:
        """Tell that the paper no longer fits."""
        event.stop()
        self.post_message(self.Sized())


def _style(theme: ThemeName, run: Run) -> Style:
    return _cached(theme, run.edge or run.ink, run.on, run.strong, run.edge is not None)


@lru_cache(maxsize=STYLES_MAX)
def _cached(theme: ThemeName, ink: str, on: str, strong: bool, is_edge: bool) -> Style:  # noqa: FBT001 - a key, not a call
    surfaces: dict[str, Shades] = {str(name): shades for name, shades in THEMES[theme].items()}
    inks = {str(name): surfaces[on].ink(name) for name in surfaces[on].inks}
    colour = surfaces[ink].back if is_edge else inks.get(ink, inks["plain"])
    return Style(color=colour, bgcolor=surfaces[on].back, bold=strong)
