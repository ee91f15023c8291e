"""`samverk bench roll-call`: from nothing running to the whole evacuation list, with the desk and all else down.

Each time is a whole new process that reads files which are not in the machine's memory. The bare cost is a Python that
opens the same two files and reads the rows that the list is made of, with none of our code.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from deploy.bench.figures import Figure, figure
from deploy.bench.house import SITE_TEXT, bench_site, write_members
from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.ids import MemberId, RequestId, VisitId, host
from kiosk.domain.requests import CheckIn, LetGuestIn
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids

IN_HOUSE, GUESTS = 300, 20
TIMES = 9
SECRET = bytes(32)
EVA = host("eva")
LIST, BARE = "roll call, whole process", "the same rows read by a bare process"
FILES = ("journal.db", "roster.db")
_BARE = """
import sqlite3, sys
journal, roster = (sqlite3.connect(f"file:{one}?mode=ro", uri=True) for one in sys.argv[1:])
inside = journal.execute("SELECT member, body FROM presence WHERE inside").fetchall()
for member, _ in inside:
    roster.execute("SELECT name, agency FROM members WHERE id = ?", (member,)).fetchone()
"""


def measure(taps: int, members: int) -> tuple[list[Figure], list[str]]:  # noqa: ARG001 - every measure takes both
    """Return the figures, and whether everybody was on every list."""
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        state = Path(folder)
        _fill(state, max(members, IN_HOUSE))
        site_file = state / "site.toml"
        site_file.write_text(SITE_TEXT.format(state_dir=state))
        listing = [sys.executable, "-m", "deploy", "roll-call", "--json", "--site", str(site_file)]
        bare = [sys.executable, "-c", _BARE, *(str(state / one) for one in FILES)]
        pairs = [(_timed(bare, state), _timed(listing, state)) for _ in range(TIMES)]
    counts = {len(msgspec.json.decode(said)) for _, (_, said) in pairs}
    figures = [figure(BARE, [one for (one, _), _ in pairs]), figure(LIST, [one for _, (one, _) in pairs], BARE)]
    whole = "everybody on every list" if counts == {IN_HOUSE + GUESTS} else f"WRONG: lists of {sorted(counts)}"
    return figures, [f"{IN_HOUSE} members and {GUESTS} guests in the house, {members} on the roster: {whole}"]


def _fill(state: Path, members: int) -> None:
    """Leave the files as a house has them in which many are, and in which nothing runs any more."""
    clock, new_id = SystemClock(), Ids()
    write_members(state / "roster.db", members, SECRET, clock())
    books = Books(
        journal=JournalWriter(state / "journal.db"),
        roster=RosterReader(state / "roster.db"),
        zones=ZonesReader(state / "zones.db"),
    )
    desk = Desk(bench_site(state), books, {1: SECRET}, new_id)
    visits = [_let_in(desk, number, RequestId(new_id())) for number in range(IN_HOUSE)]
    for number, visit in enumerate(visits[:GUESTS]):
        asked = RequestId(new_id())
        desk.handle(LetGuestIn(id=asked, at=clock(), visit=visit, name=f"Guest {number}", by=EVA))
    for book in (books.journal, books.roster, books.zones):
        book.close()


def _let_in(desk: Desk, number: int, asked: RequestId) -> VisitId:
    answer: Answer = desk.handle(CheckIn(id=asked, at=SystemClock()(), member=MemberId(f"member-{number}"), by=EVA))
    assert answer.outcome is Outcome.ARRIVED and answer.visit is not None  # noqa: S101, PT018 - a bench of an empty house would lie
    return answer.visit


def _timed(command: Sequence[str], state: Path) -> tuple[float, bytes]:
    """Return how long the command took with the files out of memory, and what it said."""
    for name in FILES:
        with (state / name).open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    began = time.perf_counter()
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return time.perf_counter() - began, said
