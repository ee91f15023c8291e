"""Putting a backup back: what is there is kept aside, and a new epoch begins.

The new epoch tells the centre that this is another life of the house; its numbers are never taken for the old one's.
"""

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.backup.aside import give_back, move_aside, room_aside
from deploy.backup.folder import COPIED, BackupError, check
from deploy.broker.writing import give_to_services
from kiosk.domain.instant import Instant
from kiosk.store.database import held_alone
from kiosk.store.journal import JournalReader
from kiosk.store.roster import RosterWriter
from kiosk.store.whole import DATABASES, damage
from kiosk.tools.site import Site
from sync import plan


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the files put back, where what was there is kept, and the name of the new epoch."""

    files: tuple[str, ...]
    aside: Path | None
    epoch: str
    events: int


def restore(
    site: Site, backup: Path, now: Instant, *, is_forced: bool, new_epoch: Callable[[], str] | None = None
) -> Restored:
    """Put the backup back, every service being stopped; raise `BackupError` or `StoreError` with nothing changed.

    A journal that is there and newer, or damaged and not yet mended, is only replaced when forced.
    """
    contents = check(backup)
    if contents.site != site.id:
        message = f"the backup is of {contents.site}, and this is {site.id}"
        raise BackupError(message)
    if not site.state_dir.exists():
        site.state_dir.mkdir(mode=0o700, parents=True)
        give_to_services(site.state_dir)
    with held_alone(site.state_dir / name for name in DATABASES):
        if not is_forced:
            _demand_older(site.state_dir, backup)
        aside, put_back = _replace(site.state_dir, backup, now)
    epoch = begin_epoch(site.state_dir, new_epoch)
    give_back(site.state_dir)
    reader = JournalReader(site.state_dir / "journal.db")
    try:
        return Restored(put_back, aside, epoch, reader.last_seq())
    finally:
        reader.close()


def begin_epoch(state_dir: Path, new_epoch: Callable[[], str] | None = None) -> str:
    """Let what waits for the centre go on under a new epoch, and return its name."""
    epoch = (new_epoch or (lambda: secrets.token_hex(8)))()
    roster = RosterWriter(state_dir / "roster.db")
    try:
        roster.resend.number_anew(epoch, 0, plan.renumbered)
    finally:
        roster.close()
    return epoch


def _replace(state_dir: Path, backup: Path, now: Instant) -> tuple[Path | None, tuple[str, ...]]:
    there = [name for name in DATABASES if (state_dir / name).exists()]
    aside = room_aside(state_dir, "before-restore", now) if there else None
    for name in there:
        if aside is not None and name in COPIED:
            move_aside(state_dir / name, aside)
    put_back = tuple(name for name in COPIED if (backup / name).exists())
    for name in put_back:
        shutil.copyfile(backup / name, state_dir / name)
        (state_dir / name).chmod(0o600)
    return aside, put_back


def _demand_older(state_dir: Path, backup: Path) -> None:
    here, there = state_dir / "journal.db", backup / "journal.db"
    wrong = damage(here)
    if wrong:
        message = f"the journal here is damaged ({wrong}): run `samverk repair` first: it saves unsent taps"
        raise BackupError(message)
    if here.exists() and there.exists() and _last(here) > _last(there):
        message = (
            f"the journal here is whole and newer ({_last(here)} events, the backup has {_last(there)}): nothing was"
            " changed; give --force if the backup is to be put back all the same"
        )
        raise BackupError(message)


def _last(path: Path) -> int:
    reader = JournalReader(path)
    try:
        return reader.last_seq()
    finally:
        reader.close()
