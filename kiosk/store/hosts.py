"""hosts.json: who may sign in at the board, and whose badge calls the roll at the screen.

`samverk board host` writes it; the board and the desk only read it.

A file of its own, because board.db has the running board as its only writer.
"""

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from kiosk.domain.instant import Instant
from kiosk.store.errors import StoreError

HOSTS_MAX = 100
"""More people than this are not hosts of one house."""
MEMBER_MAX = 160
"""A longer text is no member's id."""
FILE_BYTES_MAX = 64 * 1024
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,38}\w)?")


@dataclass(frozen=True, slots=True)
class Host:
    """One host: the password's hash, and when it was set (ISO 8601, UTC).

    `member` is who they are on the roster, empty if they have no badge that is to call the roll.
    """

    name: str
    hash: str
    changed: str
    member: str = ""

    @property
    def stamp(self) -> str:
        """Return what changes with the password: a session made under another is over."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:32]


_hosts = msgspec.json.Decoder(tuple[Host, ...])


class HostFile:
    """The hosts as the file has them. A change is read at the next question."""

    def __init__(self, path: Path) -> None:
        """Remember the file; there need be none."""
        self._path = path
        self._seen: tuple[int, ...] = ()
        self._hosts: Mapping[str, Host] = {}

    def hosts(self) -> Mapping[str, Host]:
        """Return the hosts by name; raise `StoreError` for a file that cannot be read."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._hosts = (), {}
            return {}
        seen = (found.st_mtime_ns, found.st_ino, found.st_size)
        if seen != self._seen:
            self._hosts = _read(self._path)
            self._seen = seen
        return self._hosts

    def put(self, name: str, hashed: str, now: Instant) -> None:
        """Add a host or give them that password; raise `StoreError` for an unfit name or one host too many."""
        if not _NAME.fullmatch(name):
            message = f"{name!r} cannot be a host's name: use 1 to 40 letters, digits, spaces, dots and hyphens"
            raise StoreError(message)
        with self._changing() as hosts:
            member = hosts[name].member if name in hosts else ""
            hosts[name] = Host(name, hashed, now.wall.isoformat(timespec="seconds"), member)
            if len(hosts) > HOSTS_MAX:
                message = f"there are {HOSTS_MAX} hosts already: remove one first"
                raise StoreError(message)

    def remove(self, name: str) -> None:
        """Take a host away; raise `StoreError` if there is none of that name."""
        with self._changing() as hosts:
            if hosts.pop(name, None) is None:
                message = f"there is no host {name!r}"
                raise StoreError(message)

    def tie(self, name: str, member: str) -> None:
        """Say which member a host is, "" for none; raise `StoreError` if there is no such host, or the id is unfit."""
        if len(member) > MEMBER_MAX or not member.isprintable():
            message = f"{member!r} cannot be a member's id"
            raise StoreError(message)
        with self._changing() as hosts:
            if name not in hosts:
                message = f"there is no host {name!r}: samverk board host add"
                raise StoreError(message)
            hosts[name] = replace(hosts[name], member=member)

    def untie(self, member: str) -> None:
        """Let no host be that member any longer; a file in which none is stays as it is."""
        if self.named(member) is None:
            return
        with self._changing() as hosts:
            for one in [one for one in hosts.values() if one.member == member]:
                hosts[one.name] = replace(one, member="")

    def named(self, member: str) -> str | None:
        """Return the host's name who is that member, or None; raise `StoreError` for a file that cannot be read."""
        return next((one.name for one in self.hosts().values() if member and one.member == member), None)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Host]]:
        """Let the hosts be changed by one command at a time; the file is whole at every moment."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with (self._path.parent / "hosts.lock").open("a") as lock:
            os.fchmod(lock.fileno(), 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            hosts = dict(self.hosts())
            yield hosts
            _write(self._path, tuple(hosts[name] for name in sorted(hosts)))


def _read(path: Path) -> Mapping[str, Host]:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            message = "it is too long"
            raise msgspec.ValidationError(message)
        return {one.name: one for one in _hosts.decode(path.read_bytes())}
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path} cannot be read ({error}): move it aside and add the hosts again"
        raise StoreError(message) from error


def _write(path: Path, hosts: tuple[Host, ...]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    owner = path.parent.stat()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(hosts)) + b"\n")
        if os.geteuid() == 0:
            # Root may add hosts; the board's own user must be able to read them.
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
