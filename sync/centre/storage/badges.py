"""Badges that a house enrolled, lost, found or withdrew, taken over into the roster of all houses."""

from typing import Any, cast

from scim2_models import NotFoundException, UniquenessException

from sync.centre import schemas
from sync.centre.events import BADGE, Event, OfBadge
from sync.centre.storage import kin, losses, streams
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
    is_news = _linked(work, event, details, now)
    is_news = _noted(work, event, details) or is_news
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


def _linked(work: Work, event: Event, details: OfBadge, now: str) -> bool:
    """Take note of the badge's older key, if it is told. Return whether a loss was known of one of the two alone."""
    if not details.was:
        return False
    if not kin.link(work, details.badge, details.key_version, details.was, now):
        streams.finding(work, event.source, TAKEN, details.member, now)
        return False
    return losses.share(work, details.badge)


def _changed(
    work: Work, badges: list[schemas.Badge], event: Event, details: OfBadge, now: str
) -> list[schemas.Badge] | None:
    """Return the member's badges as they are from now on, or None if nothing changes."""
    keys = kin.keys_of(work, details.badge)
    known = [one for one in badges if one.value in keys]
    status = _status(work, event.type, details.badge, {str(one.status or "active") for one in known})
    if not known:
        return None if event.type == FOUND else _added(work, badges, status, event, details, now)
    before = [(one.value, one.status, one.level) for one in known]
    for one in known:
        # Under which key it is kept is settled where it is written.
        one.status = status
        one.level = details.level if details.level not in {"uid", one.level} else one.level
    is_as_before = before == [(keys[0], one.status, one.level) for one in known]
    return None if is_as_before else badges


def _added(  # noqa: PLR0913, PLR0917 - for the finding
    work: Work, badges: list[schemas.Badge], status: str, event: Event, details: OfBadge, now: str
) -> list[schemas.Badge] | None:
    if kin.holders(work, set(kin.keys_of(work, details.badge))):
        streams.finding(work, event.source, TAKEN, details.member, now)
        return None
    level = None if details.level == "uid" else details.level
    return [*badges, schemas.Badge(value=details.badge, key_version=details.key_version, status=status, level=level)]


def _status(work: Work, kind: str, badge: str, before: set[str]) -> str:
    """Return what the badge is from now on. One that was withdrawn stays so: only the centre gives it back."""
    if "withdrawn" in before or kind == WITHDRAWN:
        return "withdrawn"
    return "lost" if losses.is_lost(work, badge) else "active"


def _keep(work: Work, resources: Resources, user: Any, event: Event, details: OfBadge, now: str) -> None:  # noqa: PLR0913, PLR0917 - for the finding
    try:
        resources.update(schemas.USER, user)
    except UniquenessException:
        streams.finding(work, event.source, TAKEN, details.member, now)
