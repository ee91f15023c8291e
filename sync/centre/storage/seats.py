"""More of an agency inside at once, over all houses, than its agreement lets. Everybody stays; somebody is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sync.centre.events import Event, Exceeded
from sync.centre.storage import alarms
from sync.centre.storage.room import Work
from sync.centre.storage.visits import COLUMNS, read
from sync.centre.times import read_text, utc_text
from sync.centre.visits import OPEN_MAX_H, Visit, days_of, most_at_once

ALL_HOUSES = ""
"""The source of what no single house could see."""

_AS_COUNTED = """
INSERT INTO excesses VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, agency, day) DO UPDATE SET
  seats = excluded.seats, inside = excluded.inside
"""
_MOST_TOLD = """
INSERT INTO excesses VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, agency, day) DO UPDATE SET seats = excluded.seats,
  inside = CASE WHEN excesses.inside > excluded.inside THEN excesses.inside ELSE excluded.inside END
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of an agency may be inside at once, and whom to tell."""

    seats: int
    contact: str


def agreement(work: Work, agency: str) -> Agreement | None:
    """Return the agency's agreement, or None if there is no such agency."""
    row = work.row("SELECT document FROM resources WHERE type = 'Agency' AND id = ?", (agency,))
    if row is None:
        return None
    document = json.loads(row[0])
    at_once = document.get("atOnce")
    seats = document.get("seats") or 0 if at_once is None else at_once
    return Agreement(int(seats), str(document.get("contact") or ""))


def find_excess(work: Work, touched: Sequence[Visit], now: str) -> None:
    """Note, for each agency and day of these visits, the most inside at once if it is too many; else forget it."""
    days = {(one.agency, day) for one in touched if one.agency for day in days_of(one)}
    agreements = {agency: agreement(work, agency) for agency in {agency for agency, _ in days}}
    for agency, day in sorted(days):
        known = agreements[agency]
        if known is None:
            continue
        most = most_at_once(_visits(work, agency, day), day)
        if most > known.seats:
            _note(work, ALL_HOUSES, agency, day, known, most, now)
        else:
            statement = "DELETE FROM excesses WHERE source = ? AND agency = ? AND day = ?"
            work.run(statement, (ALL_HOUSES, agency, day))


def told(work: Work, event: Event, details: Exceeded, now: str) -> None:
    """Note what a house says of an excess."""
    known = agreement(work, details.agency)
    day = utc_text(event.time)[:10]
    said = Agreement(details.seats, known.contact if known else "")
    _note(work, event.source, details.agency, day, said, details.inside, now)


def _note(work: Work, source: str, agency: str, day: str, known: Agreement, inside: int, now: str) -> None:  # noqa: PLR0913, PLR0917 - one row
    statement = _MOST_TOLD if source else _AS_COUNTED
    work.run(statement, (source, agency, day, known.seats, inside))
    swedish = f"{agency}: {inside} inne samtidigt {day}, avtalat {known.seats}"
    text = f"{swedish} / {inside} inside at once, agreed {known.seats}"
    alarms.raise_once(work, f"seats/{agency}/{day}", "seats", text, known.contact, now)


def _visits(work: Work, agency: str, day: str) -> list[Visit]:
    begin = read_text(f"{day}T00:00:00Z")
    since, until = utc_text(begin - timedelta(hours=OPEN_MAX_H)), utc_text(begin + timedelta(hours=24))
    question = (
        f"SELECT {COLUMNS} FROM visits WHERE agency = ? AND arrived_at > ? AND arrived_at < ? "  # noqa: S608 - our own columns
        "ORDER BY source, visit"
    )
    return [read(row) for row in work.rows(question, (agency, since, until))]
