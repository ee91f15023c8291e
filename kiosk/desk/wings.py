"""What the other wings' files tell the desk. One that cannot be read tells nothing: no tap waits for a wing."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from kiosk.domain.ids import BadgeKey, MemberId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge, Holder
from kiosk.domain.zones import Occupancy
from kiosk.store.errors import StoreError
from kiosk.store.inbox import InboxTap, Place
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader

log = logging.getLogger("samverk.desk")

Told = TypeVar("Told")


class Wings:
    """The roster and the zones as far as they can be read. A damaged roster is no roster, a damaged zone unknown."""

    def __init__(self, roster: RosterReader, zones: ZonesReader) -> None:
        """Take both readers."""
        self._roster = roster
        self._zones = zones
        self._unreadable: set[str] = set()

    def holder_of_badge(self, keys: Sequence[BadgeKey]) -> Holder | None:
        """Return who holds the badge known by any of these keys, or None."""
        return self._ask("roster", self._roster, lambda: self._roster.holder_of_badge(keys), None)

    def holder_of_member(self, member: MemberId) -> Holder | None:
        """Return the member of that id, or None."""
        return self._ask("roster", self._roster, lambda: self._roster.holder_of_member(member), None)

    def badges_of(self, member: MemberId) -> tuple[Badge, ...]:
        """Return the member's badges as the roster has them."""
        return self._ask("roster", self._roster, lambda: self._roster.badges_of(member), ())

    def badges_between(self, low: BadgeKey, high: BadgeKey) -> tuple[Badge, ...]:
        """Return the badges of the roster with keys from `low` to `high`."""
        return self._ask("roster", self._roster, lambda: self._roster.badges_between(low, high), ())

    def at_centre(self, seqs: Sequence[int]) -> frozenset[int]:
        """Return which of the events with these sequences in the journal the centre is known to have."""
        return self._ask("roster", self._roster, lambda: self._roster.at_centre(seqs), frozenset())

    def people(self, members: Iterable[MemberId]) -> Mapping[MemberId, Holder]:
        """Return those of the members whom the roster knows."""
        nobody: Mapping[MemberId, Holder] = {}
        return self._ask("roster", self._roster, lambda: self._roster.people(members), nobody)

    def roster_version(self) -> str | None:
        """Return the name of the roster's content, or None if there is no roster."""
        return self._ask("roster", self._roster, self._roster.version, "") or None

    def roster_age_s(self, now: Instant) -> float | None:
        """Return how old the roster is in seconds, or None if there is none."""
        return self._ask("roster", self._roster, lambda: self._roster.age_s(now), None)

    def occupancies(self) -> Mapping[ZoneId, Occupancy]:
        """Return what the sensors say of each zone they can say something of."""
        nothing: Mapping[ZoneId, Occupancy] = {}
        return self._ask("zones", self._zones, self._zones.occupancies, nothing)

    def zone_taps(self, taken: Place) -> tuple[InboxTap, ...]:
        """Return the taps at the zones' readers that come after that place, a few at a time."""
        return self._ask("zones", self._zones, lambda: self._zones.taps_after(taken), ())

    def _ask(self, name: str, reader: RosterReader | ZonesReader, ask: Callable[[], Told], nothing: Told) -> Told:
        try:
            told = ask()
        except (sqlite3.Error, StoreError) as error:
            level = logging.DEBUG if name in self._unreadable else logging.ERROR
            log.log(level, "the %s cannot be read, and the desk goes on without: %s", name, error)
            self._unreadable.add(name)
            reader.close()  # the next question opens the file afresh: it may have been replaced
            return nothing
        if name in self._unreadable:
            self._unreadable.discard(name)
            log.warning("the %s can be read again", name)
        return told
