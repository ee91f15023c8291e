"""The service as a process of its own: killed at any moment, started twice, or started without what it needs."""

import os
import random
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.erasure import mark
from kiosk.domain.events import PersonErased
from kiosk.domain.ids import EventId, MemberId, host
from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import CredentialError, write_credential
from kiosk.tools.site.read import read
from sync.agent import serve
from sync.centre.registry import Enrolment
from tests.support.centre import SOURCE, House, RunningCentre, member, site_in, site_text, visits
from tests.support.centre_sync import prepared, start

pytestmark = pytest.mark.parts

KILLS = 24
SEED = 20261123
DRAIN_S = 60.0


@pytest.mark.timeout(180)
def test_killed_at_many_moments_it_tells_each_event_once_and_ends_with_the_centres_roster(
    centre: RunningCentre, tmp_path: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to choose moments, not secrets
    site_file = prepared(tmp_path, centre.url, centre.token)
    journal = JournalWriter(tmp_path / "journal.db")
    pause = threading.Event()
    for kill in range(KILLS):
        journal.append(Entry(happened=visits(20, first=1 + kill * 20)))
        centre.registry.enrol(Enrolment(members=(member(kill + 1),)))
        process = start(site_file)
        assert process.stderr is not None
        process.stderr.readline()
        pause.wait(chance.uniform(0.0, 0.25))
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, process.stderr.read()
        process.stderr.close()
    journal.close()
    process = start(site_file)
    assert process.stderr is not None
    process.stderr.readline()
    everybody = [MemberId(member(number + 1).id) for number in range(KILLS)]
    reader = RosterReader(tmp_path / "roster.db")
    for _ in range(int(DRAIN_S * 10)):
        if centre.registry.report().distinct == KILLS * 60 and len(reader.people(everybody)) == KILLS:
            break
        pause.wait(0.1)
    assert len(reader.people(everybody)) == KILLS
    reader.close()
    process.terminate()
    _, log = process.communicate()
    assert process.returncode == 0, log
    report = centre.registry.report()
    assert report.distinct == KILLS * 60
    assert report.missing == {SOURCE: 0}
    assert sum(report.events[SOURCE].values()) == KILLS * 60


def test_a_second_service_on_the_same_file_says_so_and_ends(centre: RunningCentre, tmp_path: Path) -> None:
    site_file = prepared(tmp_path, centre.url, centre.token)
    first = start(site_file)
    assert first.stderr is not None
    first.stderr.readline()
    second = start(site_file)
    _, log = second.communicate(timeout=20)
    first.terminate()
    first.communicate()
    assert second.returncode == 1
    assert b"roster.db already has a writer" in log


def test_it_ends_soon_when_asked_to_even_if_the_centre_is_gone(tmp_path: Path) -> None:
    site = site_in(tmp_path, "http://127.0.0.1:9")
    write_credential("centre-token", b"x", tmp_path)
    stop = threading.Event()
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(serve(site, SystemClock(), stop)))
    thread.start()
    stop.set()
    thread.join(timeout=10.0)
    assert ended == [0]


def test_without_its_token_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match="centre-token"):
        serve(site_in(tmp_path, "http://127.0.0.1:9"), SystemClock(), threading.Event())


def test_it_never_sends_its_token_over_an_open_line(tmp_path: Path) -> None:
    write_credential("centre-token", b"x", tmp_path)
    assert serve(site_in(tmp_path, "http://centre.example"), SystemClock(), threading.Event()) == 2


def test_without_a_centre_there_is_nothing_to_do(tmp_path: Path) -> None:
    text = site_text(tmp_path, "http://127.0.0.1:9").partition("[centre]")[0]
    assert serve(read(text), SystemClock(), threading.Event()) == 2


def test_whoever_is_erased_is_in_no_file_of_the_thread_as_soon_as_nobody_reads_it(
    house: House, centre: RunningCentre
) -> None:
    who = member(1)
    centre.registry.enrol(Enrolment(members=(who, member(2))))
    house.happened(visits(1))
    house.work()
    event = EventId("erased")
    order = PersonErased(id=event, at=house.clock(), mark=mark(event, who.id), decision="dnr 2026-9", by=host("eva"))
    with closing(sqlite3.connect(house.folder / "roster.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM members").fetchall()
        house.happened([order])
        house.work()
        assert house.roster.replica.member(who.id) is None
    house.agent.step()
    held = b"".join(one.read_bytes() for one in house.folder.glob("roster.db*"))
    assert who.id.encode() not in held
    assert member(2).id.encode() in held
