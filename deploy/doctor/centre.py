"""The thread to the centre: how old the member list is, what waits, and why an attempt failed."""

from datetime import datetime, timedelta

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader
from kiosk.store.roster import RosterReader
from kiosk.tools.credentials import CredentialError, is_in_store, read_credential
from kiosk.tools.site import Site
from kiosk.tools.site.tables import CentreTable

WAITED_MAX = timedelta(days=1)
"""An event that has waited longer than this is a fault of the line, and not of the moment."""

DAY_S = 86_400


def check(site: Site, now: Instant) -> tuple[Finding, ...]:
    """Return what is wrong with the thread and with the age of the data, or that nothing is."""
    centre = site.tables.centre
    if centre is None:
        return (well("centre", "huset har ingen central i sin fil", "the house has no centre in its file"),)
    return (*_thread(site, centre, now), _age(site, now))


def _thread(site: Site, centre: CentreTable, now: Instant) -> tuple[Finding, ...]:
    try:
        read_credential(centre.token_credential, site.state_dir)
    except CredentialError as error:
        if is_in_store(centre.token_credential):
            return _traffic(site, now)
        path = site.state_dir / "credentials" / centre.token_credential
        sv = f"token saknas eller kan läsas av andra: lägg den i {path} med rättigheten 0600"
        return (ill("centre", sv, str(error)),)
    return _traffic(site, now)


def _traffic(site: Site, now: Instant) -> tuple[Finding, ...]:
    reader = OutboxReader(site.state_dir / "roster.db")
    try:
        why, counts, oldest = reader.appointments(), reader.counts(), reader.oldest()
    finally:
        reader.close()
    found = [
        ill(
            "centre",
            f"{what} lyckas inte ({reason}): kontrollera nätet och adressen i [centre]",
            f"{what} fails ({reason}): check the network and the address in [centre]",
        )
        for what, reason in why.items()
    ]
    apart = counts.get(OutboxState.INVALID, 0) + counts.get(OutboxState.CONFLICT, 0)
    if apart:
        sv = f"centralen vägrar {apart} händelser: se `samverk queue`, ring centralen, sedan `samverk queue --retry`"
        en = f"the centre refuses {apart} events: see `samverk queue`, call the centre, then `samverk queue --retry`"
        found.append(ill("centre", sv, en))
    if oldest and now.wall - datetime.fromisoformat(oldest) > WAITED_MAX and not why:
        sv = f"händelser har väntat sedan {oldest[:10]}: kontrollera att `samverk-sync` går"
        found.append(ill("centre", sv, f"events have waited since {oldest[:10]}: check that `samverk-sync` runs"))
    waiting = counts.get(OutboxState.WAITING, 0)
    return tuple(found) or (well("centre", f"{waiting} händelser väntar", f"{waiting} events wait"),)


def _age(site: Site, now: Instant) -> Finding:
    reader = RosterReader(site.state_dir / "roster.db")
    try:
        age_s = reader.age_s(now)
    finally:
        reader.close()
    if age_s is None:
        sv = "ingen medlemslista än: starta `samverk-sync` och kontrollera nätet; värden släpper in så länge"
        return ill(
            "data age", sv, "no member list yet: start `samverk-sync` and check the network; hosts let people in"
        )
    days = age_s / DAY_S
    if age_s > site.rule.rights_old_s:
        sv = f"medlemslistan är {days:.0f} dygn gammal: kontrollera nätet och `samverk queue`"
        return ill("data age", sv, f"the member list is {days:.0f} days old: check the network and `samverk queue`")
    minutes = age_s / 60
    return well("data age", f"medlemslistan är {minutes:.0f} min gammal", f"the member list is {minutes:.0f} min old")
