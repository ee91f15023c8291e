"""What the centre refuses to keep of agencies and members, whoever sends it: a house could not use it at its door."""

import re
from collections.abc import Iterator
from typing import Any

from scim2_models import InvalidValueException

from sync.centre.records import MEMBERSHIP, Document
from sync.centre.storage.room import Work

NAME_MAX = 200
BADGES_MAX = 16
SEATS_MAX = 1_000_000
POLICIES = ("warn", "host", "deny")
STATUSES = ("active", "lost", "withdrawn")
LEVELS = ("uid", "verified")

_KEY = re.compile("[0-9a-f]{64}")
_CONTACT = re.compile(r"[^@\s,<>]{1,64}@[^@\s,<>]{1,190}")


def check(work: Work, kind: str, document: Document) -> None:
    """Raise a SCIM error that names what cannot be kept."""
    problem = next(_of_user(work, document) if kind == "User" else _of_agency(document), None)
    if problem is not None:
        raise InvalidValueException(detail=problem)


def _of_user(work: Work, document: Document) -> Iterator[str]:
    yield from _of_name(document)
    membership: dict[str, Any] = document.get(MEMBERSHIP) or {}
    agency = membership.get("agency")
    if not agency or work.row("SELECT 1 FROM resources WHERE type = 'Agency' AND id = ?", (agency,)) is None:
        yield f"{MEMBERSHIP}:agency must name an agency"
    badges = membership.get("badges") or []
    if len(badges) > BADGES_MAX:
        yield f"at most {BADGES_MAX} badges"
    for badge in badges:
        if not _KEY.fullmatch(str(badge.get("value"))):
            yield "a badge's value is its key, 64 hexadecimal digits"
        if not 1 <= (badge.get("keyVersion") or 0) <= SEATS_MAX:
            yield "a badge's keyVersion is 1 or more"
        if (badge.get("status") or "active") not in STATUSES:
            yield f"a badge's status is one of {', '.join(STATUSES)}"
        if (badge.get("level") or "uid") not in LEVELS:
            yield f"a badge's level is one of {', '.join(LEVELS)}"
    if len({badge.get("value") for badge in badges}) < len(badges):
        yield "a badge is named twice"


def _of_agency(document: Document) -> Iterator[str]:
    yield from _of_name(document)
    for name in ("seats", "atOnce"):
        if not 0 <= (document.get(name) or 0) <= SEATS_MAX:
            yield f"{name} is 0 to {SEATS_MAX}"
    if (document.get("policy") or "warn") not in POLICIES:
        yield f"policy is one of {', '.join(POLICIES)}"
    contact = document.get("contact")
    if contact and not _CONTACT.fullmatch(contact):
        yield "contact is one mail address"


def _of_name(document: Document) -> Iterator[str]:
    # A name ends up on screens and terminals, where a control character is an order.
    name = document.get("displayName")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        yield f"displayName is 1 to {NAME_MAX} printable characters"
