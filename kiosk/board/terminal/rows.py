"""What stands in the terminal board's tables: plain text from the same values as the pages. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from kiosk.board.health import Health
from kiosk.board.people import People
from kiosk.board.strip import STRIP, Stretch
from kiosk.board.texts import PERSON_STATES, ZONE_STATES
from kiosk.board.view import HouseView, ZoneView
from kiosk.board.words import age_text, in_language, range_text, text, time_text
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.presence import State
from kiosk.domain.roll_call import RollCall
from kiosk.domain.zones import ZoneState
from kiosk.look.glyphs import ZONE_SYMBOLS
from kiosk.look.words import printable

STRIP_CELLS = 24
"""The strip in ten minutes a cell."""
_STRIP_MARKS = {ZoneState.OCCUPIED: "█", ZoneState.VACANT: "▁", ZoneState.UNKNOWN: " "}

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """In which language and time zone the rows are written, and what the zones are called."""

    language: Language
    zone: tzinfo
    zones: Mapping[ZoneId, str]

    def said(self, name: str, /, **holes: object) -> str:
        """Return a text of the board."""
        return text(name, self.language, **holes)

    def time(self, instant: Instant, today: Instant) -> str:
        """Return a local time."""
        return time_text(instant, self.zone, today)

    def zone_name(self, zone: ZoneId | None) -> str:
        """Return what a zone is called."""
        return printable(self.zones.get(zone, zone)) if zone else self.said("no_zone")


def zone_head(writing: Writing) -> Row:
    """Return the head of the zones' table."""
    names = (
        "zone",
        "state",
        "since",
        "people_short",
        "joined_short",
        "taking_part",
        "waiting_short",
        "strip",
        "reason",
    )
    return tuple(writing.said(one).capitalize() for one in names)


def zone_rows(house: HouseView, writing: Writing) -> list[Row]:
    """Return a row for each zone; what is not known is a dash, never a nought."""
    return [_zone(one, house.at, writing) for one in house.zones]


def people_head(writing: Writing) -> Row:
    """Return the head of the people's table."""
    return tuple(writing.said(one) for one in ("name", "agency", "state", "zone", "waited"))


def people_rows(people: People, writing: Writing, wanted: str = "") -> list[Row]:
    """Return a row for each person in whom every word wanted stands."""
    rows = []
    for one in people.people:
        state = in_language(PERSON_STATES[one.state], writing.language)
        stands = f"◇ {state}" if one.state is State.PASSIVE else state
        since = writing.time(one.since, people.read)
        told = writing.said("guest_of", name=one.guest_of) if one.guest_of else f"{stands} {since}"
        waited = age_text(one.waited_s, writing.language) if one.waited_s >= 60 else "–"  # noqa: PLR2004, RUF001 - a minute; a dash
        rows.append(tuple(map(printable, (one.name, one.agency, told, writing.zone_name(one.zone), waited))))
    return [row for row in rows if _fits(row, wanted)]


def roll_head(writing: Writing) -> Row:
    """Return the head of the roll call's table."""
    return ("", *(writing.said(one) for one in ("name", "agency", "last_seen")))


def roll_rows(rows: Iterable[Sought], found: set[str], writing: Writing, now: Instant) -> list[tuple[str, Row]]:
    """Return each person on the list by key, those not found yet first, then the uncertain, then those found."""
    ordered = sorted(rows, key=lambda one: (one.key in found, not one.certain))
    return [(one.key, _sought(one, writing, now, is_found=one.key in found)) for one in ordered]


def roll_note(call: RollCall | None, rows: Sequence[Sought], found: set[str], writing: Writing) -> str:
    """Return how far the roll call has come, whose ticks these are, and which keys do more."""
    left = sum(one.key not in found for one in rows)
    if call is None:
        return writing.said("roll_terminal", left=left, n=len(rows))
    if call.ended is not None:
        return writing.said("roll_terminal_ended", found=len(rows) - left, n=len(rows))
    kind = writing.said("roll_is_drill" if call.is_drill else "roll_is_live")
    return writing.said("roll_terminal_running", kind=kind, left=left, n=len(rows))


def health_lines(lines: Sequence[Health], language: Language) -> str:
    """Return how the parts of the house are, those that need somebody first."""
    ordered = sorted(lines, key=lambda one: one.is_well)
    return "\n".join(f"{'✓' if one.is_well else '!'} {in_language(one.words, language)}" for one in ordered)


def strip_cells(strip: Sequence[Stretch]) -> str:
    """Return a strip as cells of ten minutes, each what held longest in it; a gap is a space."""
    cell = STRIP.total_seconds() / 60 / STRIP_CELLS
    marks = []
    for number in range(STRIP_CELLS, 0, -1):
        begins, ends = number * cell, (number - 1) * cell
        lasted = dict.fromkeys(ZoneState, 0.0)
        for one in strip:
            lasted[one.state] += max(0.0, min(one.begins, begins) - max(one.ends, ends))
        marks.append(_STRIP_MARKS[max(lasted, key=lambda state: lasted[state])] if strip else " ")
    return "".join(marks)


def _zone(one: ZoneView, at: Instant, writing: Writing) -> Row:
    language = writing.language
    state = f"{ZONE_SYMBOLS[one.state]} {in_language(ZONE_STATES[one.state], language)}"
    since = writing.time(one.since, at) if one.since else "–"  # noqa: RUF001 - a dash
    people = range_text(one.people, language) if one.people else "–"  # noqa: RUF001 - a dash
    counts = [range_text(count, language) for count in (one.joined, one.taking_part, one.waiting)]
    reason = in_language(one.reason, language) if one.reason else writing.said("no_reason")
    name = in_language(one.name, language)
    return tuple(map(printable, (name, state, since, people, *counts, strip_cells(one.strip), reason)))


def _sought(one: Sought, writing: Writing, now: Instant, *, is_found: bool) -> Row:
    mark = "[x]" if is_found else "[ ]" if one.certain else "[?]"
    about = writing.said("guest_of", name=one.guest_of) if one.guest_of else one.agency
    seen = f"{writing.zone_name(one.last_zone)}, {writing.time(one.seen, now)}"
    return (mark, *map(printable, (one.name, about, seen)))


def _fits(row: Row, wanted: str) -> bool:
    whole = " ".join(row).casefold()
    return all(one in whole for one in wanted.casefold().split())
