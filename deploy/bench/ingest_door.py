"""Events through the centre's door: a process of its own, and four clients that send as fast as they are answered."""

import gzip
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from deploy.bench.figures import Amount
from deploy.bench.ingest_rows import SITE, SOURCE, batches
from kiosk.domain.ids import SiteId
from sync.centre.registry import Registry

CLIENTS = 4
START_S = 60.0
ANSWER_S = 120.0
_TYPE = "application/cloudevents-batch+json"


@dataclass(slots=True)
class Times:
    """How long each request took, and how much went through."""

    name: str
    seconds: list[float] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)


def through_the_door(  # noqa: PLR0913, PLR0917 - what, whereto, how much
    name: str, database: str, registry: Registry, port_file: Path, count: int, size: int, rounds: int = 1
) -> Times:
    """Send so many events in batches of that size and then all of them once more, in each round others.

    Return how that went: the medians of the rounds, and the time of every request with something new.
    """
    tokens = [registry.issue_token(SiteId(SITE), f"{SOURCE}{number}") for number in range(CLIENTS)]
    times = Times(name)
    new, again = list[float](), list[float]()
    for number in range(rounds):
        bodies = _bodies(tokens, count // CLIENTS, size, number)
        # A process for each round: a house that sends for longer at this pace is asked to wait.
        with _served(database, port_file) as port:
            new.append(_sent(port, bodies, times.seconds) * size)
            again.append(_sent(port, bodies, []) * size)
    door = f"door, {name} {size}"
    times.amounts = [
        Amount(name=f"{door}, new", value=median(new), unit="events/s"),
        Amount(name=f"{door}, all duplicates", value=median(again), unit="events/s", bare=f"{door}, new"),
    ]
    return times


@contextmanager
def _served(database: str, port_file: Path) -> Iterator[int]:
    """Run the centre over that database, and yield its port."""
    port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "deploy", "centre", "serve", "--database", database]
    command += ["--port", "0", "--port-file", str(port_file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield _port(port_file)
    finally:
        process.terminate()
        process.wait(START_S)


def _bodies(tokens: list[str], share: int, size: int, number: int) -> list[tuple[str, list[bytes]]]:
    """Return, for each client, its token and its share of the events of that round."""
    found = []
    for client, token in enumerate(tokens):
        parts = batches(share, size, number * share, f"{SOURCE}{client}")
        found.append((token, [gzip.compress(one, 6) for one in parts]))
    return found


def _sent(port: int, bodies: list[tuple[str, list[bytes]]], seconds: list[float]) -> float:
    """Send everything and return how many requests a second were answered."""
    threads = [threading.Thread(target=_send, args=(port, token, some, seconds)) for token, some in bodies]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sum(len(some) for _, some in bodies) / (time.perf_counter() - began)


def _send(port: int, token: str, bodies: list[bytes], seconds: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": _TYPE, "Content-Encoding": "gzip"}
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", "/events", body, headers)
        answer = connection.getresponse()
        read = answer.read()
        seconds.append(time.perf_counter() - began)
        if answer.status != http.client.OK or b"invalid" in read:
            raise RuntimeError(answer.status, read[:200])
    connection.close()


def _port(port_file: Path) -> int:
    pause = threading.Event()
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s:
        if port_file.exists():
            return int(port_file.read_text())
        pause.wait(0.05)
    message = "the centre did not start"
    raise TimeoutError(message, os.fspath(port_file))
