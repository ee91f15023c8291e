"""The demonstration while it lives: visitors and rooms at work, the screen in front, and the count at the end."""

import subprocess
import threading
import time
from collections.abc import Callable

import msgspec

from deploy.up.hub import Hub
from deploy.up.rooms import Rooms
from deploy.up.rows import rows_by_type
from deploy.up.services import Died, samverk
from deploy.up.summary import Summary, is_chain_whole, members_who_became_present, owed_by_type
from deploy.up.visitors import Tally, live_the_story

DRAIN_S = 15.0
"""How long the centre may take to get the last events, once nothing new happens."""
LOOK_S = 0.1


def live(
    hub: Hub, for_s: float | None, lines: list[str] | None, new_id: Callable[[], str], stop: threading.Event
) -> Summary:
    """Live until the time is over, somebody asks to stop or a part has died; then stop everything and count.

    `lines` are shown on the members' screen; without them there is no screen.
    """
    rooms, tally, quiet = Rooms(hub.site), Tally(), threading.Event()
    began_s = time.monotonic()
    threads = [
        threading.Thread(target=live_the_story, args=(hub.site, new_id, quiet, tally), name="visitors"),
        threading.Thread(target=rooms.play, args=(quiet,), name="rooms"),
    ]
    for one in threads:
        one.start()
    try:
        _wait(hub, for_s, lines, stop)
    finally:
        quiet.set()
        for one in threads:
            one.join()
    died = hub.services.died()
    _drain(hub, stop=bool(died))
    return _stop(hub, rooms, tally, died, time.monotonic() - began_s)


def _wait(hub: Hub, for_s: float | None, lines: list[str] | None, stop: threading.Event) -> None:
    """Return when the time is over, somebody asks to stop, or a part has died."""
    screen = None if lines is None else _screen(hub, lines)
    ends_s = time.monotonic() + for_s if for_s is not None else float("inf")
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
    return subprocess.Popen(command)


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
