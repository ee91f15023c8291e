"""The pinned packages of a requirements file, each with its hashes."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUN = ROOT / "requirements" / "run.txt"

_PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[\w,]+\])?==(?P<version>[^\s;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package in the version that was tried, and the SHA-256 of every file of it that may be installed."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(path: Path = RUN) -> tuple[Pin, ...]:
    """Return every pin of the file, in its order."""
    text = path.read_text()
    found = list(_PIN.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return tuple(
        Pin(one["name"], one["version"], tuple(_HASH.findall(text[one.start() : end])))
        for one, end in zip(found, ends, strict=True)
    )
