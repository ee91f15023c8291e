"""Sounds for tests: one that only remembers, and a player that is a real program and plays until it is killed."""

import stat
from collections.abc import Sequence
from pathlib import Path

from kiosk.tools.speech.sounds import Part

_PLAYER = """#!/bin/sh
for last; do :; done
touch {log}
cp "$last" {log}.$(($(wc -l < {log}) + 1)).wav
echo "$@" >> {log}
[ -e {log}.hold ] && exec sleep 600
exit {status}
"""


class RememberedSounds:
    """Remembers what was to be played and at which volume; `hushed` counts how often silence was wanted."""

    def __init__(self) -> None:
        """Begin in silence."""
        self.played: list[tuple[tuple[Part, ...], int]] = []
        self.hushed = 0
        self.is_closed = False

    def play(self, parts: Sequence[Part], volume: int) -> None:
        """Remember what is played."""
        self.played.append((tuple(parts), volume))

    def hush(self) -> None:
        """Remember that silence was wanted."""
        self.hushed += 1

    def close(self) -> None:
        """Remember that it is over."""
        self.is_closed = True


class Player:
    """A program in a folder, called like a real player: it writes down how it was called and keeps what it played.

    While `holding` it plays for ever, as a long text does.
    """

    def __init__(self, folder: Path, name: str = "aplay", status: int = 0) -> None:
        """Put the program there."""
        self.path = folder / name
        self._log = folder / "played"
        self.path.write_text(_PLAYER.format(log=self._log, status=status))
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    def hold(self) -> None:
        """Play for ever from now on."""
        Path(f"{self._log}.hold").touch()

    def calls(self) -> list[str]:
        """Return the arguments of each call so far."""
        return self._log.read_text().splitlines() if self._log.exists() else []

    def file(self, number: int) -> bytes:
        """Return what was played at that call, counted from 1."""
        return Path(f"{self._log}.{number}.wav").read_bytes()
