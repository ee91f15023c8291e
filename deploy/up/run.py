"""`samverk up` from beginning to end: start, live, count, stop, leave nothing behind."""

import logging
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from deploy.up.centre import rows_by_type
from deploy.up.example import SPEED
from deploy.up.hub import Hub, HubError, start_hub, wait_until_ready
from deploy.up.readers import real_reader
from deploy.up.rooms import Rooms
from deploy.up.services import Died, samverk
from deploy.up.summary import Summary, is_chain_whole, members_who_became_present, owed_by_type
from deploy.up.visitors import Tally, live_the_story
from kiosk.tools.clock import Clock

DRAIN_S = 15.0
"""How long the centre may take to get the last events, once nothing new happens."""
LOOK_S = 0.1
TEMPORARY_PATH_MAX = 70

log = logging.getLogger("samverk.up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the demonstration is run. `for_s` None means until somebody ends it."""

    headless: bool
    for_s: float | None
    as_json: bool


def run_up(options: Options, clock: Clock, new_id: Callable[[], str], stop: threading.Event) -> int:
    """Run a whole hub until stopped and return 0 if it kept its promises."""
    reader = real_reader()
    began_s = time.monotonic()
    with _folder() as state_dir:
        try:
            hub = start_hub(state_dir, "pcsc" if reader else "scripted", clock, dict(os.environ))
        except HubError as error:
            print(f"samverk up: {error}")
            return 1
        try:
            wait_until_ready(hub, new_id, stop)
            lines = notice(hub, reader)
            print("\n".join([*lines, f"Redo efter {time.monotonic() - began_s:.1f} s."]), flush=True)
            summary = _live(hub, options, lines, new_id, stop)
        except HubError as error:
            print(f"samverk up: {error}")
            hub.services.stop_all()
            return 1
    print(msgspec.json.encode(_plain(summary)).decode() if options.as_json else summary, flush=True)
    if options.headless:
        return 1 if summary.failures() else 0
    return 1 if summary.died or summary.killed else 0


def notice(hub: Hub, reader: str | None) -> list[str]:
    """Return what a visitor should know: what is real, what is simulated, and where the board is."""
    badges = (
        f"kortläsaren {reader} är verklig" if reader else "kortläsaren är simulerad: tangent 1-9 är exempelmedlemmar"
    )
    return [
        f"{hub.site.name}: demonstration, snabbspolat {SPEED} gånger.",
        (
            "Verkligt: regeln, journalen, MQTT-mäklaren, centralen. "
            f"Simulerat: sensorerna (en inspelad dag i ett riktigt rum) och besökarna vid sidoingången; {badges}."
        ),
        f"Värdarnas tavla, länk som gäller en gång: {hub.board_link.read_text().strip()}",
    ]


def _live(hub: Hub, options: Options, lines: list[str], new_id: Callable[[], str], stop: threading.Event) -> Summary:
    rooms, tally, quiet = Rooms(hub.site), Tally(), threading.Event()
    began_s = time.monotonic()
    threads = [
        threading.Thread(target=live_the_story, args=(hub.site, new_id, quiet, tally), name="visitors"),
        threading.Thread(target=rooms.play, args=(quiet,), name="rooms"),
    ]
    for one in threads:
        one.start()
    try:
        _wait(hub, options, lines, stop)
    finally:
        quiet.set()
        for one in threads:
            one.join()
    died = hub.services.died()
    _drain(hub, stop=bool(died))
    return _stop(hub, rooms, tally, died, time.monotonic() - began_s)


def _wait(hub: Hub, options: Options, lines: list[str], stop: threading.Event) -> None:
    """Return when the time is over, somebody asks to stop, or a part has died."""
    screen = None if options.headless else _screen(hub, lines)
    ends_s = time.monotonic() + options.for_s if options.for_s is not None else float("inf")
    while time.monotonic() < ends_s and not stop.wait(LOOK_S):
        if hub.services.died() or (screen is not None and screen.poll() is not None):
            break
    if screen is not None and screen.poll() is None:
        screen.terminate()
        screen.wait()


def _screen(hub: Hub, lines: list[str]) -> subprocess.Popen[bytes]:
    """Start the members' screen in this terminal."""
    path = hub.site.state_dir / "notice.json"
    path.write_bytes(msgspec.json.encode({"lines": lines}))
    command = samverk("screen", "--site", str(hub.site_path), "--may-quit", "--notice", str(path))
    with (hub.site.state_dir / "log" / "screen.log").open("ab") as errors:
        return subprocess.Popen(command, stderr=errors)


def _drain(hub: Hub, *, stop: bool) -> None:
    """Wait until the centre has what it is owed, as long as that can still come about."""
    journal = hub.site.state_dir / "journal.db"
    ends_s = time.monotonic() + (0 if stop else DRAIN_S)
    while rows_by_type(hub.centre_database) != owed_by_type(journal) and time.monotonic() < ends_s:
        threading.Event().wait(LOOK_S)


def _stop(hub: Hub, rooms: Rooms, tally: Tally, died: tuple[Died, ...], seconds: float) -> Summary:
    journal = hub.site.state_dir / "journal.db"
    killed = hub.services.stop_all()
    return Summary(
        seconds=seconds,
        taps_shown=tally.shown,
        taps_answered=tally.answered,
        zone_changes=rooms.seen.changes,
        became_present=members_who_became_present(journal),
        owed=owed_by_type(journal),
        at_centre=rows_by_type(hub.centre_database),
        chain_whole=is_chain_whole(journal),
        died=died,
        killed=killed,
    )


def _plain(summary: Summary) -> Mapping[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(summary)
    return {**plain, "failures": summary.failures()}


@contextmanager
def _folder() -> Iterator[Path]:
    # The path of a Unix socket has at most 107 characters, and ours stands in this folder.
    parent = tempfile.gettempdir()
    is_short = len(parent) <= TEMPORARY_PATH_MAX
    folder = Path(tempfile.mkdtemp(prefix="samverk-up-", dir=parent if is_short else "/tmp"))  # noqa: S108 - mkdtemp makes it ours alone
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
