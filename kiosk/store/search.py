"""Finding members by a part of their name, for a host who checks somebody in without a badge. Only reads."""

from contextlib import closing
from pathlib import Path

from kiosk.domain.ids import MemberId
from kiosk.domain.members import Holder
from kiosk.store.database import open_reader
from kiosk.store.roster import RosterReader

FOUND_MAX = 12
"""More than this is no answer: type more of the name."""
TEXT_MIN = 2
TEXT_MAX = 80
"""How much of a name is looked for, in characters."""


def find_members(path: Path, text: str) -> tuple[Holder, ...]:
    """Return the members in whose name every word of the text stands, at most `FOUND_MAX`, by name."""
    wanted = text.casefold().split()
    if not TEXT_MIN <= len(text.strip()) <= TEXT_MAX:
        return ()
    found: list[MemberId] = []
    connection = open_reader(path, "disputes")
    if connection is None:
        return ()
    with closing(connection):
        # In Python, because SQLite folds only the letters of English.
        for member, name in connection.execute("SELECT id, name FROM members ORDER BY name, id"):
            folded = name.casefold()
            if all(one in folded for one in wanted):
                found.append(MemberId(member))
                if len(found) == FOUND_MAX:
                    break
    with closing(RosterReader(path)) as roster:
        known = roster.people(found)
    return tuple(known[one] for one in found if one in known)
