"""Badges that a house enrolled, lost, found or withdrew, taken over into the roster of all houses."""

from typing import Any, cast

from scim2_models import NotFoundException, UniquenessException

from sync.centre import schemas
from sync.centre.events import BADGE, Event, OfBadge
from sync.centre.storage import losses, streams
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import Work
from sync.centre.times import utc_text

ENROLLED, LOST, FOUND, WITHDRAWN, REKEYED, COPIED = (
    f"{BADGE}{what}" for what in ("enrolled", "lost", "found", "withdrawn", "rekeyed", "copied")
)

UNKNOWN_MEMBER, TAKEN, COPY_SHOWN = "badge-of-unknown-member", "badge-of-another-member", "badge-copied"


def hear(work: Work, resources: Resources, event: Event, details: OfBadge, now: str) -> bool:
    """Take in what happened to a badge; return whether taps with it must be looked at again.

    What cannot be carried out is a finding, and changes nothing.
    """
    if event.type == COPIED:
        streams.finding(work, event.source, COPY_SHOWN, details.member, now)
        return False
    is_news = _noted(work, event, details)
    try:
        user = cast("schemas.User[schemas.Membership]", resources.get(schemas.USER, details.member))
    except NotFoundException:
        streams.finding(work, event.source, UNKNOWN_MEMBER, details.member, now)
        return is_news
    membership = user[schemas.Membership]
    if membership is None:
        return is_news
    badges = _changed(work, list(membership.badges or []), event, details, now)
    if badges is not None:
        membership.badges = badges
        user[schemas.Membership] = membership
        _keep(work, resources, user, event, details, now)
    return is_news


def _noted(work: Work, event: Event, details: OfBadge) -> bool:
    """Keep by its own time that the badge was lost or found. Return whether that is news."""
    at = utc_text(event.time)
    if event.type in {LOST, WITHDRAWN}:
        return losses.note(work, details.badge, losses.LOST, at)
    # Whoever enrols a badge has it in hand. What is lost after that may have been told before: it travels first.
    is_in_hand = event.type == FOUND or (event.type == ENROLLED and losses.is_known(work, details.badge))
    return is_in_hand and losses.note(work, details.badge, losses.FOUND, at)


def _changed(
    work: Work, badges: list[schemas.Badge], event: Event, details: OfBadge, now: str
) -> list[schemas.Badge] | None:
    """Return the member's badges as they are from now on, or None if nothing changes."""
    known = next((one for one in badges if one.value == details.badge), None)
    before = next((one for one in badges if one.value == details.was), None) if event.type == REKEYED else None
    if known is None and before is not None:
        before.value, before.key_version = details.badge, details.key_version
        return badges
    status = _status(work, event.type, details.badge, str(known.status or "active") if known else None)
    if known is None and event.type != FOUND:
        if work.row("SELECT member FROM badges WHERE key = ?", (details.badge,)) is not None:
            streams.finding(work, event.source, TAKEN, details.member, now)
            return None
        level = None if details.level == "uid" else details.level
        return [
            *badges,
            schemas.Badge(value=details.badge, key_version=details.key_version, status=status, level=level),
        ]
    is_raised = known is not None and details.level not in {"uid", known.level}
    if known is None or (known.status == status and not is_raised):
        return None
    known.status, known.level = status, details.level if is_raised else known.level
    return badges


def _status(work: Work, kind: str, badge: str, before: str | None) -> str:
    """Return what the badge is from now on. One that was withdrawn stays so: only the centre gives it back."""
    if before == "withdrawn" or kind == WITHDRAWN:
        return "withdrawn"
    if kind == REKEYED and before is not None:
        return before
    return "lost" if losses.is_lost(work, badge) else "active"


def _keep(work: Work, resources: Resources, user: Any, event: Event, details: OfBadge, now: str) -> None:  # noqa: PLR0913, PLR0917 - for the finding
    try:
        resources.update(schemas.USER, user)
    except UniquenessException:
        streams.finding(work, event.source, TAKEN, details.member, now)
