"""A house for drills: people inside, taps kept, secrets beside them, and ways to damage its files."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kiosk.domain.answers import Answer
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.requests import Tap
from kiosk.store.journal import JournalReader
from kiosk.store.sought import sought
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site, load
from tests.support.books import SECRET, SITE, UIDS, close_books, open_desk, write_roster
from tests.support.house import CountedIds, at

SECRETS = {
    "badge-key-v1": SECRET.hex(),
    "centre-token": "token-of-this-house-alone",
    "pseudonym-key": "5e" * 32,
}
PAGE = 4096


def make_house(state_dir: Path, more: str = "") -> Site:
    """Return a house with a whole roster and its secrets, whose site file lies in its state folder."""
    state_dir.mkdir(exist_ok=True, parents=True)
    (state_dir / "site.toml").write_text(SITE.format(state_dir=state_dir) + more)
    for name, secret in SECRETS.items():
        write_credential(name, secret.encode(), state_dir)
    write_roster(state_dir / "roster.db")
    return load(state_dir / "site.toml")


def tap(site: Site, *names: str, began: float = 10.0, direction: Direction = Direction.IN) -> tuple[Answer, ...]:
    """Let these members show their badges at the entrance, a minute apart; every `began` is a day of its own ids."""
    desk, books = open_desk(site, DayIds(began))
    answers = []
    for number, name in enumerate(names):
        uid, when = Uid(bytes.fromhex(UIDS[name])), at(began + 60 * number)
        request = RequestId(f"tap-{began}-{number}")
        tapped = Tap(id=request, at=when, reader=ReaderId("entrance"), direction=direction, uid=uid)
        answers.append(desk.handle(tapped))
    close_books(books)
    return tuple(answers)


def come_and_go(site: Site, times: int, began: float) -> None:
    """Let Carl and Disa come and leave so often, and leave at last: a journal of many pages."""
    desk, books = open_desk(site, DayIds(began))
    for number in range(times):
        for at_once, (name, direction) in enumerate(_COMINGS):
            uid, when = Uid(bytes.fromhex(UIDS[name])), at(began + 600 * number + 60 * at_once)
            request = RequestId(f"go-{began}-{number}-{at_once}")
            desk.handle(Tap(id=request, at=when, reader=ReaderId("entrance"), direction=direction, uid=uid))
    close_books(books)


_COMINGS = (
    *(("Carl", Direction.IN), ("Disa", Direction.IN)),
    *(("Carl", Direction.OUT), ("Disa", Direction.OUT)),
)


class DayIds(CountedIds):
    """Ids that no desk of another day has given."""

    def __init__(self, began: float) -> None:
        """Take the day by the second it begins at."""
        super().__init__()
        self._began = began

    def __call__(self) -> str:
        """Return the next id."""
        return f"{super().__call__()}-{self._began:.0f}"


def looked_for(site: Site) -> set[str]:
    """Return the names on the evacuation list, from the files alone."""
    return {str(one.name) for one in sought(site, at(3600))}


def event_ids(path: Path) -> list[str]:
    """Return the ids of the journal's events, in their order."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
        return [row[0] for row in journal.execute("SELECT id FROM events ORDER BY seq")]


def is_sound(path: Path) -> bool:
    """Return whether the journal's chain holds and it replays to the house that it keeps."""
    reader = JournalReader(path)
    try:
        return reader.verify().broken_at is None and reader.rebuilt() == reader.house()
    finally:
        reader.close()


def settle(path: Path) -> None:
    """Move everything out of the write-ahead log, as a clean stop does."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def spoil(path: Path, pages: Iterable[int]) -> None:
    """Overwrite these pages, counted from 1, as a failing card does."""
    settle(path)
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\xa5" * PAGE)


def pages_of(path: Path, table: str) -> list[int]:
    """Return the leaf pages of a table, in the order of its rows."""
    settle(path)
    with closing(sqlite3.connect(path)) as database:
        root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    content = path.read_bytes()
    return _leaves(content, root)


def _leaves(content: bytes, page: int) -> list[int]:
    start = (page - 1) * PAGE
    head = start + (100 if page == 1 else 0)
    if content[head] not in {0x02, 0x05}:
        return [page]
    cells = int.from_bytes(content[head + 3 : head + 5], "big")
    offsets = [int.from_bytes(content[head + 12 + 2 * at : head + 14 + 2 * at], "big") for at in range(cells)]
    children = [int.from_bytes(content[start + one : start + one + 4], "big") for one in offsets]
    children.append(int.from_bytes(content[head + 8 : head + 12], "big"))
    return [leaf for child in children for leaf in _leaves(content, child)]


def samverk(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run([sys.executable, "-m", "deploy", *arguments], capture_output=True, text=True, check=False)
