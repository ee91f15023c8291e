"""Moving a database and all that belongs to it aside, kept and named by when, never deleted."""

import os
from pathlib import Path

from kiosk.domain.instant import Instant

TAILS = ("", "-wal", "-shm")
"""A database's own file, its write-ahead log, and that log's index: apart from each other they are worth nothing."""


def room_aside(state_dir: Path, why: str, now: Instant) -> Path:
    """Make and return a new folder beside the databases, such as `damaged-20261123T080000Z`."""
    stamp = now.wall.strftime("%Y%m%dT%H%M%SZ")
    count = 0
    while True:
        folder = state_dir / f"{why}-{stamp}{f'-{count}' if count else ''}"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            return folder
        count += 1


def move_aside(path: Path, folder: Path) -> Path:
    """Move the database into the folder and return where it is now."""
    for tail in TAILS:
        part = path.with_name(path.name + tail)
        if part.exists():
            part.rename(folder / part.name)
    return folder / path.name


def give_back(state_dir: Path) -> None:
    """Give what root has made in the folder to whoever owns it: the services must be able to write it."""
    owner = state_dir.stat()
    if os.geteuid() != 0:
        return
    for path in state_dir.iterdir():
        if path.is_dir() or path.suffix in {".db", ".lock"} or path.name.endswith(TAILS[1:]):
            os.chown(path, owner.st_uid, owner.st_gid)
