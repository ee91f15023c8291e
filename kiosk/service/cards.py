"""The master keys of cards, from their credentials, and what asks a card at a reader to prove itself."""

from collections.abc import Iterable
from pathlib import Path
from secrets import token_bytes

from kiosk.cards.keys import KEY_BYTES, Masters
from kiosk.cards.prove import Prover, Way
from kiosk.reader.driver import no_proof
from kiosk.reader.reports import Prove
from kiosk.tools.credentials import CredentialError, read_credential
from kiosk.tools.site import Site

ROLES = ("tap", "sun", "owner")
"""Each role's master is in credentials of its own, so that a kiosk can do without those it does not need."""


def prover(site: Site) -> Prove:
    """Return what asks a card to prove itself as the site file says; raise `CredentialError` if a key is missing."""
    badge = site.tables.badge
    if not badge.card_versions:
        return no_proof
    way = Way(badge.proof)
    role = "tap" if way is Way.CHALLENGE else "sun"
    versions = {one: masters(one, [role], site.state_dir) for one in badge.card_versions}
    return Prover(versions, way, token_bytes)


def masters(version: int, roles: Iterable[str], state_dir: Path) -> Masters:
    """Return the masters of that version for these roles; raise `CredentialError` if one is missing or no key."""
    return Masters(**{role: _master(f"card-{role}-v{version}", state_dir) for role in roles})


def _master(name: str, state_dir: Path) -> bytes:
    try:
        key = bytes.fromhex(read_credential(name, state_dir).decode())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"the credential {name} is not {KEY_BYTES} bytes in hexadecimal digits"
        raise CredentialError(message)
    return key
