"""A hand that shows the virtual card, in a process of its own: what the card's side costs is nobody's else.

`python -m deploy.bench.virtual_reader.hand PORT` reads lines: a UID in hex shows a card with it, an empty line takes it
away. Each is answered with an empty line once it is done.
"""

import subprocess
import sys
from types import TracebackType
from typing import Self

from deploy.bench.virtual_reader.card import VirtualCard


class Hand:
    """The process, started."""

    def __init__(self, port: int) -> None:
        """Start it, for the virtual reader that listens on this port."""
        command = [sys.executable, "-m", __name__, str(port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        """Return the hand, holding nothing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, and take the card away with it."""
        self._process.kill()
        self._process.communicate()

    def show(self, uid: bytes) -> None:
        """Lay a card with this UID on the reader."""
        self._say(uid.hex())

    def take_away(self) -> None:
        """Take the card away, and return when the daemon has noticed."""
        self._say("")

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - narrows for the type checker; both are pipes
        assert self._process.stdout is not None  # noqa: S101 - as above
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self._process.stdout.readline()


def _main() -> None:
    with VirtualCard(int(sys.argv[1])) as card:
        for line in sys.stdin:
            if line.strip():
                card.insert(bytes.fromhex(line))
            else:
                card.remove()
            sys.stdout.write("\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _main()
