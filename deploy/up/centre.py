"""The example hub at the centre: enrolled before the centre serves, and counted from its own rows afterwards."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from deploy.up.example import AGENCIES, KEY_VERSION, SOURCE, Example
from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry

SEATS = 8


def seed_centre(database: Path, members: Iterable[Example], secret: bytes) -> str:
    """Enrol the agencies and members in a new database, and return the house's token."""
    registry = Registry(database, SystemClock(), Ids())
    registry.enrol(
        Enrolment(
            agencies=tuple(NewAgency(id=one, name=name, seats=SEATS) for one, name in AGENCIES.items()),
            members=tuple(_member(one, secret) for one in members),
        )
    )
    token = registry.issue_token(SiteId("stockholm"), SOURCE)
    registry.close()
    return token


def rows_by_type(database: Path) -> Counter[str]:
    """Return how many events of each type stand in the centre's table for this house, read past the centre's code."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT type, COUNT(*) FROM events WHERE source = ? GROUP BY type", (SOURCE,))
        return Counter({str(kind): int(count) for kind, count in rows})
    finally:
        connection.close()


def _member(one: Example, secret: bytes) -> NewMember:
    return NewMember(
        id=one.member,
        name=one.name,
        agency=one.agency,
        language="en" if one.language == "en" else "sv",
        badges=(NewBadge(key=one.badge(secret), key_version=KEY_VERSION),),
    )
