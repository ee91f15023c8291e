"""Badges that must prove themselves: whether this house has the keys to ask them with."""

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.store.roster import RosterReader
from kiosk.tools.site import Site

_WELL = well("badges", "inget kort väntar på nycklar", "no badge waits for keys")


def check(site: Site, now: Instant) -> tuple[Finding, ...]:  # noqa: ARG001 - every check takes both
    """Return one finding: badges that must prove themselves, in a house that can ask none, are all turned away."""
    roster = RosterReader(site.state_dir / "roster.db")
    try:
        waiting = roster.verified_badges()
    finally:
        roster.close()
    if not waiting or site.tables.badge.card_versions:
        return (_WELL,)
    sv = f"{waiting} kort måste visa att de är äkta, men huset har inga kortnycklar: hämta dem och sätt `card_versions`"
    en = f"{waiting} badges must prove themselves, and the house has no card keys: get them and set `card_versions`"
    return (ill("badges", sv, en),)
