"""Runs histories in processes of their own, without threads, and without pauses between attempts."""

import gc
import logging
import os
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import anyio.to_thread
import stamina

from sync.client import ATTEMPTS
from tests.support.simulation.line import Weather
from tests.support.simulation.world import SITES, World, template_in


@dataclass(frozen=True)
class History:
    """One history: what happened, what was done to whom, and how it failed, if it did."""

    seed: int
    trace: tuple[str, ...] = ()
    fired: Counter[str] = field(default_factory=Counter)
    failure: str = ""


def run_all(seeds: Iterable[int], steps: int, lose_at: int | None = None) -> Iterator[History]:
    """Run these histories, as many at a time as there are processors. See `World.run` for `lose_at`."""
    # Not forked: a test run has threads.
    with disk() as folder, ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _made_up, ()) as pool:
        template = template_in(folder)
        yield from pool.map(_run, ((seed, steps, template, folder, lose_at) for seed in seeds), chunksize=2)


@contextmanager
def disk() -> Iterator[Path]:
    """Yield a folder, in memory where there is such a thing."""
    quick = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - durability is not what is tried here
    with tempfile.TemporaryDirectory(prefix="samverk-worlds-", dir=quick) as name:
        yield Path(name)


def kill_everywhere(points: Iterable[int], rounds: int) -> Iterator[tuple[int, str, bool]]:
    """Kill a house's service at each of these points of one same course, and let it go on after that.

    Yield the point, what went wrong, and whether the course was long enough for the point to be reached.
    """
    with disk() as folder, ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _made_up, ()) as pool:
        template = template_in(folder)
        yield from pool.map(_kill, ((one, rounds, template, folder) for one in points), chunksize=8)


@dataclass(frozen=True)
class Crossing:
    """One answered request for events on a slow line: how many it held, and how many events waited then."""

    size: int
    waiting: int


@dataclass(frozen=True)
class Drained:
    """A backlog on a slow line: the answered requests in their order, how many were cut, and what went wrong."""

    crossings: tuple[Crossing, ...]
    cut: int
    failure: str


def drain_slowly(visits: int) -> Drained:
    """Let a house with so many events drain over a line of 9.6 kbit/s and 2 s that is cut now and then."""
    with disk() as folder, ProcessPoolExecutor(1, get_context("spawn"), _made_up, ()) as pool:
        return pool.submit(_drain_slowly, visits, template_in(folder), folder).result()


def _drain_slowly(visits: int, template: Path, folder: Path) -> Drained:
    with tempfile.TemporaryDirectory(prefix="samverk-world-", dir=folder) as name:
        world = World(1, Path(name), template, SITES[:1])
        house, crossings = world.houses[0], list[Crossing]()
        for _ in range(visits):
            house.visit()
        while house.agent.project.step(house.agent.journal):
            pass
        # What was held to the end of its window goes out too.
        world.true.pass_by(3600.0)
        while house.agent.project.release():
            pass
        house.line.weather, house.line.share = Weather.SLOW, 1.0
        before = house.roster.outbox.waits()[0]
        while house.roster.outbox.waits()[0] and len(crossings) < visits * 10:
            house.work(1)
            waiting = house.roster.outbox.waits()[0]
            crossings += [Crossing(before - waiting, waiting)] if waiting != before else []
            before = waiting
            world.true.pass_by(1.0)
        cut = house.line.cut
        failure = ""
        try:
            world.heal()
            world.check()
        except Exception:  # noqa: BLE001 - as above
            failure = traceback.format_exc()
        finally:
            world.close()
        return Drained(tuple(crossings), cut, failure)


def _kill(what: tuple[int, int, Path, Path]) -> tuple[int, str, bool]:
    point, rounds, template, folder = what
    with tempfile.TemporaryDirectory(prefix="samverk-world-", dir=folder) as name:
        world = World(1, Path(name), template, SITES[:1])
        try:
            was_killed = _course(world, point, rounds)
            world.heal()
            world.check()
        except Exception:  # noqa: BLE001 - whatever it is, the point is to be told with it
            return point, traceback.format_exc(), True
        else:
            return point, "", was_killed
        finally:
            world.close()


def _course(world: World, point: int, rounds: int) -> bool:
    """Let visits happen and members come and go, and the service work between, until it is killed at that point."""
    house, left = world.houses[0], point
    for number in range(rounds):
        for _ in range(5):
            house.visit()
        world.centre.enrol(number)
        world.centre.remove(number - 2)
        if not house.kills:
            house.work(200, kill_in=left)
            left = house.left_to_kill
        world.true.pass_by(300.0)
    return bool(house.kills)


def _run(what: tuple[int, int, Path, Path, int | None]) -> History:
    seed, steps, template, folder, lose_at = what
    with tempfile.TemporaryDirectory(prefix="samverk-world-", dir=folder) as name:
        world = World(seed, Path(name), template)
        failure = ""
        try:
            world.run(steps, lose_at)
            world.heal()
            world.check()
        except Exception:  # noqa: BLE001 - whatever it is, the seed is to be told with it
            failure = traceback.format_exc()
        finally:
            world.close()
        gc.collect()
        return History(seed, tuple(world.trace), world.fired, failure)


def _made_up() -> None:
    async def at_once(work: Callable[..., Any], *values: Any, **_how: Any) -> Any:
        return work(*values)

    anyio.to_thread.run_sync = at_once  # type: ignore[assignment] # one thread only: its order is the seed's
    stamina.set_testing(True, attempts=ATTEMPTS)
    logging.disable(logging.CRITICAL)
    # A history is short, and what it leaves behind is collected between two.
    gc.freeze()
    gc.disable()
