"""Taps at the zones' readers: whoever is in the house joins the zone; for everybody else nothing happens.

Nobody is answered at such a reader. What a tap leads to and that it was taken are one commit, so each counts once.
"""

import logging
import sqlite3
from collections.abc import Callable

from kiosk.desk.badges import Badges
from kiosk.desk.wings import Wings
from kiosk.domain.answers import Answer
from kiosk.domain.entry import badge_refusal
from kiosk.domain.house import House
from kiosk.domain.ids import MEMBER, RequestId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Badge, BadgeLevel
from kiosk.domain.presence import Presence
from kiosk.domain.requests import JoinZone
from kiosk.domain.zones import ZoneTap, ZoneTapOutcome
from kiosk.store import inbox
from kiosk.store.inbox import InboxTap
from kiosk.store.journal import Entry, JournalWriter

AGE_MAX_S = 600.0
"""How old a tap may be that the desk was not there to take: whoever made it may have gone elsewhere since."""

Also = Callable[[sqlite3.Connection], object]
"""What else is done in the commit of a request."""

log = logging.getLogger("samverk.desk")


class ZoneTaps:
    """The desk's side of the inbox. Used from the desk's thread."""

    def __init__(
        self,
        journal: JournalWriter,
        wings: Wings,
        badges: Badges,
        zones: frozenset[ZoneId],
        handle: Callable[[JoinZone, Also | None], Answer],
    ) -> None:
        """Go on where the journal says that we were."""
        self._journal = journal
        self._wings = wings
        self._badges = badges
        self._zones = zones
        self._handle = handle
        self._place = journal.inbox_place()

    def take(self, house: House, now: Instant) -> None:
        """Take a few taps, in their order. What cannot be recorded is tried again; what cannot be decided is counted.

        `house` is as it is before the first of them: a tap changes nobody's coming or going.
        """
        for one in self._wings.zone_taps(self._place):
            outcome = self._take(one, house, now)
            self._place = one.place
            log.info("a tap at zone reader %s: %s", one.tap.reader, outcome)

    def _take(self, one: InboxTap, house: House, now: Instant) -> ZoneTapOutcome:
        found = self._visit(one.tap, house, now)
        if isinstance(found, ZoneTapOutcome):
            self._skip(one, found)
            return found
        request = JoinZone(
            id=RequestId(f"zone-tap-{one.place.epoch}-{one.place.seq}"),
            at=one.tap.at,
            visit=found.visit,
            zone=one.tap.zone,
            by=MEMBER,
        )
        try:
            self._handle(request, lambda book: inbox.move(book, one.place, ZoneTapOutcome.JOINED))
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - one tap that cannot be decided may not stop all after it
            log.error("a tap at zone reader %s failed: %s", one.tap.reader, type(error).__name__)  # noqa: TRY400 - no text of it may be said
            self._skip(one, ZoneTapOutcome.FAILED)
            return ZoneTapOutcome.FAILED
        return ZoneTapOutcome.JOINED

    def _skip(self, one: InboxTap, outcome: ZoneTapOutcome) -> None:
        self._journal.append(Entry(), lambda book: inbox.move(book, one.place, outcome))

    def _visit(self, tap: ZoneTap, house: House, now: Instant) -> Presence | ZoneTapOutcome:
        """Return the visit of whoever holds the badge, or why the tap joins nobody."""
        if tap.zone not in self._zones:
            return ZoneTapOutcome.FAILED
        if _is_too_old(tap, now):
            return ZoneTapOutcome.TOO_OLD
        holder = self._badges.holder(tap.keys)
        refused = _refused(holder.badge) if holder and holder.badge else None
        if refused is not None:
            return refused
        one = house.presences.get(holder.member.id) if holder else house.of_badge(tap.keys)
        if one is None or not one.inside or one.arrived_at.seconds_since(tap.at) > 0:
            return ZoneTapOutcome.NOT_IN_HOUSE if holder else ZoneTapOutcome.UNKNOWN
        return one


def _refused(badge: Badge) -> ZoneTapOutcome | None:
    if badge_refusal(badge) is not None:
        return ZoneTapOutcome.NOT_VALID
    # A zone's reader tells a UID and nothing more, which any copy of a badge that proves itself can show.
    return ZoneTapOutcome.NOT_PROVED if badge.level is BadgeLevel.VERIFIED else None


def _is_too_old(tap: ZoneTap, now: Instant) -> bool:
    is_datable = tap.at.boot == now.boot or ClockState.UNSET not in {tap.at.clock, now.clock}
    return not is_datable or now.seconds_since(tap.at) > AGE_MAX_S
