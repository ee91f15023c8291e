"""One backup: a folder with copies of the databases, the site file, and a list of what is in it. It holds no secret.

Not in it: credentials, and what hosts sign in with: passwords and sessions belong to one device.
"""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.domain.ids import SiteId
from kiosk.domain.instant import Instant
from kiosk.store.backup import copy
from kiosk.store.errors import StoreError
from kiosk.store.whole import damage
from kiosk.tools.site import Site

COPIED = ("roster.db", "journal.db", "zones.db", "research.db")
"""In this order: the outbox may lag behind the journal, and must not be ahead of it."""

LIST, SITE_FILE = "backup.json", "site.toml"
KEPT_DAYS = 14
"""How long a backup is kept: what has been erased or removed since is in it for as long."""

PREFIX = "samverk-"
ROOM_TIMES = 1.1
"""A backup is begun only where there is this many times the room that it takes."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: the SHA-256 of each file by name."""

    site: SiteId
    made: datetime
    files: dict[str, str]


class BackupError(Exception):
    """A backup could not be made or cannot be used; the text says why and what to do."""


def make(site: Site, site_file: Path, folder: Path, now: Instant) -> Path:
    """Make a new backup in the folder while the services run, and return it. Either it is whole or it is not there."""
    stamp = now.wall.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    target, begun = folder / f"{PREFIX}{site.id}-{stamp}", folder / f".{PREFIX}{site.id}-{stamp}"
    there = [name for name in COPIED if (site.state_dir / name).exists()]
    begun.mkdir(mode=0o700, parents=True)
    try:
        _demand_room(sum((site.state_dir / name).stat().st_size for name in there), begun)
        for name in there:
            copy(site.state_dir / name, begun / name)
        shutil.copyfile(site_file, begun / SITE_FILE)
        files = {name: _digest(begun / name) for name in (*there, SITE_FILE)}
        (begun / LIST).write_bytes(msgspec.json.encode(Contents(site.id, now.wall, files)))
        begun.rename(target)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    return target


def check(backup: Path) -> Contents:
    """Return what the backup holds, or raise `BackupError` if it is not whole."""
    try:
        contents = msgspec.json.decode((backup / LIST).read_bytes(), type=Contents)
        wrong = [name for name, digest in contents.files.items() if _digest(backup / name) != digest]
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        message = f"{backup} is no whole backup ({error}): take another one"
        raise BackupError(message) from error
    wrong += [name for name in contents.files if name.endswith(".db") and damage(backup / name)]
    if wrong:
        message = f"{backup}: {', '.join(sorted(set(wrong)))} is not as it was: take another backup"
        raise BackupError(message)
    return contents


def remove_old(folder: Path, site: SiteId, now: Instant, days: int = KEPT_DAYS) -> tuple[Path, ...]:
    """Remove this house's backups that are older than that, and return them. The newest always stays."""
    found = sorted(folder.glob(f"{PREFIX}{site}-*Z"))
    old = [one for one in found[:-1] if _made(one) < now.wall - timedelta(days=days)]
    for one in old:
        shutil.rmtree(one)
    return tuple(old)


def _made(backup: Path) -> datetime:
    return datetime.strptime(backup.name.rpartition("-")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _demand_room(size: int, where: Path) -> None:
    if shutil.disk_usage(where).free < size * ROOM_TIMES:
        message = f"there is no room for a backup of {size // 1024} KiB in {where.parent}: remove old ones first"
        raise StoreError(message)
