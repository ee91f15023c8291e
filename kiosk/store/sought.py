"""The evacuation list from the files on disk alone: no desk, no network, no broker. Only reads."""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing

from kiosk.domain.evacuation import Sought, evacuation_list
from kiosk.domain.ids import MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.store.errors import StoreError
from kiosk.store.journal import JournalReader
from kiosk.store.roster import RosterReader
from kiosk.tools.site import Site

log = logging.getLogger("samverk.roll-call")


def sought(site: Site, now: Instant) -> tuple[Sought, ...]:
    """Return the evacuation list as the files have it; raise `StoreError` or `sqlite3.Error` for an unreadable journal.

    A roster that cannot be read costs the names and nobody.
    """
    with closing(JournalReader(site.state_dir / "journal.db")) as journal:
        house, guests = journal.house(), journal.guest_names()
    return evacuation_list(house, holders(site, list(house.presences)), guests, site.rule, now)


def holders(site: Site, members: Sequence[MemberId]) -> Mapping[MemberId, Holder]:
    """Return those of the members whom the roster's file knows; nobody if it cannot be read."""
    with closing(RosterReader(site.state_dir / "roster.db")) as roster:
        try:
            return roster.people(members)
        except (StoreError, sqlite3.Error) as error:
            log.error("the roster cannot be read, and the list has no names: %s", error)  # noqa: TRY400 - the text says it all
            return {}
