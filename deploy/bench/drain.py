"""`samverk bench sync`, the house's half: a backlog of months goes out while taps go on, and members come in.

The service runs as a process of its own, so that its memory is its own; beside each figure stands the bare exchange.
"""

import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deploy.bench.drain_house import BenchDesk, backlog, bench_desk, enrolment, house_site, taps_of
from deploy.bench.figures import Amount, Figure, Measured, figure
from kiosk.domain.ids import SiteId
from kiosk.store.journal import Entry
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import load
from sync.agent import compose
from sync.batches import MOST
from sync.centre.registry import Registry
from sync.client import CentreClient
from sync.lists import PAGE
from sync.plan import Identity, project
from sync.records import batch_of

EVENTS = 180_000
"""Ninety days of a house with two thousand events a day."""
MEMBERS = (5_000, 50_000)
SOURCE = "se.samverket.bench"
WAIT_S = 1_800.0

IDLE_ROUNDS = 5
IDLE, DURING = "tap while nothing is sent", "tap while the backlog is sent"


def measure(taps: int, members: int) -> Measured:  # noqa: ARG001 - what other measures are given too
    """Return how fast a backlog drains, in how much memory and at what cost to taps, and how fast members come in."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as name:
        folder = Path(name)
        with _centre(folder) as (url, token):
            figures, amounts = _drain(folder, url, token)
        for count in MEMBERS:
            part = folder / f"members-{count}"
            part.mkdir()
            with _centre(part, count) as (url, token):
                amounts += _pull(part, url, token, count)
    notes = [f"{EVENTS} events; centre, service and desk on the same machine; memory is the service's peak"]
    return Measured(figures, notes, amounts)


def _drain(folder: Path, url: str, token: str) -> tuple[list[Figure], list[Amount]]:
    state = folder / "state"
    site_file = house_site(state, url, SOURCE)
    write_credential("centre-token", token.encode(), state)
    with bench_desk(state) as desk:
        for events in backlog(EVENTS):
            desk.journal.append(Entry(happened=events))
        idle = _idle(desk)
        bare = _bare_exchange(url, token)
        command = [sys.executable, "-m", "deploy", "sync", "--site", str(site_file)]
        began = time.perf_counter()
        service = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        during: list[float] = []
        try:
            while not _is_drained(state) and time.perf_counter() - began < WAIT_S:
                during += taps_of(desk)
            took_s = time.perf_counter() - began
            peak_mb = _peak_mb(service.pid)
        finally:
            service.terminate()
            service.wait()
        # Before and after: a machine that grows slower meanwhile slows both alike.
        idle += _idle(desk)
    figures = [figure(IDLE, idle), figure(DURING, during, IDLE)]
    slowest = [Amount(name=f"p99 of a {one.name}", value=one.p99_ms, unit="ms") for one in figures]
    amounts = [
        slowest[0],
        replace(slowest[1], bare=slowest[0].name),
        Amount(name="the same batches, bare", value=bare, unit="events/s"),
        Amount(name="backlog sent", value=EVENTS / took_s, unit="events/s", bare="the same batches, bare"),
        Amount(name="memory of the service", value=peak_mb, unit="MB"),
    ]
    return figures, amounts


def _idle(desk: BenchDesk) -> list[float]:
    return [one for _ in range(IDLE_ROUNDS) for one in taps_of(desk)]


@contextmanager
def _centre(folder: Path, members: int = 0) -> Iterator[tuple[str, str]]:
    """Serve a centre with so many members in a process of its own; yield its address and the house's token."""
    database, port_file = folder / "centre.db", folder / "port"
    registry = Registry(database, SystemClock(), Ids())
    token = registry.issue_token(SiteId("bench"), SOURCE)
    if members:
        registry.enrol(enrolment(members))
    registry.close()
    command = [sys.executable, "-m", "deploy", "centre", "serve", "--database", str(database), "--port", "0"]
    process = subprocess.Popen([*command, "--port-file", str(port_file)], stderr=subprocess.DEVNULL)
    pause = threading.Event()
    try:
        while not port_file.exists() and process.poll() is None:
            pause.wait(0.05)
        yield f"http://127.0.0.1:{port_file.read_text().strip()}", token
    finally:
        process.terminate()
        process.wait()


def _peak_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(float(one.split()[1]) / 1024 for one in lines if one.startswith("VmHWM:"))


def _is_drained(state: Path) -> bool:
    reader = OutboxReader(state / "roster.db")
    try:
        # More comes in all the time: the taps.
        return reader.counts().get(OutboxState.ACCEPTED, 0) >= EVENTS
    finally:
        reader.close()


def _bare_exchange(url: str, token: str) -> float:
    """Return how many events a second the centre takes of batches that were ready before: no journal, no outbox."""
    identity = Identity(SiteId("bench"), SOURCE, 5.0, 60.0)
    client = CentreClient(url, lambda: token, SystemClock())
    numbered = list(enumerate((one for part in backlog(MOST * 10, "bare") for one in part), start=EVENTS * 10))
    rows = project(numbered, identity, sequence=EVENTS * 10, epoch="bare").told
    bodies = [batch_of([one.body for one in rows[at : at + MOST]]) for at in range(0, len(rows), MOST)]
    began = time.perf_counter()
    for body in bodies:
        client.post_events(body)
    took_s = time.perf_counter() - began
    client.close()
    return len(rows) / took_s


def _pull(folder: Path, url: str, token: str, count: int) -> list[Amount]:
    clock = SystemClock()
    client = CentreClient(url, lambda: token, clock)
    began = time.perf_counter()
    for start in range(1, count, PAGE):
        client.get("/scim/v2/Users", {"count": str(PAGE), "startIndex": str(start)})
    bare_s = time.perf_counter() - began
    state = folder / "state"
    site_file = house_site(state, url, SOURCE)
    agent = compose(load(site_file), Identity(SiteId("bench"), SOURCE, 5.0, 60.0), client, clock)
    began = time.perf_counter()
    while agent.roster.replica.people_known() < count or agent.pull.step():
        agent.pull.step()
    took_s = time.perf_counter() - began
    agent.close()
    client.close()
    bare = f"{count} members, pages alone"
    return [
        Amount(name=bare, value=bare_s, unit="s"),
        Amount(name=f"{count} members pulled", value=took_s, unit="s", bare=bare),
    ]
