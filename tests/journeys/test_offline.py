"""A thousand taps while the centre answers, is gone, or takes twenty seconds: nobody at the entrance can tell."""

import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.answers import Answer
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.requests import Tap
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from sync.centre.registry import Enrolment, NewBadge, NewMember
from tests.support.books import UIDS, close_books, key_of, make_site, open_desk
from tests.support.centre import AGENCY, House, RunningCentre, running_centre, site_text
from tests.support.fault_proxy import delay, fault_proxy

pytestmark = pytest.mark.parts

TAPS, SEED = 1000, 20261126
SLOW_S = 20.0
STRANGERS = ("04FEDCBA987654", "08112233")
"""A badge that nobody holds, and one that changes its number."""
CONTACT_S = 30.0
GONE = "http://127.0.0.1:9"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running_centre(tmp_path) as running:
        people = [
            NewMember(name.lower(), name, AGENCY.id, badges=(NewBadge(key_of(uid)),)) for name, uid in UIDS.items()
        ]
        running.registry.enrol(Enrolment(members=tuple(people)))
        yield running


def pulled(folder: Path, centre: RunningCentre) -> Path:
    """Return the roster as a house has it that was in touch with the centre."""
    folder.mkdir()
    house = House(folder, centre.url, centre.token)
    house.work()
    house.close()
    return folder / "roster.db"


@contextmanager
def syncing(folder: Path, url: str, token: str) -> Iterator[None]:
    """Run the sync service of the house in that folder."""
    write_credential("centre-token", token.encode(), folder)
    site_file = folder / "site.toml"
    site_file.write_text(site_text(folder, url))
    command = [sys.executable, "-m", "tests.support.centre_sync", str(site_file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
        assert process.poll() is None, "the sync service ended by itself"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def taps() -> Iterator[Tap]:
    """Yield a thousand taps of the same day, the first of them now."""
    chance, now = random.Random(SEED), SystemClock()()  # noqa: S311 - to choose badges, not secrets
    passed_s = 0.0
    for number in range(TAPS):
        passed_s += chance.choice([0.5, 3.0, 8.0, 60.0, 200.0])
        wall = now.wall + timedelta(seconds=passed_s)
        at = replace(now, wall=wall, elapsed_s=now.elapsed_s + passed_s)
        uid = Uid(bytes.fromhex(chance.choice([*UIDS.values(), *STRANGERS])))
        direction = chance.choice(list(Direction))
        yield Tap(id=RequestId(f"tap-{number}"), at=at, reader=ReaderId("entrance"), direction=direction, uid=uid)


def answered(folder: Path) -> list[tuple[object, ...]]:
    """Return what the desk of the house in that folder says to each tap."""
    desk, books = open_desk(make_site(folder))
    try:
        return [_said(desk.handle(tap)) for tap in taps()]
    finally:
        close_books(books)


def _said(answer: Answer) -> tuple[object, ...]:
    return (answer.outcome, answer.reason, answer.name, answer.repeated, answer.rights, answer.undo_s)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    pause = threading.Event()
    for _ in range(int(CONTACT_S * 20)):
        if is_so():
            return
        pause.wait(0.05)
    message = "it never came to that"
    raise AssertionError(message)


def test_a_thousand_taps_are_answered_alike_whatever_the_centre_does(centre: RunningCentre, tmp_path: Path) -> None:
    roster = pulled(tmp_path / "before", centre)
    said = {}
    with fault_proxy(centre.port) as slow:
        slow.always(delay(SLOW_S))
        for name, url in {"gone": GONE, "slow": slow.url, "there": centre.url}.items():
            folder = tmp_path / name
            folder.mkdir()
            shutil.copy(roster, folder)
            with syncing(folder, url, centre.token):
                if name == "slow":
                    wait_until(lambda: slow.fired > 0)
                said[name] = answered(folder)
                if name == "there":
                    wait_until(lambda: centre.registry.report().distinct > 0)
        slow.heal()
    assert said["there"] == said["gone"] == said["slow"]
    assert len(said["there"]) == TAPS
    assert len({outcome for outcome, *_ in said["there"]}) > len(("arrived", "left", "refused"))
