"""A PostgreSQL of its own for a measure or a test: made by initdb in a folder of its own, reached by a socket there."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOTS = ("/usr/lib/postgresql", "/usr/local/pgsql")
START_S = 60
OWNER = "postgres"
"""The user that Debian's package makes: PostgreSQL refuses to run as root."""


class PostgresError(Exception):
    """The PostgreSQL could not be started; the text says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL with one database, `postgres`."""

    folder: Path

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, or None if there is none."""
    found = [path.parent for root in ROOTS for path in Path(root).glob("**/bin/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path).parent] if on_path else []
    return max(found, key=_version, default=None)


@contextmanager
def running(*, durable: bool = True) -> Iterator[Cluster]:
    """Run a PostgreSQL until the end of the block. Without `durable` it is quicker, and a power cut would break it."""
    programs = binaries()
    if programs is None:
        message = "there is no PostgreSQL: install postgresql"
        raise PostgresError(message)
    folder = Path(tempfile.mkdtemp(prefix="samverk-postgres-"))
    user = _user(folder)
    rows = str(folder / "rows")
    try:
        _run([str(programs / "initdb"), "-D", rows, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        settings = f"-k {folder} -c listen_addresses='' -c max_connections=40"
        settings += "" if durable else " -c fsync=off -c synchronous_commit=off"
        control = [str(programs / "pg_ctl"), "-D", rows]
        _run([*control, "-w", "-t", str(START_S), "-o", settings, "-l", str(folder / "log"), "start"], user)
        try:
            yield Cluster(folder)
        finally:
            _run([*control, "-m", "immediate", "-w", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdecimal())


def _user(folder: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwnam(OWNER)
    except KeyError as error:
        message = f"there is no user {OWNER} to run PostgreSQL as"
        raise PostgresError(message) from error
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return OWNER


def _run(command: list[str], user: str | None) -> None:
    done = subprocess.run(
        command,
        user=user,
        cwd="/",
        check=False,
        timeout=START_S * 2,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode:
        message = f"{Path(command[0]).name}: {done.stderr.decode(errors='replace').strip()[-500:]}"
        raise PostgresError(message)
