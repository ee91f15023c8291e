"""Whether the members' screen can be heard here. A silent screen is in service all the same: it is only told."""

from deploy.doctor.finding import Finding, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site
from kiosk.tools.speech.programs import PLAYERS, VOICE, Programs, find


def check(site: Site, _now: Instant, programs: Programs | None = None) -> tuple[Finding, ...]:
    """Return what the site wants to be heard and what is not here for it."""
    wanted, here = site.tables.sound, programs or find()
    if not (wanted.earcons or wanted.speech):
        return (well("sound", "varken ljud eller tal är önskat", "neither sound nor speech is wanted"),)
    if here.player is None:
        names = ", ".join(PLAYERS)
        sv = f"inget av {names} finns: skärmen är tyst"
        return (well("sound", sv, f"none of {names} is installed: the screen is silent"),)
    if wanted.speech and here.voice is None:
        sv = f"{VOICE} saknas: skärmen ger ljud men talar inte"
        return (well("sound", sv, f"{VOICE} is not installed: the screen sounds but does not speak"),)
    return (well("sound", "det som önskas kan höras", "what is wanted can be heard"),)
