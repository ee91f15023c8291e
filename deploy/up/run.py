"""`samverk up` from beginning to end: start, live, count, stop, leave nothing behind."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from deploy.up.hub import Hub, HubError, start_hub, start_the_rest, wait_until_ready
from deploy.up.readers import real_reader
from kiosk.tools.clock import Clock

if TYPE_CHECKING:
    from deploy.up.summary import Summary

TEMPORARY_PATH_MAX = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the demonstration is run. `for_s` None means until somebody ends it."""

    headless: bool
    for_s: float | None
    as_json: bool


def run_up(options: Options, clock: Clock, new_id: Callable[[], str], stop: threading.Event) -> int:
    """Run a whole hub until stopped and return 0 if it kept its promises."""
    with _folder() as state_dir:
        try:
            summary = _run(options, state_dir, clock, new_id, stop)
        except HubError as error:
            print(f"samverk up: {error}")
            return 1
    if summary is None:
        return 1
    print(msgspec.json.encode(_plain(summary)).decode() if options.as_json else summary, flush=True)
    if options.headless:
        return 1 if summary.failures() else 0
    return 1 if summary.died or summary.killed else 0


def _run(
    options: Options, state_dir: Path, clock: Clock, new_id: Callable[[], str], stop: threading.Event
) -> "Summary | None":
    """Return what came of it, or None if it was stopped before it was ready."""
    began_s = time.monotonic()
    reader = real_reader()
    hub = start_hub(state_dir, "pcsc" if reader else "scripted", clock, dict(os.environ))
    try:
        # Loaded here, while the services load: what is needed now is only to start them.
        from deploy.up.live import live  # noqa: PLC0415

        wait_until_ready(hub, clock, new_id, stop)
        ready_s = time.monotonic() - began_s
        start_the_rest(hub, stop)
        if stop.is_set():
            return None
        lines = notice(hub, reader)
        print("\n".join([*lines, f"Redo för kort efter {ready_s:.1f} s."]), flush=True)
        return live(hub, options.for_s, None if options.headless else lines, new_id, stop)
    finally:
        hub.services.stop_all()


def notice(hub: Hub, reader: str | None) -> list[str]:
    """Return what a visitor should know: what is real, what is simulated, and where the board is."""
    badges = (
        f"Kortläsaren {reader} är verklig." if reader else "Kortläsaren är simulerad: tangent 1-9 är exempelmedlemmar."
    )
    return [
        badges,
        "Verkligt: regeln, journalen, MQTT, centralen. Simulerat: sensorerna (en inspelad dag), besökarna.",
        f"Värdarnas tavla (länken gäller en gång): {hub.board_link.read_text().strip()}",
    ]


def _plain(summary: "Summary") -> Mapping[str, object]:
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
