"""One member's day: where they truly are, and what they do at reader and screen. Knows no rule and no sensor."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from deploy.simulate import figures as f
from deploy.simulate.habits import Habits
from deploy.simulate.options import CLOSES_S, DAY_S, ENDS_S, HOUR_S, OPENS_S, Options
from deploy.simulate.track import Stay

SIGMA_VISIT = math.log(6.6 * HOUR_S / f.VISIT_MEDIAN.value) / 1.645
SIGMA_ZONE = math.log(94 * 60 / f.ZONE_MEDIAN.value) / 1.645
SHORTEST_S = 300.0
"""Nobody comes for less than this, and no stay in a zone is shorter."""
LUNCH_S = 12 * HOUR_S


class Act(StrEnum):
    """What somebody does that the house can notice."""

    TAP = "tap"
    STRANGE_TAP = "strange tap"
    CHECK_IN = "check in"
    JOIN = "join"
    LEAVE = "leave"
    UNDO = "undo"
    CONFIRM = "confirm"
    GUEST = "guest"
    ANNOUNCE = "announce"


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """One act about a member, at second `t`, by the member or by the host of that name.

    What a host announces is about nobody, and has a beginning and an end.
    """

    t: float
    member: str
    act: Act
    zone: str = ""
    host: str = ""
    begin_s: float = 0.0
    end_s: float = 0.0


@dataclass(slots=True)
class Visit:
    """A member's day in the making: time goes on in `t`."""

    habits: Habits
    chance: Random
    zones: tuple[str, ...]
    t: float
    until_s: float
    stays: list[Stay] = field(default_factory=list)
    acts: list[Action] = field(default_factory=list)
    joined: str = ""

    def do(self, act: Act, after_s: float = 0.0, zone: str = "", host: str = "") -> None:
        """Do something, that many seconds from now."""
        self.acts.append(Action(round(self.t + after_s, 3), self.habits.member, act, zone, host))

    def stay(self, zone: str | None, seconds: float) -> None:
        """Be somewhere for that long."""
        end_s = round(self.t + seconds, 3)
        self.stays.append(Stay(self.habits.member, zone, self.t, end_s))
        self.t = end_s


def visit(one: Habits, options: Options, day: int) -> Visit:
    """Return the member's day: arrival, zones with breaks between, and the way out."""
    chance = options.chance("visit", day, one.member)
    begin_s = round(day * DAY_S + _arrival(chance), 3)
    length_s = max(SHORTEST_S, chance.lognormvariate(math.log(f.VISIT_MEDIAN.value), SIGMA_VISIT))
    made = Visit(one, chance, options.zone_ids, begin_s, min(begin_s + length_s, day * DAY_S + ENDS_S))
    if one.is_strange:
        made.do(Act.STRANGE_TAP)
        return made
    _arrive(made)
    lunch = chance.random() < f.OUT_FOR_LUNCH.value
    while made.until_s - made.t > SHORTEST_S:
        _zone(made)
        if lunch and made.t % DAY_S > LUNCH_S and made.until_s - made.t > HOUR_S:
            made.t, lunch = round(made.t + chance.uniform(1500, 3000), 3), False
    _leave(made)
    return made


def lognormal(chance: Random, median: float, sigma: float) -> float:
    """Return one draw."""
    return chance.lognormvariate(math.log(median), sigma)


def _arrival(chance: Random) -> float:
    kind = chance.random()
    if kind < f.PEAK_MORNING.value:
        drawn_s = chance.gauss(8.67 * HOUR_S, f.PEAK_WIDTH.value)
    elif kind < f.PEAK_MORNING.value + f.PEAK_NOON.value:
        drawn_s = chance.gauss(12.67 * HOUR_S, f.PEAK_WIDTH.value)
    else:
        drawn_s = chance.uniform(7 * HOUR_S, 16.5 * HOUR_S)
    return min(max(drawn_s, OPENS_S), CLOSES_S - HOUR_S)


def _arrive(made: Visit) -> None:
    if made.habits.has_badge:
        made.do(Act.TAP)
        if made.chance.random() < f.HOLDS_TWICE.value:
            made.do(Act.TAP, made.chance.uniform(0.5, 4.5))
    else:
        made.do(Act.CHECK_IN, host="host-1")
    if made.habits.has_guest:
        made.do(Act.GUEST, 20.0, host="host-1")
    first = _choose(made)
    if made.habits.joins and made.habits.at_screen:
        made.do(Act.JOIN, made.chance.uniform(6, 15), first)
        made.joined = first
    made.stay(None, made.chance.uniform(30, 240))


def _choose(made: Visit) -> str:
    # Each zone down the path draws a little fewer people than the one before.
    weights = [0.85**at for at in range(len(made.zones))]
    return made.chance.choices(made.zones, weights)[0]


def _zone(made: Visit) -> None:
    """Spend a while in one zone, perhaps with some minutes elsewhere in the middle, and go on."""
    chance, is_first = made.chance, not any(one.zone for one in made.stays)
    zone = made.joined if is_first and made.joined else _choose(made)
    length_s = max(SHORTEST_S, lognormal(chance, f.ZONE_MEDIAN.value, SIGMA_ZONE))
    length_s = min(length_s, made.until_s - made.t)
    if made.habits.joins and made.joined != zone and (not made.joined or chance.random() < f.JOIN_AGAIN.value):
        made.do(Act.JOIN, min(chance.uniform(1, 30), length_s / 2), zone)
        made.joined = zone
        if chance.random() < f.SAYS_AND_GOES.value:
            made.stay(zone, 40.0)
            made.stay(None, length_s)
            return
    if chance.random() < f.BREAK_SHARE.value and length_s > 4 * SHORTEST_S:
        made.stay(zone, length_s / 2)
        made.stay(None, chance.uniform(180, 900))
    made.stay(zone, length_s / 2 if made.stays[-1].zone is None and len(made.stays) > 1 else length_s)
    made.stay(None, chance.uniform(20, 90))


def _leave(made: Visit) -> None:
    """Go to the entrance, and out: by two taps, by one and a choice, with a change of mind, or just so."""
    chance = made.chance
    made.stay(None, chance.uniform(15, 60))
    if not made.habits.taps_out:
        return
    made.do(Act.TAP)
    if chance.random() < f.LEAVES_AT_SCREEN.value:
        made.do(Act.LEAVE, chance.uniform(2, 8))
    else:
        made.do(Act.TAP, chance.uniform(6, 9))
    if chance.random() < f.UNDOES_LEAVING.value:
        made.do(Act.UNDO, 14.0)
        made.stay(None, chance.uniform(120, 600))
        made.do(Act.LEAVE)
    made.stay(None, 20.0)
