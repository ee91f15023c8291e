"""Agencies and members to enrol together, from a JSON file or the command line, held to the same limits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from sync.centre import schemas
from sync.centre.storage.room import CentreError

IMPORT_BYTES_MAX = 64 * 1024 * 1024

Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Seats = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class NewBadge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A badge by its key under one version of the secret."""

    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    key_version: Annotated[int, msgspec.Meta(ge=1)] = 1
    status: Literal["active", "lost", "withdrawn"] = "active"
    level: Literal["uid", "verified"] = "uid"


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member to enrol; one with the same id is replaced."""

    id: Id
    name: Name
    agency: Id
    language: Literal["sv", "en"] = "sv"
    active: bool = True
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    badges: tuple[NewBadge, ...] = ()
    revoked_at: Moment | None = None
    approved: bool = True


class NewAgency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency to enrol; one with the same id is replaced. See `schemas.Agency` for what each means."""

    id: Id
    name: Name
    seats: Seats
    at_once: Seats | None = None
    policy: Literal["warn", "host", "deny"] = "warn"
    contact: Annotated[str, msgspec.Meta(max_length=255)] = ""
    approves: bool = True


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agencies and members to enrol together."""

    agencies: tuple[NewAgency, ...] = ()
    members: tuple[NewMember, ...] = ()


def read_enrolment(text: bytes) -> Enrolment:
    """Return the enrolment in a JSON file, or raise `CentreError` saying what is wrong with it."""
    try:
        return _enrolment.decode(text[: IMPORT_BYTES_MAX + 1])
    except msgspec.MsgspecError as error:
        message = f"the file cannot be read: {error}"
        raise CentreError(message) from error


def agency_resource(one: NewAgency) -> schemas.Agency[Any]:
    """Return the agency as it is kept."""
    return schemas.Agency(
        display_name=one.name,
        seats=one.seats,
        at_once=one.at_once,
        policy=None if one.policy == "warn" else one.policy,
        contact=one.contact or None,
        approves=None if one.approves else False,
    )


def user_resource(one: NewMember) -> schemas.User[schemas.Membership]:
    """Return the member as they are kept."""
    membership = schemas.Membership(
        agency=one.agency,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        revoked_at=one.revoked_at,
        approval=None if one.approved else "applied",
        badges=_badges(one.badges),
    )
    user = schemas.User[schemas.Membership](
        user_name=one.id, display_name=one.name, active=one.active, preferred_language=one.language
    )
    user[schemas.Membership] = membership
    return user


_enrolment = msgspec.json.Decoder(Enrolment)


def _badges(badges: Iterable[NewBadge]) -> list[schemas.Badge]:
    return [_badge(one) for one in badges]


def _badge(one: NewBadge) -> schemas.Badge:
    level = None if one.level == "uid" else one.level
    return schemas.Badge(value=one.key, key_version=one.key_version, status=one.status, level=level)
