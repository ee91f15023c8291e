"""What an incident report needs in one file: findings, versions, numbers of rows and the log. No personal data.

Nothing of what the databases hold goes in, only how much; the log never has a name or a UID in it, and is looked over
for addresses and badge numbers once more.
"""

import io
import re
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from deploy.doctor.finding import Finding
from kiosk.domain.instant import Instant
from kiosk.store.database import open_reader
from kiosk.store.errors import StoreError
from kiosk.store.whole import DATABASES
from kiosk.tools.site import Site

LOG_LINES = 5000
_LOG = (
    "journalctl",
    "--no-pager",
    "--output=short-iso",
    f"--lines={LOG_LINES}",
    "--unit=samverk-*",
    "--unit=mosquitto",
)
_HIDDEN = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[0-9A-Fa-f]{2}[: ]?){4,10}\b")

Run = Callable[[Sequence[str]], str]


def write_bundle(path: Path, site: Site, found: Sequence[Finding], now: Instant, run: Run | None = None) -> None:
    """Write the file, readable to its owner only."""
    said = (run or _run)(_LOG)
    parts = {
        "findings.json": _json(found),
        "site.json": _json(_described(site)),
        "databases.json": _json({name: _rows(site.state_dir / name) for name in DATABASES}),
        "made.json": _json(now),
        "log.txt": _HIDDEN.sub("[dolt / hidden]", said).encode(),
    }
    path.touch(mode=0o600)
    with tarfile.open(path, "w:gz") as bundle:
        for name, content in parts.items():
            member = tarfile.TarInfo(f"samverk-incident/{name}")
            member.size, member.mode, member.mtime = len(content), 0o600, int(now.wall.timestamp())
            bundle.addfile(member, io.BytesIO(content))


def _described(site: Site) -> dict[str, Any]:
    """Return the site file but for what may be somebody's: the host's telephone, and the example badges."""
    described = msgspec.to_builtins(site.tables)
    described["site"]["host_phone"] = ""
    return {**described, "demonstration": None}


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value))


def _rows(path: Path) -> Mapping[str, int | str]:
    """Return how many rows each table has, or why that cannot be told."""
    try:
        reader = open_reader(path)
    except StoreError as error:
        return {"damage": str(error)}
    if reader is None:
        return {}
    try:
        tables = reader.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: int(reader.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]) for (name,) in tables}  # noqa: S608 - the names of its own tables
    except sqlite3.DatabaseError as error:
        return {"damage": str(error)}
    finally:
        reader.close()


def _run(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {error}\n"
