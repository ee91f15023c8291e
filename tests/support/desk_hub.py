"""A desk that runs in this process, and its commands as people type them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.service.serve import serve
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import load
from tests.support.books import SECRET, SITE, write_roster

WAIT_S = 10.0


class Hub:
    """A desk that runs, and its commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Take the folder of the site."""
        self.folder, self.file = folder, folder / "site.toml"
        self._capsys = capsys

    def __call__(self, *arguments: str) -> str:
        """Run a command that must succeed, and return what it prints."""
        status, out = self.status(*arguments)
        assert status == 0, out
        return out

    def status(self, *arguments: str) -> tuple[int, str]:
        """Run a command, and return its status and what it prints."""
        self._capsys.readouterr()
        status = self.run(*arguments)
        told = self._capsys.readouterr()
        return status, told.out + told.err

    def run(self, *arguments: str) -> int:
        """Run a command, and return its status; what it prints goes where it goes."""
        return main([*arguments, "--site", str(self.file)])

    def json(self, *arguments: str) -> dict[str, object]:
        """Run a command that must succeed, and return its answer."""
        answer: dict[str, object] = json.loads(self(*arguments, "--json"))
        return answer

    def json_of(self, *arguments: str) -> dict[str, object]:
        """Run a command that must be refused, and return its answer."""
        status, told = self.status(*arguments, "--json")
        assert status == 1, told
        answer: dict[str, object] = json.loads(told)
        return answer

    def list_of(self, *arguments: str) -> list[dict[str, object]]:
        """Run a command that must succeed, and return the list it prints."""
        answer: list[dict[str, object]] = json.loads(self(*arguments, "--json"))
        return answer


@contextmanager
def running_hub(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Hub]:
    """Serve a small house from that folder until the end of the block."""
    (folder / "site.toml").write_text(SITE.format(state_dir=folder))
    write_roster(folder / "roster.db", confirmed=SystemClock()())
    write_credential("badge-key-v1", SECRET.hex().encode(), folder)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(load(folder / "site.toml"), SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(WAIT_S)
    yield Hub(folder, capsys)
    stop.set()
    thread.join(WAIT_S)
    assert not thread.is_alive()
