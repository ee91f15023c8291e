"""From the outbox to the centre, one request at a time. Nothing is lost by failing, and nothing blocks what follows."""

from kiosk.store.outbox import Outbox
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from kiosk.store.pseudonyms import Pseudonyms
from kiosk.store.schedule import Appointment
from sync import plan
from sync.answers import Got, Problem, TooLarge, Unreachable, Unreadable
from sync.batches import Batch
from sync.compare import Compare
from sync.messages import epoch_of
from sync.parts import Parts
from sync.project import Project
from sync.records import batch_of, parse_verdicts

QUARANTINED_IN_A_ROW_MAX = 3
"""After so many events in a row that the centre refuses whole, another one is asked with before any more are put aside.

If that is refused too, it is the centre that is wrong, not the events.
"""

PUSH = "push"


class Push:
    """The outgoing half of the thread."""

    def __init__(
        self, parts: Parts, outbox: Outbox, project: Project, compare: Compare, pseudonyms: Pseudonyms | None = None
    ) -> None:
        """Start with a small batch."""
        self._parts = parts
        self._outbox = outbox
        self._project = project
        self._compare = compare
        self._pseudonyms = pseudonyms
        self._batch = Batch()
        self._refused_in_a_row = 0
        self._probes = 0

    def step(self) -> bool:
        """Send one batch if it is time. Return whether another may be sent at once."""
        if not self._parts.is_due(PUSH) or not self._compare.may_send():
            return False
        is_probe = self._refused_in_a_row >= QUARANTINED_IN_A_ROW_MAX
        sent = self._outbox.from_end(self._probes) if is_probe else self._outbox.waiting(self._batch.size)
        if not sent:
            return False
        sent = self._project.fix(sent, is_ahead=is_probe)
        named = sent if self._pseudonyms is None else self._pseudonyms.named(sent)
        began = self._parts.clock()
        answer = self._parts.client.post_events(batch_of([one.body for one in named]))
        if isinstance(answer, Got):
            return self._settle(sent, answer.body, self._parts.clock().seconds_since(began))
        return self._failed(sent, answer)

    def _settle(self, sent: tuple[Outgoing, ...], body: bytes, took_s: float) -> bool:
        verdicts = parse_verdicts(body)
        settled = () if verdicts is None else plan.settle(sent, verdicts)
        if not settled:
            return self._failed(sent, Unreachable("the answer holds no verdict on what was sent"))
        self._outbox.settle(settled, self._parts.wall())
        self._compare.met(epoch_of(body))
        for one in settled:
            if one.state in {OutboxState.CONFLICT, OutboxState.DISPUTED, OutboxState.INVALID}:
                self._parts.notices.tell("event %d is %s at the centre: %s", one.sequence, one.state.value, one.reason)
        self._batch = self._batch.went_well(len(sent), took_s)
        self._refused_in_a_row = self._probes = 0
        is_more = len(settled) == len(sent) and bool(self._outbox.waiting(1))
        self._again_in(0.0 if is_more else self._parts.identity.push_every_s)
        return is_more

    def _failed(self, sent: tuple[Outgoing, ...], problem: Problem) -> bool:
        self._batch = self._batch.failed(len(sent))
        if isinstance(problem, TooLarge | Unreadable) and len(sent) > 1:
            return True
        if isinstance(problem, Unreadable) and self._refused_in_a_row < QUARANTINED_IN_A_ROW_MAX:
            why = str(problem)
            self._parts.notices.wrong(PUSH, why)
            self._refused_in_a_row += 1
            self._outbox.settle([Settled(sent[0].sequence, OutboxState.INVALID, why)], self._parts.wall())
            self._batch = Batch()
            return True
        # With which event is asked next, should it be the events: another each time.
        self._probes += isinstance(problem, Unreadable)
        self._parts.failed(PUSH, problem)
        self._outbox.failed((one.sequence for one in sent), str(problem), self._parts.wall())
        return False

    def _again_in(self, delay_s: float) -> None:
        kept = self._parts.schedule.get(PUSH)
        if kept is not None and delay_s == 0.0 == kept.delay_s and not kept.failures:
            return
        self._parts.notices.well(PUSH)
        self._parts.schedule.put(PUSH, Appointment(self._parts.clock(), delay_s))
