"""Mending a house whose databases are damaged: each is moved aside, and a new one is made of what can be read.

What nobody has at the centre yet is what matters: unsent taps are salvaged from both the journal and the outbox. The
rest the centre has: the roster is read in full again.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from deploy.backup.aside import give_back, move_aside, room_aside
from deploy.backup.restoring import begin_epoch
from kiosk.domain.instant import Instant
from kiosk.store.database import held_alone
from kiosk.store.errors import StoreError
from kiosk.store.replica import read_anew
from kiosk.store.salvage import Salvaged, move_place, salvage, start_clean, vacuum
from kiosk.store.whole import DATABASES, damage
from kiosk.tools.site import Site

_QUEUE = frozenset({"outbox", "held", "place"})
"""The tables of roster.db that hold what the journal was read for."""


@dataclass(frozen=True, slots=True)
class Mended:
    """One database that was damaged: what was wrong, where it is kept, how much was brought over, what was lost."""

    name: str
    damage: str
    aside: Path
    rows: int
    incomplete: tuple[str, ...]


def repair(site: Site, now: Instant) -> tuple[Mended, ...]:
    """Mend every damaged database, every service being stopped, and return what was done; nothing if all are whole.

    Raise `AlreadyOpenError` with nothing changed while a service runs.
    """
    with held_alone(site.state_dir / name for name in DATABASES):
        damaged = {name: wrong for name in DATABASES if (wrong := damage(site.state_dir / name))}
    aside = room_aside(site.state_dir, "damaged", now) if damaged else site.state_dir
    mended = tuple(_mend(site.state_dir, name, wrong, aside) for name, wrong in damaged.items())
    give_back(site.state_dir)
    return mended


def make_room(site: Site) -> tuple[int, int]:
    """Write every database anew without what is unused; return the bytes before and after."""
    paths = [site.state_dir / name for name in DATABASES if (site.state_dir / name).exists()]
    before = sum(one.stat().st_size for one in paths)
    for one in paths:
        vacuum(one)
    give_back(site.state_dir)
    return before, sum(one.stat().st_size for one in paths)


def _mend(state_dir: Path, name: str, wrong: str, aside: Path) -> Mended:
    target = state_dir / name
    kept = move_aside(target, aside)
    salvaged = _salvaged(kept, target)
    if name == "journal.db" and (state_dir / "roster.db").exists() and not damage(state_dir / "roster.db"):
        move_place(state_dir / "roster.db", salvaged)
    if name == "roster.db":
        read_anew(target, journal_too=bool(_QUEUE & set(salvaged.incomplete)))
        begin_epoch(state_dir)
    return Mended(name, wrong, aside, sum(salvaged.rows.values()), salvaged.incomplete)


def _salvaged(kept: Path, target: Path) -> Salvaged:
    """Return what came over; of a file that is no database any more nothing does, and an empty one takes its place."""
    try:
        return salvage(kept, target)
    except (sqlite3.DatabaseError, StoreError):
        for tail in ("", "-wal", "-shm"):
            target.with_name(target.name + tail).unlink(missing_ok=True)
        start_clean(target)
        return Salvaged({}, ("*",))
