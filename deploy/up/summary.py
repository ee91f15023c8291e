"""What came of a demonstration, counted where it ended up: at the broker, in the journal, in the centre's own rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.up.services import Died
from kiosk.domain.events import Happened, TookPart
from kiosk.domain.zones import ZoneState
from kiosk.store.journal import JournalReader
from kiosk.store.queue import OutboxReader
from sync.plan import ALLOWED

TYPE_PREFIX = "se.samverket."


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One demonstration in numbers. `owed` and `at_centre` count events by the name they have at the centre."""

    seconds: float
    taps_shown: int
    taps_answered: int
    zone_changes: Mapping[str, int]
    became_present: int
    owed: Mapping[str, int]
    at_centre: Mapping[str, int]
    chain_whole: bool
    died: tuple[Died, ...] = ()
    killed: tuple[str, ...] = ()

    def failures(self) -> tuple[str, ...]:
        """Return every promise that was not kept."""
        checks = {
            "no tap was answered": self.taps_answered > 0,
            "a tap got no answer": self.taps_answered == self.taps_shown,
            "no zone became occupied": self.zone_changes.get(ZoneState.OCCUPIED, 0) > 0,
            "no zone was proven vacant": self.zone_changes.get(ZoneState.VACANT, 0) > 0,
            "nobody became present": self.became_present > 0,
            "the centre has no event": sum(self.at_centre.values()) > 0,
            "the centre does not have every allowed event once": self.at_centre == self.owed,
            "the journal's chain is broken": self.chain_whole,
        }
        said = [text for text, is_kept in checks.items() if not is_kept]
        said += [f"{one.name} ended by itself with status {one.status}: {one.last_words}" for one in self.died]
        said += [f"{one} had to be killed" for one in self.killed]
        return tuple(said)

    def __str__(self) -> str:
        """Return the summary for a person."""
        changes = ", ".join(f"{count} {state}" for state, count in sorted(self.zone_changes.items())) or "none"
        events = ", ".join(f"{count} {name}" for name, count in sorted(self.at_centre.items())) or "none"
        lines = [
            f"samverk up: {self.seconds:.0f} s",
            f"  taps answered        {self.taps_answered} of {self.taps_shown}",
            f"  zone changes         {sum(self.zone_changes.values())} ({changes})",
            f"  became present       {self.became_present}",
            f"  events at the centre {sum(self.at_centre.values())} of {sum(self.owed.values())} ({events})",
            f"  journal              {'chain whole' if self.chain_whole else 'CHAIN BROKEN'}",
        ]
        return "\n".join([*lines, *(f"  FAILED: {one}" for one in self.failures())])


def owed_by_type(journal: Path) -> Counter[str]:
    """Return how many events of each type the centre is owed by now: those in the journal that are on its list.

    What the sync service holds back to the end of its window, so that nobody can be paired by it, is not owed yet.
    """
    owed: Counter[str] = Counter()
    taking_part: set[str] = set()
    for event in read_all(journal):
        if type(event) not in ALLOWED:
            continue
        if isinstance(event, TookPart) and event.visit in taking_part:
            continue
        if isinstance(event, TookPart):
            taking_part.add(event.visit)
        owed[TYPE_PREFIX + ALLOWED[type(event)][0]] += 1
    owed[TYPE_PREFIX + ALLOWED[TookPart][0]] -= _held(journal.with_name("roster.db"))
    return +owed


def _held(roster: Path) -> int:
    reader = OutboxReader(roster)
    try:
        return reader.held()
    finally:
        reader.close()


def members_who_became_present(journal: Path) -> int:
    """Return how many different members took part."""
    return len({event.member for event in read_all(journal) if isinstance(event, TookPart)})


def is_chain_whole(journal: Path) -> bool:
    """Return whether the journal still is what was written."""
    reader = JournalReader(journal)
    try:
        return reader.verify().broken_at is None
    finally:
        reader.close()


def read_all(journal: Path) -> tuple[Happened, ...]:
    """Return every event of a journal."""
    reader = JournalReader(journal)
    events: list[Happened] = []
    seq = 0
    while batch := reader.after(seq):
        events += [one.event for one in batch]
        seq = batch[-1].seq
    reader.close()
    return tuple(events)
