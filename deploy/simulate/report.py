"""What came of a run, as one value: what was claimed, what was true, and whether every limit holds."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from deploy.simulate.accuracy import Accuracy, Sample, accuracy, samples
from deploy.simulate.claims import Claims, claims, journal_events
from deploy.simulate.day import BEGINS_S, ENDS_S, Day, simulated
from deploy.simulate.drive import Ran, run
from deploy.simulate.judge import (
    PASSIVE_SHARE_MAX,
    SHARE_FROM,
    Finding,
    Judged,
    by_death,
    judge,
    overlooked,
    strayed,
    wronged,
)
from deploy.simulate.options import DAY_S, Options
from deploy.simulate.people import is_member
from kiosk.domain.events import Happened
from kiosk.domain.house import House, replay
from kiosk.domain.ids import ZoneId
from kiosk.domain.presence import IllegalEvent
from kiosk.store.journal import JournalReader

ALL = "all with sensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the day truly was."""

    members: int
    guests: int
    hosts: int
    most_in_house: int
    never_in_company: int
    dies: str
    stuck: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The journal of the run: `digest` is SHA-256 over all events, the same for the same run."""

    events: int
    chain_whole: bool
    replay_equal: bool
    digest: str
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presences:
    """Each presence judged, and how many of each finding; the members whom they do not fit, and those wronged.

    `overlooked` are those of `passive_in_company` whose company had joined the same zone.
    """

    each: tuple[Judged, ...]
    findings: dict[str, int]
    by_badges_alone: tuple[str, ...]
    with_nobody: tuple[str, ...]
    lapsed: int
    passive_in_company: tuple[str, ...]
    overlooked: tuple[str, ...]
    passive_elsewhere_in_company: int
    share_wronged: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run. `only_by_death`: who became passive only because a sensor died; None if that was not compared.

    `gone_by_death` are those of whom the same is so, but who had truly left the house: only their badges stood joined.
    """

    options: Options
    truth: Truth
    visits: int
    left: int
    closed: int
    open: int
    outcomes: dict[str, int]
    restarts: int
    journal: Journal
    presences: Presences
    zones: tuple[Accuracy, ...]
    sensors: int
    messages: int
    refused: dict[str, int]
    only_by_death: tuple[str, ...] | None
    gone_by_death: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """Return the limits that do not hold, in words; none is what is promised for every seed."""
        found = {
            "somebody was called present who had no company": bool(self.presences.with_nobody),
            "too many were called passive while in company": self._are_too_many_wronged(),
            "somebody was called passive beside a member joined in the same zone": bool(self.presences.overlooked),
            "somebody became passive because a sensor died": bool(self.only_by_death),
            "the journal does not verify": not (self.journal.chain_whole and self.journal.replay_equal),
        }
        return tuple(what for what, is_broken in found.items() if is_broken)

    def _are_too_many_wronged(self) -> bool:
        return self.truth.members >= SHARE_FROM and self.presences.share_wronged > PASSIVE_SHARE_MAX


def reported(options: Options, folder: Path, *, compare: bool = True) -> Report:
    """Run what the options ask for, and once more without the sensor's death if that is to be compared."""
    day = simulated(options)
    ran = run(day, folder / "run")
    said = claims_of(ran)
    only = None
    if compare and day.faults.dies:
        living = run(simulated(_without_death(options)), folder / "without-death")
        anyway = {one.member for one in claims_of(living).passives}
        only = by_death(said.passives, anyway, day.people.truth)
    return report_of(ran, said, only)


def report_of(ran: Ran, said: Claims, died: tuple[frozenset[str], frozenset[str]] | None = None) -> Report:
    """Return what came of a run whose journal claims this; `died` is what `by_death` found, if it was asked."""
    book, still_in = _journal(ran)
    return Report(
        options=ran.day.options,
        truth=_truth(ran.day, ran.site.rule.settle_s),
        visits=said.visits,
        left=said.left,
        closed=said.closed,
        open=still_in,
        outcomes={f"{act}: {outcome}": count for (act, outcome), count in sorted(ran.outcomes.items())},
        restarts=ran.restarts,
        journal=book,
        presences=judged(ran, said),
        zones=measured(ran),
        sensors=len(ran.day.devices),
        messages=ran.messages,
        refused={f"{about}: {why}": count for (about, why), count in sorted(ran.refused.items())},
        only_by_death=None if died is None else _members(iter(died[0])),
        gone_by_death=() if died is None else _members(iter(died[1])),
    )


def claims_of(ran: Ran) -> Claims:
    """Return what the run's journal claims."""
    reader = JournalReader(ran.site.state_dir / "journal.db")
    try:
        return claims(journal_events(reader), ran.day.until_s)
    finally:
        reader.close()


def judged(ran: Ran, said: Claims) -> Presences:
    """Return the presences of a run, judged."""
    settle_s, truth = float(ran.site.rule.settle_s), ran.day.people.truth
    found = judge(said, truth, settle_s)
    counts = Counter(one.finding for one in found)
    wrong = wronged(said.passives, truth, settle_s)
    came = {one.member for one in ran.day.people.habits if one.member in truth.of}
    return Presences(
        each=found,
        findings={one.value: counts[one] for one in Finding},
        by_badges_alone=_members(one.presence.member for one in found if one.finding is Finding.BADGES),
        with_nobody=_members(one.presence.member for one in found if one.finding is Finding.NOBODY),
        lapsed=len(said.passives),
        passive_in_company=_members(iter(wrong)),
        overlooked=_members(iter(overlooked(said.passives, truth, said.joined, settle_s))),
        passive_elsewhere_in_company=len(strayed(said.passives, truth, settle_s) - wrong),
        share_wronged=round(len(wrong) / len(came), 4) if came else 0.0,
    )


def measured(ran: Ran) -> tuple[Accuracy, ...]:
    """Return how right each zone was, and all zones with sensors as one."""
    spans = [(day * DAY_S + BEGINS_S, day * DAY_S + ENDS_S) for day in range(ran.day.options.days)]
    seen = {one.zone for one in ran.day.devices}
    found: dict[ZoneId, list[Sample]] = {
        zone: samples(zone, ran.told[zone], ran.day.truth(zone), spans) for zone in ran.site.zones
    }
    together = [one for zone, some in found.items() if zone in seen for one in some]
    return (*(accuracy(zone, some) for zone, some in found.items()), accuracy(ALL, together))


def _truth(day: Day, settle_s: float) -> Truth:
    track = day.people.truth
    members = [one for one in track.of if is_member(one)]
    hosts = sum(one.startswith("host-") for one in track.of)
    alone = [one for one in members if track.shared_s(one, None, 0.0, day.until_s) < settle_s]
    edges = sorted({one.begin_s for one in track.stays})
    most = max((sum(numbers.at(t) for numbers in track.zones.values()) for t in edges), default=0)
    return Truth(
        members=len(members),
        guests=len(track.of) - len(members) - hosts,
        hosts=hosts,
        most_in_house=most,
        never_in_company=len(alone),
        dies=day.faults.dies,
        stuck=day.faults.stuck,
    )


def _journal(ran: Ran) -> tuple[Journal, int]:
    """Return the journal read back from its file, and how many it says are in the house."""
    reader = JournalReader(ran.site.state_dir / "journal.db")
    try:
        verdict = reader.verify()
        happened = list(journal_events(reader))
        kept = reader.house()
        is_same = _replays_to(kept, happened)
    finally:
        reader.close()
    kinds = Counter(type(one).__name__ for one in happened)
    return Journal(
        events=verdict.events,
        chain_whole=verdict.broken_at is None,
        replay_equal=is_same,
        digest=_digest(happened),
        kinds=dict(sorted(kinds.items())),
    ), len(kept.inside())


def _replays_to(kept: House, happened: Iterable[Happened]) -> bool:
    try:
        return replay(happened).inside() == kept.inside()
    except IllegalEvent:
        return False  # somebody has changed the journal


def _digest(happened: Iterable[Happened]) -> str:
    whole = hashlib.sha256()
    for one in happened:
        whole.update(msgspec.json.encode(one))
    return whole.hexdigest()


def _without_death(options: Options) -> Options:
    return replace(options, one_dies=False)


def _members(some: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(some)))
