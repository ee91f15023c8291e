"""A whole running hub for journeys, taken apart again whatever happens; and patient looks at what it does."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from deploy.up.example import Example, examples
from deploy.up.hub import Hub, start_hub, start_the_rest, wait_until_ready
from kiosk.domain.answers import Answer
from kiosk.domain.board import Board
from kiosk.door.client import DoorClient
from kiosk.door.messages import Ask, SayAnswer, SayBoard, ScriptedTap, ShowBoard, Watch
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from tests.support.log_watch import WATCH

LOOK_S = 0.1
PATIENCE_S = 20.0
new_id = Ids()
Seen = TypeVar("Seen")


@contextmanager
def running_hub(driver: str = "scripted", environment: Mapping[str, str] | None = None) -> Iterator[Hub]:
    """Run a hub that is ready for taps, in a short folder: the path of a Unix socket has at most 107 characters."""
    start_log("samverk")
    folder = Path(tempfile.mkdtemp(prefix="sv-"))
    hub: Hub | None = None
    try:
        hub = start_hub(folder, driver, SystemClock(), {**os.environ, **(environment or {})})
        wait_until_ready(hub, SystemClock(), new_id, threading.Event())
        start_the_rest(hub, threading.Event())
        yield hub
    finally:
        if hub is not None:
            hub.services.stop_all()
        look_at_the_logs(folder / "log")
        shutil.rmtree(folder, ignore_errors=True)


def look_at_the_logs(folder: Path) -> None:
    """Have every line looked at that the hub's services have said."""
    for one in folder.glob("*"):
        for line in one.read_text(errors="replace").splitlines():
            WATCH.look(line)


def wait_for(look: Callable[[], Seen | None], what: str, patience_s: float = PATIENCE_S) -> Seen:
    """Return what `look` sees as soon as it is something, or fail saying what never came."""
    ends_s = time.monotonic() + patience_s
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < ends_s, f"never came: {what}"
        threading.Event().wait(LOOK_S)


def example(key: str) -> Example:
    """Return the example member at that key."""
    return next(one for one in examples() if one.key == key)


def tap(hub: Hub, uid: str, reader: str = "entrance") -> Answer:
    """Show a badge to a scripted reader and return the answer that was given there."""
    with DoorClient(hub.site.door) as door:
        door.say(Watch(id=new_id(), readers=(reader,)))
        door.say(ScriptedTap(id=new_id(), reader=reader, uid=uid))
        while True:
            said = door.hear()
            if isinstance(said, SayAnswer):
                return said.answer


def ask(hub: Hub, what: Ask) -> Answer:
    """Ask the desk for something and return its answer."""
    with DoorClient(hub.site.door) as door:
        said = door.ask(what)
    assert isinstance(said, SayAnswer), said
    return said.answer


def board(hub: Hub) -> Board:
    """Return the house as it is now."""
    with DoorClient(hub.site.door) as door:
        said = door.ask(ShowBoard(id=new_id()))
    assert isinstance(said, SayBoard), said
    return said.board
