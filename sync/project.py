"""From the journal to the outbox: what the centre may know, and what the desk asked this wing to do.

Having taken part is held to the end of its window, so that neither its number nor its arrival tells when it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.domain.events import NAME_OF, Happened
from kiosk.store.errors import StoreError
from kiosk.store.journal import READ_LIMIT_MAX, JournalReader
from kiosk.store.outbox import URGENT, Outbox
from kiosk.store.outgoing import Held, Outgoing
from sync import plan
from sync.parts import Parts
from sync.times import Timed, is_over

Orders = Mapping[str, Callable[[Happened], None]]
"""What to do when an event of that stored name is read."""


class Project:
    """Keeps the outbox up with the journal."""

    def __init__(self, parts: Parts, outbox: Outbox, orders: Orders) -> None:
        """Use the parts; nothing is read yet."""
        self._parts = parts
        self._outbox = outbox
        self._orders = orders
        self._done_to = 0

    def step(self, journal: JournalReader) -> bool:
        """Put the next events of the journal into the outbox. Return whether there may be more."""
        place = self._outbox.place()
        try:
            recorded = journal.after(place, READ_LIMIT_MAX)
            is_another = not recorded and journal.last_seq() < place
        except StoreError as error:
            self._parts.notices.wrong("journal", str(error))
            return False
        self._parts.notices.well("journal")
        if is_another:
            self._parts.notices.alarm("the journal ends before the place it was read to: it is read from its beginning")
            self._outbox.start_over()
            self._done_to = place
            return True
        if not recorded:
            return False
        # Carried out before they are passed: twice does no harm, and a kill in between must not lose one.
        for one in recorded:
            order = self._orders.get(NAME_OF[type(one.event)])
            if order is not None and one.seq > self._done_to:
                order(one.event)
        self._add([(one.seq, one.event) for one in recorded])
        return len(recorded) == READ_LIMIT_MAX

    def release(self) -> bool:
        """Let what was held to the end of its window go on. Return whether there was any."""
        now = self._parts.timed(self._parts.clock())
        due = [one for one in self._outbox.held() if self._is_due(one, now)]
        if not due:
            return False
        numbering = self._outbox.numbering()
        rows = plan.released(due, sequence=numbering.sequence, epoch=numbering.epoch)
        self._outbox.release(rows, self._parts.wall())
        return True

    def fix(self, rows: tuple[Outgoing, ...], *, is_ahead: bool = False) -> tuple[Outgoing, ...]:
        """Return the events with the best time that is known of each. From now on they never change again.

        Those sent `is_ahead` of earlier ones leave these as they are.
        """
        fixed, last = self._outbox.fixed(), rows[-1].sequence
        if last <= fixed:
            return rows
        if is_ahead or rows[0].kind == URGENT:
            ahead = tuple(self._with_time(one) if one.sequence > fixed else one for one in rows)
            self._outbox.fix_ahead(one for one in ahead if one.at is not None)
            return ahead
        final = tuple(self._with_time(one) if one.sequence > fixed else one for one in rows)
        changed = [one for one, was in zip(final, rows, strict=True) if one.body != was.body]
        self._outbox.fix(changed, last)
        return final

    def _add(self, events: list[tuple[int, Happened]]) -> None:
        self._parts.boots.meet([one.at.boot for _, one in events])
        known = self._outbox.known(plan.centre_id(one) for _, one in events if type(one) in plan.ALLOWED)
        new = [pair for pair in events if plan.centre_id(pair[1]) not in known]
        numbering = self._outbox.numbering()
        projected = plan.project(
            new,
            self._parts.identity,
            sequence=numbering.sequence,
            epoch=numbering.epoch,
            took_part=self._outbox.visits_with(plan.TOOK_PART, plan.visits_taking_part(one for _, one in new)),
        )
        self._outbox.add(events[-1][0], projected.told, self._parts.wall(), projected.held)

    def _is_due(self, one: Held, now: Timed) -> bool:
        window_s = self._parts.identity.round_s
        at = self._parts.timed(one.at)
        if is_over(at, now, window_s):
            return True
        # A clock that was set back in between: a whole window is always enough, and an event of the future is wrong.
        waited_s = self._parts.clock().seconds_since(one.at)
        is_same_boot = one.at.boot == self._parts.clock().boot
        return waited_s >= window_s if is_same_boot else (at.wall - now.wall).total_seconds() > window_s

    def _with_time(self, one: Outgoing) -> Outgoing:
        if one.at is None:
            return one
        return replace(one, body=plan.timed(one, self._parts.timed(one.at), self._parts.identity.round_s))
