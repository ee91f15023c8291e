"""The power may go at any moment: no tap that was acknowledged is lost, and no file is left half written."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from kiosk.store.journal import Entry, JournalReader, JournalWriter
from kiosk.store.outgoing import OutboxState, Settled
from kiosk.store.roster import RosterWriter
from sync import plan
from tests.support.centre import SITE, SOURCE, START, visits
from tests.support.power_cut import Image, Recording, record

pytestmark = pytest.mark.slow

IMAGES = 4_000
IMAGES_SOAK = 40_000
SEED = 20261123
VISITS = 150
NORMAL = 1
"""SQLite's synchronous=NORMAL: a commit returns before the card has it."""
IDENTITY = plan.Identity(SITE, SOURCE, 5.0, 60.0)
JOURNAL, ROSTER = "journal.db", "roster.db"


@contextmanager
def recorded_session(synchronous: int | None = None) -> Iterator[Recording]:
    """Yield what taps and their way to the centre did to the two files, synced as the house does or as told."""
    with tempfile.TemporaryDirectory(prefix="samverk-power-", dir=_quick_folder()) as name:
        folder = Path(name)
        JournalWriter(folder / JOURNAL).close()
        RosterWriter(folder / ROSTER).close()
        began = {one: (folder / one).read_bytes() for one in (JOURNAL, ROSTER)}
        statements, own = _session(folder)
        for one in folder.iterdir():
            one.unlink()
        for file, written in began.items():
            (folder / file).write_bytes(written)
        yield record(folder, statements, own if synchronous is None else synchronous)


def test_no_power_cut_loses_an_acknowledged_tap_or_leaves_half_a_transaction(*, soak: bool) -> None:
    with recorded_session() as recording, _card() as card:
        for image in recording.images(IMAGES_SOAK if soak else IMAGES, _chance()):
            image.write_to(card)
            assert _taps(card, image) >= image.acknowledged.get(JOURNAL, 0)


def test_the_power_cuts_do_harm_a_house_that_syncs_less() -> None:
    with recorded_session(synchronous=NORMAL) as recording, _card() as card:
        lost = 0
        for image in recording.images(IMAGES // 20, _chance()):
            image.write_to(card)
            lost += _taps(card, image) < image.acknowledged.get(JOURNAL, 0)
    assert lost > IMAGES // 40


def _session(folder: Path) -> tuple[list[tuple[str, str]], int]:
    """Record visits, put them into the outbox and settle them; return the statements, and how hard they are synced."""
    statements: list[tuple[str, str]] = []
    journal, roster = JournalWriter(folder / JOURNAL), RosterWriter(folder / ROSTER)
    connections = {JOURNAL: journal._writer.db.conn, ROSTER: roster._writer.db.conn}  # noqa: SLF001 - to listen in on the very statements
    for name, connection in connections.items():
        connection.set_trace_callback(lambda said, name=name: statements.append((name, said)))  # type: ignore[misc] # a default argument is how a loop's value is kept
    reader = JournalReader(folder / JOURNAL)
    for number in range(1, VISITS + 1):
        arrived, _, left = visits(1, first=number)
        journal.append(Entry(happened=(arrived,)))
        journal.append(Entry(happened=(left,)))
        if number % 3 == 0:
            _forward(reader, roster)
    levels = {name: int(one.execute("PRAGMA synchronous").fetchone()[0]) for name, one in connections.items()}
    reader.close()
    journal.close()
    roster.close()
    kept = [one for one in statements if not one[1].upper().startswith(("SELECT", "PRAGMA"))]
    assert sum(said == "COMMIT" for _, said in kept) > VISITS
    return kept, min(levels.values())


def _forward(reader: JournalReader, roster: RosterWriter) -> None:
    recorded = reader.after(roster.outbox.place())
    events = [(one.seq, one.event) for one in recorded]
    found = plan.project(events, IDENTITY, sequence=roster.outbox.last_sequence())
    roster.outbox.add(recorded[-1].seq, found.told, START)
    sent = roster.outbox.waiting(4)
    roster.outbox.settle([Settled(one.sequence, OutboxState.ACCEPTED) for one in sent], START)


def _taps(card: Path, image: Image) -> int:
    """Return how many taps the card holds, and fail if a file is damaged or a transaction was cut in two."""
    with closing(sqlite3.connect(card / JOURNAL)) as journal:
        assert journal.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        taps = [row[0] for row in journal.execute("SELECT seq FROM events ORDER BY seq")]
    assert taps == list(range(1, len(taps) + 1))
    with closing(sqlite3.connect(card / ROSTER)) as roster:
        assert roster.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        place = roster.execute("SELECT journal_seq FROM place").fetchone()[0]
        told = [row[0] for row in roster.execute("SELECT journal_seq FROM outbox ORDER BY sequence")]
    assert told == list(range(1, place + 1)), "the place in the journal and the rows up to it stand or fall together"
    assert set(image.files) >= {JOURNAL, ROSTER}
    return len(taps)


def _chance() -> Random:
    return Random(SEED)  # noqa: S311 - to choose moments, not secrets


@contextmanager
def _card() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="samverk-power-", dir=_quick_folder()) as name:
        yield Path(name)


def _quick_folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the power cut is made up: a disk in memory will do
