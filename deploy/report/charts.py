"""Bar charts as SVG to stand in a page: drawn by pygal, coloured by the page, without script or link."""

import sys
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import pygal  # type: ignore[import-untyped]  # it carries no types
from pygal.etree import etree  # type: ignore[import-untyped]  # as above
from pygal.style import Style  # type: ignore[import-untyped]  # as above

from kiosk.domain.disclosure import ROUND_TO, Figure

# pygal leaves an import hook behind, for plug-ins of long ago; it is of a kind that Python warns of at later imports.
sys.meta_path[:] = [hook for hook in sys.meta_path if type(hook).__name__ != "PluginImportFixer"]

# A chart is taken apart with the standard library's tree, also on a machine where pygal would find lxml.
etree.to_etree()

TICKS_MAX = 6
WIDTH_PX = 680
TEXT_PX = 15
_DROPPED: set[object] = {ET.Comment, "script", "desc", "title"}
_COLOURS = ("var(--one)", "var(--two)", "var(--three)")


def bars(
    name: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Figure]],
    *,
    is_horizontal: bool = False,
    height: int = 320,
) -> str:
    """Return a chart of these series over these labels as one `<svg>` element; `name` is its id in the page.

    The series have the page's colours in their order. What is withheld has no bar. The chart is hidden from screen
    readers: the table beside it says the same in words.
    """
    # Horizontal bars are drawn from below: turned round, they read from above.
    order = -1 if is_horizontal else 1
    kind = pygal.HorizontalBar if is_horizontal else pygal.Bar
    chart = kind(
        style=_style(_COLOURS[: len(series)]),
        js=(),
        no_prefix=False,
        show_legend=False,
        truncate_label=-1,
        width=WIDTH_PX,
        height=height,
        margin=6,
        spacing=8,
        print_values=len(series) == 1 and not is_horizontal,
        print_values_position="top",
        print_zeroes=False,
        value_formatter=lambda number: f"{number:.0f}",
        y_labels=_ticks(max([0, *(figure for one in series.values() for figure in one if figure)])),
    )
    chart.uuid = name
    chart.x_labels = list(labels)[::order]
    for title, figures in series.items():
        chart.add(title, list(figures)[::order])
    return _plain(chart.render_tree())


def _style(colours: Sequence[str]) -> Style:
    return Style(
        background="none",
        plot_background="none",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
        opacity="1",
        opacity_hover="1",
        transition="0s",
        colors=tuple(colours),
        value_colors=("var(--ink)",) * len(colours),
        font_family="inherit",
        label_font_size=TEXT_PX,
        major_label_font_size=TEXT_PX,
        value_font_size=TEXT_PX,
    )


def _ticks(highest: int) -> list[int]:
    """Return round numbers from 0 to the first that is not below the highest figure."""
    steps = (factor * power for power in (1, 10, 100, 1000, 10_000, 100_000) for factor in (1, 2, 5))
    step = next(one for one in steps if one >= ROUND_TO and one * (TICKS_MAX - 1) >= highest)
    return list(range(0, max(highest, step) + step, step))


def _plain(root: ET.Element) -> str:
    """Return the drawing without scripts, links, comments and tooltips."""
    for parent in list(root.iter()):
        for child in list(parent):
            classes = str(child.get("class", ""))
            if child.tag in _DROPPED or "tooltip" in classes.split():
                parent.remove(child)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return ET.tostring(root, encoding="unicode")
