"""Is everything at the centre that this house has sent? Sends again what it lacks, and lets go of what it surely has.

It also notices that this house was put back from an image, or has a twin: then it goes on under a new epoch.
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from kiosk.domain.ids import EventId
from kiosk.store.outbox import Outbox
from kiosk.store.outgoing import OutboxState, Settled
from kiosk.store.resend import Dispute, Resend, Stream
from sync import plan
from sync.answers import Absent, Problem, Unreachable
from sync.messages import Disputes, EventsState, Missing, read
from sync.parts import Course, Parts, Work

COMPARE = "compare"
EVERY_S = 3600.0
"""How often all is compared when nothing gives a reason to."""
IDS_MAX = 1000
"""The most ids in one question."""
PAGES_MAX = 1000
FAILURES_MAX = 50
"""After so many failures, four hours of them, events are sent without: if they can be had, so much the better."""


class Compare:
    """Compares the outbox with the centre, one request at a time."""

    def __init__(self, parts: Parts, outbox: Outbox, resend: Resend, new_epoch: Callable[[], str]) -> None:
        """Use the parts. `new_epoch` makes a name that no life of any outbox has had."""
        self._parts = parts
        self._outbox = outbox
        self._resend = resend
        self._new_epoch = new_epoch
        self._course = Course()
        self._is_wanted = True
        self._was_compared = False
        self._met = ""

    def may_send(self) -> bool:
        """Return whether it is known that the numbers we give are ours alone, as far as the centre can tell."""
        return self._was_compared or self._parts.failures(COMPARE) >= FAILURES_MAX

    def met(self, centre_epoch: str) -> None:
        """Take note of the centre's life as an answer told it: if it is another one, all is compared, once.

        The same answer is no news a second time: while two answers of the centre name two lives, nothing is compared
        without end.
        """
        if not centre_epoch or centre_epoch == self._met:
            return
        self._met = centre_epoch
        if centre_epoch != self._resend.centre_epoch():
            self._is_wanted = True

    def step(self) -> bool:
        """Ask one question if it is time. Return whether the next may be asked at once."""
        is_first = not self._was_compared and not self._parts.failures(COMPARE)
        if not (is_first or (self._is_wanted and not self._parts.failures(COMPARE)) or self._parts.is_due(COMPARE)):
            return False
        has_ended, problem = self._course.go_on(self._compare())
        if not has_ended:
            return True
        if problem is None:
            self._is_wanted, self._was_compared = False, True
            self._parts.went_well(COMPARE, EVERY_S)
        else:
            self._parts.failed(COMPARE, problem)
        return problem is None

    def _compare(self) -> Work:
        answer = self._parts.client.get("/events/state")
        if isinstance(answer, Absent):
            return None
        state = read(EventsState, answer)
        if not isinstance(state, EventsState):
            return state
        streams = tuple(Stream(one.epoch, one.first, one.highest, one.gaps) for one in state.streams)
        problem = yield from self._look_for_twin(streams)
        if problem is not None:
            return problem
        problem = yield from self._send_again(streams)
        if problem is not None:
            return problem
        self._resend.compared(state.epoch)
        yield
        problem = yield from self._disputes()
        if problem is not None:
            return problem
        return (yield from self._let_go())

    def _look_for_twin(self, streams: tuple[Stream, ...]) -> Work:
        """Begin a new epoch if somebody else has used our numbers: a twin, or we before we were put back."""
        numbering = self._outbox.numbering()
        own = next((one for one in streams if one.epoch == numbering.epoch), None)
        if own is None:
            return None
        is_used = own.highest > numbering.sequence
        after = 0
        for _ in range(PAGES_MAX):
            waiting = self._resend.waiting_after(after, IDS_MAX)
            if not waiting or (not is_used and waiting[0][0] > own.highest):
                break
            yield
            missing = self._missing([one for _, one in waiting])
            if not isinstance(missing, frozenset):
                return missing
            is_used = is_used or any(own.surely_holds(number) for number, one in waiting if one in missing)
            known = [Settled(number, OutboxState.DUPLICATE) for number, one in waiting if one not in missing]
            self._outbox.settle(known, self._parts.wall())
            after = waiting[-1][0]
        if not is_used:
            return None
        held = self._outbox.held()
        missing = self._missing([one.event_id for one in held]) if held else frozenset[EventId]()
        if not isinstance(missing, frozenset):
            return missing
        self._outbox.drop_held(one.event_id for one in held if one.event_id not in missing)
        self._begin_epoch(max(one.highest for one in streams))
        return None

    def _send_again(self, streams: tuple[Stream, ...]) -> Work:
        """Send again what the centre lacks. A number it does not hold is no proof: it is asked by id."""
        after, again = 0, 0
        for _ in range(PAGES_MAX):
            lacking = self._resend.lacking(streams, after, IDS_MAX)
            if not lacking:
                break
            yield
            missing = self._missing([one for _, one in lacking])
            if not isinstance(missing, frozenset):
                return missing
            self._resend.send_again(missing)
            self._resend.confirm_these(one for _, one in lacking if one not in missing)
            after, again = lacking[-1][0], again + len(missing)
        self._resend.confirm(streams)
        if again:
            self._parts.notices.tell("the centre lacks %d events that it had: they are sent again", again)
        return None

    def _begin_epoch(self, above: int) -> None:
        epoch = self._new_epoch()
        numbered = self._resend.number_anew(epoch, above, plan.renumbered)
        said = "somebody else has used this house's numbers: goes on as epoch %s, %d waiting events numbered anew"
        self._parts.notices.alarm(said, epoch, numbered)

    def _missing(self, ids: list[EventId]) -> frozenset[EventId] | Problem:
        body = msgspec.json.encode({"ids": ids})
        answer = self._parts.client.post("/events/missing", body)
        if isinstance(answer, Absent):
            # A centre that cannot say is sent them again: it knows what it has had.
            return frozenset(ids)
        found = read(Missing, answer)
        return frozenset(found.missing) if isinstance(found, Missing) else found

    def _disputes(self) -> Work:
        for _ in range(PAGES_MAX):
            question = {"after": str(self._resend.last_dispute()), "limit": "500"}
            answer = self._parts.client.get("/events/disputes", question)
            if isinstance(answer, Absent):
                return None
            page = read(Disputes, answer)
            if not isinstance(page, Disputes):
                return page
            told = [Dispute(one.id, one.reason, one.at, one.number) for one in page.disputes]
            new = self._resend.dispute(told, page.next) if told else 0
            if new:
                self._parts.notices.tell("the right to %d events is doubted: see samverk queue", new)
            if not page.more:
                return None
            yield
        return Unreachable("the disputes have no end")

    def _let_go(self) -> Work:
        """Forget what was sent long ago and is surely at the centre; what is not there after all is sent again."""
        before = self._parts.wall() - timedelta(days=self._parts.identity.kept_days)
        for _ in range(PAGES_MAX):
            old = self._resend.old(before, IDS_MAX)
            if not old:
                self._resend.forget_disputes(before)
                return None
            yield
            missing = self._missing(list(old))
            if not isinstance(missing, frozenset):
                return missing
            self._resend.send_again(missing)
            self._resend.let_go(one for one in old if one not in missing)
        return None
