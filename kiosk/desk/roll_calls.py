"""The roll calls of the last hours as all devices know them: here the ticks of screen, board and terminal become one.

In memory only. The board keeps what it has heard in its own file and tells it again when the desk has been away; so
no name goes into the journal's file that the journal does not need.
"""

from collections.abc import Iterable
from dataclasses import replace

from kiosk.domain.board import RunningCall
from kiosk.domain.ids import MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.roll_call import RollCall, Seen, Tick, met

CALLS_MAX = 8
"""So many roll calls are remembered, the newest; nobody needs as many in a day."""
TICKS_MAX = 2000
"""Ticks of one roll call: each person of a full house found and taken back some times over. With the list of a thousand
people they still go into one message at the door."""
NAMES_S = 12 * 3600.0
"""A roll call is forgotten so long after it began."""


class RollCallBook:
    """Remembers roll calls. Used from the desk's thread."""

    def __init__(self) -> None:
        """Remember none."""
        self._calls: dict[str, RollCall] = {}
        self._seen: dict[str, Seen] = {}
        self._erased: set[MemberId] = set()

    def running(self) -> RollCall | None:
        """Return the one that runs: of several the one begun last, or None."""
        running = [one for one in self._calls.values() if one.ended is None]
        return max(running, key=lambda one: (one.began, one.id), default=None)

    def get(self, call: str) -> RollCall | None:
        """Return the roll call as far as it is known, or None."""
        return self._calls.get(call)

    def meet(self, told: RollCall) -> RollCall:
        """Take in what a device has of a roll call, and return all that is known of it."""
        known = self._calls.get(told.id, replace(told, ticks=(), ended=None))
        whole = met(known, told)
        whole = replace(whole, ticks=whole.ticks[:TICKS_MAX])
        self._calls[told.id] = whole
        self._keep_newest()
        return whole

    def is_complete(self, call: str, ticks: Iterable[Tick]) -> bool:
        """Return whether everybody ticked is on the list of that roll call."""
        known = self._calls.get(call)
        people = {one.key for one in known.rows} if known else set()
        return all(one.person in people for one in ticks)

    def picture(self) -> RunningCall | None:
        """Return the counts of the roll call that runs, or None."""
        call = self.running()
        if call is None:
            return None
        presses = len(call.ticks) + sum(one.is_taken_back for one in call.ticks)
        return RunningCall(id=call.id, is_drill=call.is_drill, sought=call.sought, found=call.found, presses=presses)

    def forget(self, now: Instant) -> None:
        """Forget the roll calls whose names may be kept no longer, and whoever was erased, off lists in use no more."""
        self._seen = {call: self._seen.get(call) or Seen.first(one.began, now) for call, one in self._calls.items()}
        for call in [call for call, seen in self._seen.items() if seen.age_s(now) > NAMES_S]:
            del self._calls[call]
        self._take_off_erased()

    def forget_member(self, member: MemberId) -> None:
        """Take whoever was erased off every list, with their guests and ticks; off one in use when it has ended."""
        self._erased.add(member)
        self._take_off_erased()

    def _take_off_erased(self) -> None:
        still: set[MemberId] = set()
        for call in list(self._calls.values()) if self._erased else ():
            gone = [one for one in call.rows if one.member in self._erased]
            if call.ended is None:
                still |= {one.member for one in gone if one.member is not None}
            elif gone:
                self._calls[call.id] = _without(call, {one.key for one in gone})
        self._erased = still

    def _keep_newest(self) -> None:
        for one in sorted(self._calls.values(), key=lambda call: (call.began, call.id))[:-CALLS_MAX]:
            del self._calls[one.id]


def _without(call: RollCall, people: set[str]) -> RollCall:
    rows = tuple(one for one in call.rows if one.key not in people)
    return replace(call, rows=rows, ticks=tuple(one for one in call.ticks if one.person not in people))
