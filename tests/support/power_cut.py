"""Power cuts for SQLite files: what a session wrote and synced is recorded, and images of the card at any moment made.

What was not synced when the power went may be there, not there, torn at a sector, or there before what came earlier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import apsw

SECTOR_BYTES = 512
CHECKPOINT_PAGES = 20
"""Often enough that checkpoints are among what the power cuts."""


@dataclass(frozen=True)
class Write:
    """Bytes written to a file at an offset; None in their place cuts the file off there."""

    file: str
    offset: int
    written: bytes | None


@dataclass(frozen=True)
class Sync:
    """The card has all that was written to the file so far."""

    file: str


@dataclass(frozen=True)
class Acknowledged:
    """From here on the caller has been told that so many transactions on the file are safe."""

    file: str
    transactions: int


Entry = Write | Sync | Acknowledged


@dataclass
class Image:
    """A card as it is found afterwards: the files' bytes, and what had been acknowledged when the power went."""

    files: dict[str, bytearray]
    acknowledged: dict[str, int]

    def write_to(self, folder: Path) -> None:
        """Put the files into that folder, in place of any earlier image."""
        for old in folder.iterdir():
            old.unlink()
        for name, written in self.files.items():
            (folder / name).write_bytes(written)


@dataclass
class Recording:
    """Everything that happened to the files of one folder, in order."""

    began: dict[str, bytes]
    entries: list[Entry] = field(default_factory=list)

    def images(self, count: int, chance: Random) -> Iterator[Image]:
        """Yield so many images, each of a power cut at a moment chosen by `chance`, the earliest first."""
        cuts = sorted(chance.randrange(1, len(self.entries) + 1) for _ in range(count))
        synced = {name: bytearray(written) for name, written in self.began.items()}
        waiting: dict[str, list[Write]] = {}
        acknowledged: dict[str, int] = {}
        done = 0
        for cut in cuts:
            for entry in self.entries[done:cut]:
                _follow(entry, synced, waiting, acknowledged)
            done = cut
            yield Image(_torn(synced, waiting, chance), dict(acknowledged))


def record(folder: Path, sessions: Sequence[tuple[str, str]], synchronous: int) -> Recording:
    """Run the statements, each with the file it is for, and return what they did to the files in the folder.

    A COMMIT that has returned is an acknowledgement.
    """
    recording = Recording({one.name: one.read_bytes() for one in folder.iterdir()})
    vfs = _RecordingVfs("samverk-power-cut", recording.entries)
    names = dict.fromkeys(name for name, _ in sessions)
    connections = {name: _opened(folder / name, vfs, synchronous) for name in names}
    committed = dict.fromkeys(names, 0)
    for name, statement in sessions:
        connections[name].execute(statement)
        if statement == "COMMIT":
            committed[name] += 1
            recording.entries.append(Acknowledged(name, committed[name]))
    kept = list(recording.entries)
    for one in connections.values():
        one.close()
    vfs.unregister()
    # Closing tidies up; the power goes before that.
    recording.entries[:] = kept
    return recording


def _opened(path: Path, vfs: "_RecordingVfs", synchronous: int) -> apsw.Connection:
    connection = apsw.Connection(str(path), vfs=vfs.vfs_name)
    # A shim has no shared memory: with exclusive locking the write-ahead log needs none.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    return connection


def _follow(
    entry: Entry, synced: dict[str, bytearray], waiting: dict[str, list[Write]], acknowledged: dict[str, int]
) -> None:
    match entry:
        case Write():
            waiting.setdefault(entry.file, []).append(entry)
        case Sync():
            for one in waiting.pop(entry.file, []):
                _apply(synced.setdefault(one.file, bytearray()), one)
        case Acknowledged():
            acknowledged[entry.file] = entry.transactions


def _torn(synced: dict[str, bytearray], waiting: dict[str, list[Write]], chance: Random) -> dict[str, bytearray]:
    files = {name: bytearray(written) for name, written in synced.items()}
    for name, writes in waiting.items():
        survivors = [torn for one in writes if (torn := _survivor(one, chance)) is not None]
        chance.shuffle(survivors)
        for one in survivors:
            _apply(files.setdefault(name, bytearray()), one)
    return files


def _survivor(one: Write, chance: Random) -> Write | None:
    fate = chance.random()
    if fate < 0.4:
        return None
    if one.written is None or fate < 0.8:
        return one
    sectors = len(one.written) // SECTOR_BYTES
    return Write(one.file, one.offset, one.written[: chance.randint(0, sectors) * SECTOR_BYTES])


def _apply(file: bytearray, one: Write) -> None:
    if one.written is None:
        del file[one.offset :]
        return
    if len(file) < one.offset:
        file.extend(bytes(one.offset - len(file)))
    file[one.offset : one.offset + len(one.written)] = one.written


class _RecordingVfs(apsw.VFS):
    def __init__(self, name: str, entries: list[Entry]) -> None:
        self.vfs_name = name
        self._entries = entries
        super().__init__(name, base="")

    def xOpen(self, name: "str | apsw.URIFilename | None", flags: list[int]) -> "_RecordingFile":  # noqa: N802 - SQLite's name
        return _RecordingFile(name, flags, self._entries)


class _RecordingFile(apsw.VFSFile):
    def __init__(self, name: "str | apsw.URIFilename | None", flags: list[int], entries: list[Entry]) -> None:
        full = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name = Path(full).name
        self._entries = entries
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - as above
        self._entries.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - as above
        self._entries.append(Write(self._name, newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - as above
        self._entries.append(Sync(self._name))
        super().xSync(flags)
