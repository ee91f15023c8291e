"""From the journal to the outbox and on to the centre, one bounded step at a time. Nothing is lost by failing."""

from kiosk.store.errors import StoreError
from kiosk.store.journal import READ_LIMIT_MAX, JournalReader
from kiosk.store.outbox import Outbox
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from kiosk.store.schedule import Appointment, Schedule
from kiosk.tools.clock import Clock
from sync import plan
from sync.answers import Got, Problem, TooLarge, Unreachable, Unreadable
from sync.client import CentreClient
from sync.notices import Notices
from sync.records import batch_of, parse_verdicts

QUARANTINED_IN_A_ROW_MAX = 3
"""After so many events in a row that the centre refuses whole, it is the centre that is wrong, not the events."""


PUSH = "push"


class Push:
    """The outgoing half of the thread."""

    def __init__(  # noqa: PLR0913, PLR0917 - the composition of one part out of six others
        self,
        identity: plan.Identity,
        outbox: Outbox,
        schedule: Schedule,
        client: CentreClient,
        clock: Clock,
        notices: Notices,
    ) -> None:
        """Start with full batches."""
        self._identity = identity
        self._outbox = outbox
        self._schedule = schedule
        self._client = client
        self._clock = clock
        self._notices = notices
        self._batch = plan.BATCH_MAX
        self._refused_in_a_row = 0

    def project(self, journal: JournalReader) -> bool:
        """Put the next events of the journal into the outbox. Return whether there may be more."""
        place = self._outbox.place()
        try:
            recorded = journal.after(place, READ_LIMIT_MAX)
        except StoreError as error:
            self._notices.wrong("journal", str(error))
            return False
        self._notices.well("journal")
        if not recorded:
            return False
        events = [(one.seq, one.event) for one in recorded]
        rows = plan.project(
            events,
            site=self._identity.site,
            source=self._identity.source,
            sequence=self._outbox.last_sequence(),
            took_part=self._outbox.visits_with(plan.TOOK_PART, plan.visits_taking_part(one for _, one in events)),
        )
        self._outbox.add(recorded[-1].seq, rows, self._clock().wall)
        return len(recorded) == READ_LIMIT_MAX

    def send(self) -> bool:
        """Send one batch if it is time. Return whether another may be sent at once."""
        kept = self._schedule.get(PUSH)
        if kept is not None and kept.wait_s(self._clock()) > 0:
            return False
        sent = self._outbox.waiting(self._batch)
        if not sent:
            return False
        answer = self._client.post_events(batch_of([one.body for one in sent]))
        if isinstance(answer, Got):
            return self._settle(sent, answer.body)
        return self._failed(sent, answer)

    def _settle(self, sent: tuple[Outgoing, ...], body: bytes) -> bool:
        verdicts = parse_verdicts(body)
        settled = () if verdicts is None else plan.settle(sent, verdicts)
        if not settled:
            return self._failed(sent, Unreachable("the answer holds no verdict on what was sent"))
        self._outbox.settle(settled, self._clock().wall)
        self._notices.well(PUSH)
        for one in settled:
            if one.state in {OutboxState.CONFLICT, OutboxState.DISPUTED, OutboxState.INVALID}:
                self._notices.tell("event %d is %s at the centre: %s", one.sequence, one.state.value, one.reason)
        self._batch = plan.larger(self._batch)
        self._refused_in_a_row = 0
        is_more = len(settled) == len(sent) and bool(self._outbox.waiting(1))
        self._again_in(0.0 if is_more else self._identity.push_every_s, "", 0)
        return is_more

    def _failed(self, sent: tuple[Outgoing, ...], problem: Problem) -> bool:
        if isinstance(problem, TooLarge | Unreadable) and len(sent) > 1:
            self._batch = plan.smaller(len(sent))
            return True
        why = str(problem)
        self._notices.wrong(PUSH, why)
        if isinstance(problem, Unreadable) and self._refused_in_a_row < QUARANTINED_IN_A_ROW_MAX:
            self._refused_in_a_row += 1
            self._outbox.settle([Settled(sent[0].sequence, OutboxState.INVALID, why)], self._clock().wall)
            self._batch = plan.BATCH_MAX
            return True
        self._outbox.failed((one.sequence for one in sent), why, self._clock().wall)
        kept = self._schedule.get(PUSH)
        failures = (kept.failures if kept else 0) + 1
        self._again_in(plan.wait_s(problem, failures, self._identity.source), why, failures)
        return False

    def _again_in(self, delay_s: float, why: str, failures: int) -> None:
        kept = self._schedule.get(PUSH)
        if kept is not None and delay_s == 0.0 == kept.delay_s and not kept.failures:
            return
        self._schedule.put(PUSH, Appointment(self._clock(), delay_s, why, failures))
