"""The hourly paper: asked for only where the site file names a printer; then `lp` is there, and the last one came."""

import re
import shutil
from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from deploy.paper import LP, PaperNote, Which, read_note
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site

LATE_S = 2 * 3600 + 600.0
"""A paper comes every hour: two have not come."""
CUPS = Path("/etc/cups/cupsd.conf")
_KEEPS_NOTHING = re.compile(r"^\s*PreserveJobFiles\s+(No|Off|False|0)\s*$", re.IGNORECASE | re.MULTILINE)

UNIT = "samverk-paper"


def check(site: Site, now: Instant, which: Which = shutil.which, cups: Path = CUPS) -> tuple[Finding, ...]:
    """Return one finding about the paper."""
    if not site.tables.roll_call.printer:
        return (well("paper", "ingen utrymningslista på papper är önskad", "no evacuation list on paper is wanted"),)
    if which(LP) is None:
        sv = "`lp` saknas och listan skrivs inte ut: `apt install cups-client`"
        return (ill("paper", sv, "`lp` is not installed and the list is not printed: `apt install cups-client`"),)
    return (_printed(read_note(site), now), *_kept(cups))


def _printed(last: PaperNote | None, now: Instant) -> Finding:
    if last is None or (now.wall - last.at).total_seconds() > LATE_S:
        sv = f"ingen lista har skrivits ut på två timmar: `systemctl status {UNIT}.timer {UNIT}.service`"
        en = f"no list was printed for two hours: `systemctl status {UNIT}.timer {UNIT}.service`"
        return ill("paper", sv, en)
    if last.why:
        sv = f"den senaste utskriften misslyckades ({last.why}): `lpstat -t`, papper, sladd"
        return ill("paper", sv, f"the last printing failed ({last.why}): `lpstat -t`, paper, cable")
    return well("paper", "den senaste listan har skrivits ut", "the last list was printed")


def _kept(cups: Path) -> tuple[Finding, ...]:
    """Return that CUPS keeps the names it has printed, if its settings can be read here and say so."""
    try:
        settings = cups.read_text(errors="replace")
    except OSError:
        return ()
    if _KEEPS_NOTHING.search(settings):
        return ()
    sv = f"CUPS sparar utskrifter med namn i ett dygn: skriv `PreserveJobFiles No` i {cups}"
    en = f"CUPS keeps what it printed, with names, for a day: write `PreserveJobFiles No` in {cups}"
    return (ill("paper", sv, en),)
