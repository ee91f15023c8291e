"""Everybody in the house over all days, members, guests and hosts: one truth track, and one list of acts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from deploy.simulate import figures as f
from deploy.simulate.clock import steps
from deploy.simulate.habits import Habits, habits
from deploy.simulate.options import DAY_S, ENDS_S, HOUR_S, Options
from deploy.simulate.track import Stay, Track, track
from deploy.simulate.visits import Act, Action, visit

GUEST_OF = "gäst-till-"
LOOKS_S = 200.0
"""How long a host looks on before saying anything of anybody."""
CONFIRMED_MAX = 3
"""How many a host confirms in one visit to a zone."""


@dataclass(frozen=True, slots=True)
class People:
    """The members' habits, the truth track of all people, and what was done at readers, screen and board, in order."""

    habits: tuple[Habits, ...]
    truth: Track
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """Something that a host runs in a zone and has announced in the morning; the host is truly there all the while."""

    host: str
    zone: str
    begin_s: float
    end_s: float


def people(options: Options) -> People:
    """Return everybody's days."""
    everybody = habits(options)
    stays: list[Stay] = []
    actions: list[Action] = []
    for day in range(options.days):
        visits = [visit(one, options, day) for one in everybody]
        actions += [act for one in visits for act in one.acts]
        own = [stay for one in visits for stay in one.stays]
        guests = [_beside(stay) for one in visits if one.habits.has_guest for stay in one.stays]
        runs = programme(options, day)
        hosts = [f"host-{at + 1}" for at in range(int(f.HOSTS.value))]
        walks = [stay for host in hosts for stay in _walk(options, day, host, runs)]
        stays += [*own, *guests, *walks]
        actions += [_announced(one, day) for one in runs]
        actions += _seen(options, day, track(own), walks)
    return People(everybody, track(stays), tuple(sorted(actions)))


def is_member(person: str) -> bool:
    """Return whether this is a member, and neither guest nor host."""
    return person.startswith("medlem-")


def _beside(stay: Stay) -> Stay:
    return replace(stay, person=f"{GUEST_OF}{stay.person}")


def programme(options: Options, day: int) -> tuple[Programme, ...]:
    """Return what the hosts run that day: one thing each, but nothing while the house's clock may be wrong.

    Whether it runs now, the house can only tell by its wall clock.
    """
    chance = options.chance("programme", day)
    found = []
    for at in range(int(f.HOSTS.value)):
        begin_s = round(day * DAY_S + chance.uniform(9.5, 16) * HOUR_S, 3)
        end_s = round(begin_s + chance.uniform(1200, 3000), 3)
        wrong = [one for one in steps(options) if one.begin_s - f.STEP_MAX.value < end_s]
        if all(begin_s > one.end_s + f.STEP_MAX.value for one in wrong):
            found.append(Programme(f"host-{at + 1}", chance.choice(options.zone_ids), begin_s, end_s))
    return tuple(found)


def _announced(one: Programme, day: int) -> Action:
    return Action(day * DAY_S + 7.5 * HOUR_S, "", Act.ANNOUNCE, one.zone, one.host, one.begin_s, one.end_s)


def _walk(options: Options, day: int, host: str, runs: Iterable[Programme]) -> Iterator[Stay]:
    """Return the host's day: rounds between zones and entrance, and the zone where they run something."""
    t = day * DAY_S + 7.25 * HOUR_S
    for run in (one for one in runs if one.host == host):
        yield from _rounds(options, host, t, run.begin_s)
        yield Stay(host, run.zone, run.begin_s, run.end_s)
        t = run.end_s
    yield from _rounds(options, host, t, day * DAY_S + ENDS_S)


def _rounds(options: Options, host: str, begin_s: float, until_s: float) -> Iterator[Stay]:
    """Return some minutes in one zone, some at the entrance, and so on."""
    chance, t = options.chance("host", host, begin_s), begin_s
    while t < until_s:
        for zone, seconds in ((None, chance.uniform(300, 1800)), (chance.choice(options.zone_ids), 600.0)):
            end_s = round(min(t + seconds * chance.uniform(0.4, 1.2), until_s), 3)
            if end_s > t:
                yield Stay(host, zone, t, end_s)
            t = end_s


def _seen(options: Options, day: int, members: Track, walks: Iterable[Stay]) -> Iterator[Action]:
    """Return what the hosts do about those whom they have truly seen in a zone for long enough to say so."""
    chance = options.chance("host", day, "acts")
    for walk in walks:
        seen_s = round(walk.begin_s + LOOKS_S, 3)
        if walk.zone is None or seen_s >= walk.end_s:
            continue
        there = [one for one in members.there(walk.zone, seen_s) if one in members.there(walk.zone, walk.begin_s)]
        drawn = chance.random()
        if drawn < f.CONFIRMS.value and there:
            for member in chance.sample(there, min(CONFIRMED_MAX, len(there))):
                yield Action(seen_s, member, Act.CONFIRM, walk.zone, walk.person)
        elif drawn < f.CONFIRMS.value + f.JOINS_ALL.value:
            yield from (Action(seen_s, member, Act.JOIN, walk.zone, walk.person) for member in there)
