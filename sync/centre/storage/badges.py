"""Badges that a house enrolled, lost, found or withdrew, taken over into the roster of all houses."""

from typing import Any, cast

from scim2_models import NotFoundException, UniquenessException

from sync.centre import schemas
from sync.centre.events import BADGE, Event, OfBadge
from sync.centre.storage import streams
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import Work

LOST, FOUND, WITHDRAWN, REKEYED, COPIED = (
    f"{BADGE}{what}" for what in ("lost", "found", "withdrawn", "rekeyed", "copied")
)

UNKNOWN_MEMBER, TAKEN, COPY_SHOWN = "badge-of-unknown-member", "badge-of-another-member", "badge-copied"


def hear(work: Work, resources: Resources, event: Event, details: OfBadge, now: str) -> None:
    """Take in what happened to a badge. What cannot be carried out is a finding, and changes nothing."""
    if event.type == COPIED:
        streams.finding(work, event.source, COPY_SHOWN, details.member, now)
        return
    try:
        user = cast("schemas.User[schemas.Membership]", resources.get(schemas.USER, details.member))
    except NotFoundException:
        streams.finding(work, event.source, UNKNOWN_MEMBER, details.member, now)
        return
    membership = user[schemas.Membership]
    if membership is None:
        return
    badges = list(membership.badges or [])
    known = next((one for one in badges if one.value == details.badge), None)
    before = next((one for one in badges if one.value == details.was), None) if event.type == REKEYED else None
    if known is None and before is not None:
        before.value, before.key_version = details.badge, details.key_version
        membership.badges = badges
        user[schemas.Membership] = membership
        _keep(work, resources, user, event, details, now)
        return
    status = _status(event.type, known.status if known else None)
    if known is None and event.type != FOUND:
        owner = work.row("SELECT member FROM badges WHERE key = ?", (details.badge,))
        if owner is not None:
            streams.finding(work, event.source, TAKEN, details.member, now)
            return
        badges.append(schemas.Badge(value=details.badge, key_version=details.key_version, status=status))
    elif known is not None and known.status != status:
        known.status = status
    else:
        return
    membership.badges = badges
    user[schemas.Membership] = membership
    _keep(work, resources, user, event, details, now)


def _status(kind: str, before: str | None) -> str:
    """Return what the badge is from now on. One that was withdrawn stays so: only the centre gives it back."""
    if before == "withdrawn" or kind == WITHDRAWN:
        return "withdrawn"
    if kind == LOST:
        return "lost"
    if kind == FOUND or before is None:
        return "active"
    return before


def _keep(work: Work, resources: Resources, user: Any, event: Event, details: OfBadge, now: str) -> None:  # noqa: PLR0913, PLR0917 - for the finding
    try:
        resources.update(schemas.USER, user)
    except UniquenessException:
        streams.finding(work, event.source, TAKEN, details.member, now)
