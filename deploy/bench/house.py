"""A house to measure in: a small site, and as many made-up members as asked for."""

from pathlib import Path

from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.ids import AgencyId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Agency, Badge, Member
from kiosk.store.enrolment import Enrolled, Page
from kiosk.store.intake import Place
from kiosk.store.roster import RosterWriter
from kiosk.tools.site import Site, read

SITE_HEAD = """\
[site]
id = "bench"
name = "Bench"
state_dir = "{state_dir}"

[[zone]]
id = "lagerelden"
name = {{ sv = "Lägerelden", en = "The campfire" }}
about = {{ sv = "för djupare samtal", en = "for deeper talks" }}
"""
"""A house of one zone, with `{state_dir}` to be filled in."""
SCRIPTED_READER = """
[[reader]]
id = "entrance"
driver = "scripted"
"""
SITE_TEXT = f"""{SITE_HEAD}
[[reader]]
id = "entrance"
driver = "pcsc"
direction = "in"
"""
"""The site file of the house, with `{state_dir}` to be filled in."""


def made_uid(number: int) -> bytes:
    """Return a UID of seven bytes that only this number has."""
    return b"\x04\xbe" + number.to_bytes(5, "big")


def made_name(number: int) -> str:
    """Return a name in one word that only this number has: a screen greets people by their first name."""
    return f"Member{number}"


MADE_UIDS = tuple(made_uid(number) for number in range(300))


def bench_site(state_dir: Path) -> Site:
    """Return a site of one zone and one reader that keeps its state there."""
    return read(SITE_TEXT.format(state_dir=state_dir))


def bench_site_file(state_dir: Path) -> Path:
    """Write the site file of such a site, and return it."""
    path = state_dir / "site.toml"
    path.write_text(SITE_TEXT.format(state_dir=state_dir))
    return path


def write_members(path: Path, members: int, secret: bytes, now: Instant) -> None:
    """Write a roster of that many members with a badge each, confirmed now."""
    agency = Agency(AgencyId("bench"), "Bench", members)
    people = tuple(_member(number, agency, secret) for number in range(members))
    writer = RosterWriter(path)
    writer.intake.begin(Place(phase="agencies"), now)
    writer.intake.take(Page(agencies=(agency,), people=people), Place(phase="done"))
    writer.intake.apply(is_whole=True)
    writer.close()


def _member(number: int, agency: Agency, secret: bytes) -> Enrolled:
    who = Member(MemberId(f"member-{number}"), made_name(number), agency.id)
    return Enrolled(who, (Badge(badge_key(secret, Uid(made_uid(number))), 1, who.id),))
