"""`samverk up` as its user meets it: without a screen it keeps every promise, with one it can be used and ended."""

import os
import subprocess
import threading
from pathlib import Path

import msgspec

from deploy.up.services import samverk
from kiosk.domain.zones import ZoneState
from kiosk.screen.pace import STRIKE_S
from tests.support.hub import wait_for
from tests.support.terminal import Terminal

RUN_S = 60
SERVICES = ("mosquitto", "centre", "desk", "sensors", "sync", "board")
PATIENCE_S = 110.0


class Said(msgspec.Struct):
    """What the summary says."""

    taps_shown: int
    taps_answered: int
    zone_changes: dict[str, int]
    became_present: int
    owed: dict[str, int]
    at_centre: dict[str, int]
    chain_whole: bool
    failures: list[str]


def _left_behind(folder: Path) -> list[str]:
    """Return the files in the folder for temporary files, and the processes that still name it."""
    return [one.name for one in folder.iterdir()] + _processes(folder)


def _processes(folder: Path) -> list[str]:
    processes = []
    for one in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in one.read_bytes():
                processes.append((one.parent / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return processes


def test_without_a_screen_every_promise_is_kept_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    ran = subprocess.run(
        samverk("up", "--headless", "--for", str(RUN_S), "--json"),
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = msgspec.json.decode(ran.stdout.splitlines()[-1], type=Said)
    assert said.failures == []
    assert said.taps_answered == said.taps_shown >= 20
    assert sum(said.zone_changes.values()) >= 6
    assert said.zone_changes[ZoneState.OCCUPIED] > 0
    assert said.zone_changes[ZoneState.VACANT] > 0
    assert said.became_present >= 2
    assert said.at_centre == said.owed
    assert said.chain_whole
    assert _left_behind(folder) == []


def test_a_visitor_taps_with_a_key_joins_a_zone_and_ends_it_all_with_q(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    with Terminal(samverk("up"), {**os.environ, "TMPDIR": str(folder)}, rows=30, columns=100) as terminal:
        terminal.wait_for("snabbspolat", 30)
        terminal.wait_for("Lägerelden", 30)
        terminal.forget()
        terminal.type("1")
        terminal.wait_for("Välkommen")
        terminal.forget()
        threading.Event().wait(STRIKE_S)  # the same key sooner than this would be a hand that trembles
        terminal.type("1")
        terminal.wait_for("Lägerelden")
        terminal.forget()
        terminal.type("q")
        assert terminal.wait_for_end(30) == 0
        terminal.wait_for("samverk up:")
    assert _left_behind(folder) == []


def test_when_it_is_killed_its_processes_go_too(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    with Terminal(samverk("up", "--headless"), {**os.environ, "TMPDIR": str(folder)}) as terminal:
        terminal.wait_for("Redo för kort", 30)
        assert len(_processes(folder)) > len(SERVICES)
        terminal.process.kill()
        terminal.process.wait()
        wait_for(lambda: _processes(folder) == [], "the end of every process")
