"""What a house knows of a member or an agency, as one text with one hash: docs/centre-protocol.md. Pure.

Everything here is worked out from the SCIM document, so that house and centre can compare what they hold.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sync.centre.times import FIRST, LAST, read_text, utc_text

MEMBERSHIP = "urn:samverk:params:scim:schemas:membership:1.0:User"
APPLIED = "applied"
"""The `approval` of a member whose agency's head has not approved yet."""

HASH_BYTES = 8
_NOT_FOR_HOUSES = frozenset({"contact", "approval", "userName"})
BUCKETS = 256

Document = Mapping[str, Any]


class Kind(StrEnum):
    """What a record is of."""

    AGENCY = "agency"
    MEMBER = "member"


KINDS: Mapping[str, Kind] = {"User": Kind.MEMBER, "Agency": Kind.AGENCY}
"""The SCIM resource types that houses hold."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a record allows at a door. `opens` are the badges that do; an agency only has `seats`."""

    is_active: bool = False
    since: str = FIRST
    until: str = FIRST
    agency: str = ""
    opens: frozenset[tuple[str, int]] = frozenset()
    seats: int = 0

    def withdraws_from(self, before: "Rights") -> bool:
        """Return whether somebody may do less now than before."""
        if before.seats > self.seats:
            return True
        if not before.is_active:
            return False
        shorter = self.since > before.since or self.until < before.until
        return not self.is_active or shorter or self.agency != before.agency or not before.opens <= self.opens


def for_house(document: Document) -> dict[str, Any]:
    """Return the document as a house is given it: what holds at the door, and not whom else to write to."""
    shown = {name: value for name, value in document.items() if name not in _NOT_FOR_HOUSES}
    membership = dict(shown.get(MEMBERSHIP) or {})
    if membership.get("approval") == APPLIED:
        shown["active"] = False
    revoked = _moment(membership.get("revokedAt"))
    if revoked is not None:
        until = _moment(membership.get("validUntil"))
        membership["validUntil"] = min(revoked, until) if until else revoked
    if MEMBERSHIP in shown:
        shown[MEMBERSHIP] = membership
    return shown


def content(kind: Kind, identifier: str, document: Document) -> list[Any]:
    """Return what a house knows of the record, given its document as a house is given it."""
    name = unicodedata.normalize("NFC", str(document.get("displayName") or ""))
    if kind is Kind.AGENCY:
        at_once, policy = document.get("atOnce"), document.get("policy") or "warn"
        return [kind.value, identifier, name, document.get("seats") or 0, at_once, policy]
    membership = document.get(MEMBERSHIP) or {}
    language = "en" if str(document.get("preferredLanguage") or "").lower().startswith("en") else "sv"
    badges = sorted([*badge, status, *_level(level)] for badge, status, level in _badges(membership))
    active = document.get("active") is not False
    times = [_moment(membership.get(one)) for one in ("validFrom", "validUntil")]
    return [kind.value, identifier, name, membership.get("agency") or "", active, *times, language, badges]


def hash_of(content: list[Any]) -> str:
    """Return the hash of a record's content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:HASH_BYTES].hex()


def bucket_of(kind: Kind, identifier: str) -> int:
    """Return the bucket of a record."""
    return hashlib.sha256(f"{kind}/{identifier}".encode(errors="surrogatepass")).digest()[0]


def bucket_digests(hashes: Iterable[tuple[int, str]]) -> list[str]:
    """Return the digests of all buckets, given each record's bucket and hash."""
    buckets = [0] * BUCKETS
    for bucket, one in hashes:
        buckets[bucket] ^= int(one, 16)
    return [f"{one:0{HASH_BYTES * 2}x}" for one in buckets]


def roster_digest(buckets: Iterable[str]) -> str:
    """Return the digest of the roster, given those of its buckets."""
    return hashlib.sha256("".join(buckets).encode()).digest()[:16].hex()


def rights(kind: Kind, document: Document) -> Rights:
    """Return what the record allows, given its document as a house is given it."""
    if kind is Kind.AGENCY:
        return Rights(seats=int(document.get("seats") or 0))
    membership = document.get(MEMBERSHIP) or {}
    return Rights(
        is_active=document.get("active") is not False,
        since=_moment(membership.get("validFrom")) or FIRST,
        until=_moment(membership.get("validUntil")) or LAST,
        agency=str(membership.get("agency") or ""),
        opens=frozenset(badge for badge, status, _ in _badges(membership) if status == "active"),
    )


def badge_statuses(document: Document) -> dict[str, str]:
    """Return the keys of the member's badges, with their status."""
    return {key: status for (key, _), status, _ in _badges(document.get(MEMBERSHIP) or {})}


def _badges(membership: Document) -> list[tuple[tuple[str, int], str, str]]:
    found = membership.get("badges") or []
    return [
        (
            (str(one.get("value")), int(one.get("keyVersion") or 0)),
            str(one.get("status") or "active"),
            str(one.get("level") or "uid"),
        )
        for one in found
    ]


def _level(level: str) -> list[str]:
    # A badge of the lowest level has the content it has had from the first, so that older houses agree.
    return [] if level == "uid" else [level]


def _moment(text: object) -> str | None:
    try:
        return utc_text(read_text(str(text))) if text else None
    except ValueError:
        return None
