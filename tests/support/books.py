"""A site with real books in a folder of its own: journal, roster and zones as the services leave them."""

from collections.abc import Iterable
from pathlib import Path

from kiosk.desk.desk import Books, Desk
from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge, BadgeStatus
from kiosk.store.enrolment import Enrolled, Page
from kiosk.store.intake import Place
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader, RosterWriter
from kiosk.store.zones import ZonesReader
from kiosk.tools.site import Site, read
from tests.support.house import AGENCY, CountedIds, at, member

SECRET = bytes(range(32))
UIDS = {
    "Astrid": "04A1B2C3D4E5F6",
    "Bo": "04000000000000",
    "Carl": "A1B2C3D4",
    "Disa": "04A1B2C3D4E5F6778899",
}
LOST_UID = "0411111111111F"
BEGINNING = at(0)

SITE = """
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{state_dir}"

[[zone]]
id = "lagerelden"
name = {{ sv = "Lägerelden", en = "The campfire" }}
about = {{ sv = "för djupare samtal", en = "for deeper talks" }}

[[zone]]
id = "rastplatsen"
name = {{ sv = "Rastplatsen", en = "The resting place" }}
about = {{ sv = "för möten som bara händer", en = "for chance meetings" }}

[[reader]]
id = "entrance"
driver = "scripted"
"""


def make_site(state_dir: Path, more: str = "") -> Site:
    """Return a small site that keeps its state there."""
    return read(SITE.format(state_dir=state_dir) + more)


def key_of(uid: str) -> str:
    """Return the badge key of a UID in hex, under the tests' secret."""
    return badge_key(SECRET, Uid(bytes.fromhex(uid)))


def write_roster(path: Path, names: Iterable[str] = UIDS, confirmed: Instant = BEGINNING) -> None:
    """Write a whole roster: these members with their badges, and one lost badge of Astrid's."""
    people = []
    for name in names:
        who = member(name)
        badges = [Badge(badge_key(SECRET, Uid(bytes.fromhex(UIDS[name]))), 1, who.id)]
        if name == "Astrid":
            badges.append(Badge(badge_key(SECRET, Uid(bytes.fromhex(LOST_UID))), 1, who.id, BadgeStatus.LOST))
        people.append(Enrolled(who, tuple(badges)))
    writer = RosterWriter(path)
    writer.intake.begin(Place(phase="agencies"), confirmed)
    writer.intake.take(Page(agencies=(AGENCY,), people=tuple(people)), Place(phase="done"))
    writer.intake.apply(is_whole=True)
    writer.close()


def open_desk(site: Site, ids: CountedIds | None = None) -> tuple[Desk, Books]:
    """Return a desk over the site's books, and the books to close."""
    books = Books(
        journal=JournalWriter(site.state_dir / "journal.db"),
        roster=RosterReader(site.state_dir / "roster.db"),
        zones=ZonesReader(site.state_dir / "zones.db"),
    )
    # The same salt every time: by chance, two of four members would now and then share a bucket.
    return Desk(site, books, {1: SECRET}, ids or CountedIds(), random_bytes=bytes), books


def close_books(books: Books) -> None:
    """Close all of them."""
    books.journal.close()
    books.roster.close()
    books.zones.close()
