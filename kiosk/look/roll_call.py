"""The evacuation list as plain text, for a terminal or a receipt printer: paper says what the screen says. Pure."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import ZoneId

LINE_MAX = 48
"""Characters on a line: what receipt printers of 80 mm have."""
NO_ZONE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands above the list, and what the list needs to be written: the house, its zones and its time."""

    name: str
    at: datetime
    zone: ZoneInfo
    zones: Mapping[ZoneId, str]
    is_drill: bool = False


def written(rows: Sequence[Sought], paper: Paper, is_found: Callable[[Sought], bool] = lambda _row: False) -> str:
    """Return the list: those surely in first, the uncertain apart. No line is longer than `LINE_MAX`."""
    sure = [one for one in rows if one.certain]
    rest = [one for one in rows if not one.certain]
    drill = ["ÖVNING / DRILL"] if paper.is_drill else []
    when = f"{paper.at.astimezone(paper.zone):%Y-%m-%d %H:%M}"
    head = [*drill, f"{paper.name}  {when}", f"I huset / In the house: {len(sure)}"]
    tail = [f"Osäkra / Uncertain: {len(rest)}"] if rest else []
    lines = [*head, *_rows(sure, paper, is_found), *tail, *_rows(rest, paper, is_found)]
    return "\n".join(short for line in lines for short in _short(line))


def where(row: Sought, paper: Paper) -> str:
    """Return where and when somebody was last seen."""
    zone = paper.zones.get(row.last_zone, NO_ZONE) if row.last_zone else NO_ZONE
    return f"{zone}, {row.seen.wall.astimezone(paper.zone):%H:%M}"


def _rows(rows: Iterable[Sought], paper: Paper, is_found: Callable[[Sought], bool]) -> list[str]:
    lines = []
    for one in rows:
        mark = "[x]" if is_found(one) else "[ ]"
        who = f"{mark}   + {one.name} (gäst)" if one.guest else f"{mark} {one.name}, {one.agency}"
        lines += [who, f"      {where(one, paper)}"]
    return lines


def _short(line: str) -> list[str]:
    return textwrap.wrap(line, LINE_MAX, subsequent_indent="      ", drop_whitespace=False) or [""]
