"""Leads one simulated run through the real desk and the real zones, in virtual time and as fast as the machine can."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from pathlib import Path

from deploy.simulate.clock import HouseClock, steps
from deploy.simulate.day import BEGINS_S, ENDS_S, Day
from deploy.simulate.desk import VirtualDesk
from deploy.simulate.families import Sent
from deploy.simulate.hub import site_file
from deploy.simulate.options import DAY_S, HOUR_S
from deploy.simulate.visits import Action
from deploy.simulate.zones import Told, VirtualZones
from kiosk.tools.site import Site, read

TICK_S = 5.0
"""How often the desk's tick is called: five times more seldom than the service does, and far below any limit."""
EMPTY_TICK_S = 60.0
"""The same while nobody is in the house by its book."""
NIGHT_TICK_S = 300.0
"""The same outside of the hours in which anybody is there."""

Moment = tuple[float, int, "Action | Sent | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run left behind: its books in `site.state_dir`, the desk's answers, and what each zone was said to be."""

    day: Day
    site: Site
    outcomes: Counter[tuple[str, str]]
    told: dict[str, list[Told]]
    refused: dict[tuple[str, str], int]
    messages: int
    restarts: int


def run(day: Day, folder: Path) -> Ran:
    """Lead the run; its books are written to the folder. The desk is rebuilt from its journal once a day."""
    site = read(site_file(day.options, day.devices, str(folder)))
    clock = HouseClock(steps(day.options))
    zones = VirtualZones(site, clock, BEGINS_S)
    desk = VirtualDesk(site, day.options, clock, tuple(one.member for one in day.people.habits))
    try:
        messages, restarts = _lead(day, desk, zones)
    finally:
        desk.close()
        zones.close()
    return Ran(
        day=day,
        site=site,
        outcomes=desk.outcomes,
        told=zones.told,
        refused=zones.counted,
        messages=messages,
        restarts=restarts,
    )


def _lead(day: Day, desk: VirtualDesk, zones: VirtualZones) -> tuple[int, int]:
    messages = restarts = 0
    due = [number * DAY_S + _restart_s(day, number) for number in range(day.options.days)]
    next_tick_s = 0.0
    for t, _, what in _moments(day):
        zones.until(t, is_asked=desk.has_people)
        if due and t >= due[0]:
            desk.restart()
            restarts += bool(due.pop(0))
        if isinstance(what, Sent):
            zones.hear(what)
            messages += 1
        elif isinstance(what, Action):
            desk.act(what)
        elif desk.has_people or t >= next_tick_s:
            desk.tick(t)
            next_tick_s = t + EMPTY_TICK_S
    return messages, restarts


def _moments(day: Day) -> Iterator[Moment]:
    """Return all that happens, in order; at the same instant sensors first, then people, then time itself."""
    sent: Iterator[Moment] = ((one.t, 0, one) for one in day.messages())
    acts: Iterator[Moment] = ((one.t, 1, one) for one in day.people.actions)
    ticks: Iterator[Moment] = ((t, 2, None) for t in _ticks(day))
    return merge(sent, acts, ticks, key=lambda moment: moment[:2])


def _ticks(day: Day) -> Iterator[float]:
    t = BEGINS_S
    while t <= day.until_s:
        yield t
        t += TICK_S if BEGINS_S <= t % DAY_S < ENDS_S else NIGHT_TICK_S


def _restart_s(day: Day, number: int) -> float:
    return day.options.chance("restart", number).uniform(9, 17) * HOUR_S
