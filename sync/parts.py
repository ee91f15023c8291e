"""What every part of the thread needs: which house it is, the line to the centre, the time, and somebody to tell."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.instant import Instant
from kiosk.store.boots import Boots
from kiosk.store.schedule import Appointment, Schedule
from kiosk.tools.clock import CLOCK_FLOOR, Clock
from sync import plan
from sync.answers import Problem
from sync.client import CentreClient
from sync.notices import Notices
from sync.times import Timed, true_time

Work = Generator[None, None, Problem | None]
"""A piece of work that rests after each request; at its end it says what went wrong, if anything did."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts, put together once."""

    identity: plan.Identity
    schedule: Schedule
    client: CentreClient
    clock: Clock
    notices: Notices
    boots: Boots

    def timed(self, at: Instant) -> Timed:
        """Return when that truly was, as far as is known."""
        return true_time(at, self.boots.all(), CLOCK_FLOOR)

    def wall(self) -> datetime:
        """Return what the time truly is, as far as is known: how long things are kept must not follow a wrong clock."""
        return self.timed(self.clock()).wall

    def is_due(self, what: str) -> bool:
        """Return whether it is time for that."""
        kept = self.schedule.get(what)
        return kept is None or kept.wait_s(self.clock()) <= 0

    def failed(self, what: str, problem: Problem) -> None:
        """Say what went wrong, and try again later: the later the more often it did."""
        why = str(problem)
        self.notices.wrong(what, why)
        kept = self.schedule.get(what)
        failures = (kept.failures if kept else 0) + 1
        delay_s = plan.wait_s(problem, failures, self.identity.source)
        self.schedule.put(what, Appointment(self.clock(), delay_s, why, failures))

    def went_well(self, what: str, next_s: float) -> None:
        """Do it again in so many seconds."""
        self.notices.well(what)
        self.schedule.put(what, Appointment(self.clock(), next_s))

    def failures(self, what: str) -> int:
        """Return how many times in a row that has failed."""
        kept = self.schedule.get(what)
        return 0 if kept is None else kept.failures


class Course:
    """Work that is done one request at a time, and begun anew when it has ended or been broken off."""

    def __init__(self) -> None:
        """Have nothing under way."""
        self._work: Work | None = None

    def go_on(self, work: Work) -> tuple[bool, Problem | None]:
        """Do the next piece of what is under way, else of `work`. Return whether it has ended, and what went wrong."""
        if self._work is None:
            self._work = work
        else:
            work.close()
        under_way, self._work = self._work, None
        try:
            next(under_way)
        except StopIteration as ended:
            problem: Problem | None = ended.value
            return True, problem
        # Whoever raises has ended, and is not asked again.
        self._work = under_way
        return False, None
