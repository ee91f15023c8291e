"""What goes over the wire to the centre and comes back, parsed once into frozen values. Bad input is a value too.

Nothing here knows HTTP, files or the clock.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import msgspec

from kiosk.domain.ids import AgencyId, BadgeKey, EventId, MemberId
from kiosk.domain.members import Agency, Badge, BadgeLevel, BadgeStatus, Language, Member, SeatPolicy
from kiosk.store.enrolment import Enrolled, Page, Refusal

MEMBERSHIP = "urn:samverk:params:scim:schemas:membership:1.0:User"
"""Our extension of the SCIM User: agency, validity and badges."""

BADGES_MAX = 16
"""The most badges of one member."""
PAGE_MAX = 1000
"""The most records taken from one answer, whatever was asked for."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Verdict(StrEnum):
    """What the centre says of one event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    DISPUTED = "disputed"
    INVALID = "invalid"


class EventVerdict(msgspec.Struct, frozen=True):
    """The verdict on the event of that id, and why if it needs a reason."""

    id: EventId
    verdict: Verdict
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Paging(StrEnum):
    """How a SCIM server hands out its lists."""

    CURSOR = "cursor"
    INDEX = "index"


class Config(msgspec.Struct, frozen=True):
    """What a SCIM server can."""

    paging: Paging
    can_filter: bool


class Listing(msgspec.Struct, frozen=True):
    """One page of a list. `total` is None when the server does not count, `next_cursor` empty on the last page."""

    page: Page
    records: int
    total: int | None
    next_cursor: str


def parse_verdicts(body: bytes) -> tuple[EventVerdict, ...] | None:
    """Return the verdicts in the answer, or None if it is not an answer of a centre."""
    try:
        return _verdicts.decode(body).verdicts
    except msgspec.MsgspecError:
        return None


def page_of(resources: Sequence[tuple[str, msgspec.Raw, str]]) -> Page:
    """Return these records as a page: each is its kind, the SCIM resource, and its hash at the centre if known."""
    agencies, people, refused = [], [], []
    for kind, raw, known_hash in resources:
        is_agency = kind == "agency"
        one: _Agency | _User | Refusal = _read(_agency, raw, "agency") if is_agency else _read(_user, raw, "member")
        match one:
            case Refusal():
                refused.append(replace(one, hash=known_hash))
            case _Agency():
                agencies.append(_agency_of(one))
            case _User():
                people.append(_enrolled(one))
    return Page(tuple(agencies), tuple(people), tuple(refused))


def parse_config(body: bytes) -> Config | None:
    """Return what the server can (RFC 9865, section 4), or None if the answer is no ServiceProviderConfig."""
    try:
        config = _config.decode(body)
    except msgspec.MsgspecError:
        return None
    has_cursor = config.pagination is not None and config.pagination.cursor
    can_filter = config.filter is not None and config.filter.supported
    return Config(Paging.CURSOR if has_cursor else Paging.INDEX, can_filter)


def parse_agencies(body: bytes) -> Listing | None:
    """Return one page of agencies, or None if the answer is no SCIM list."""
    found = _records(body)
    if found is None:
        return None
    agencies, refused = [], []
    for raw in found.resources:
        one = _read(_agency, raw, "agency")
        if isinstance(one, Refusal):
            refused.append(one)
        else:
            agencies.append(_agency_of(one))
    page = Page(agencies=tuple(agencies), refused=tuple(refused))
    return Listing(page, len(found.resources), found.total, found.next_cursor or "")


def parse_members(body: bytes) -> Listing | None:
    """Return one page of members with their badges, or None if the answer is no SCIM list."""
    found = _records(body)
    if found is None:
        return None
    people, refused = [], []
    for raw in found.resources:
        one = _read(_user, raw, "member")
        if isinstance(one, Refusal):
            refused.append(one)
        else:
            people.append(_enrolled(one))
    page = Page(people=tuple(people), refused=tuple(refused))
    return Listing(page, len(found.resources), found.total, found.next_cursor or "")


def is_dead_cursor(body: bytes) -> bool:
    """Return whether a SCIM error says that the list must be read from its beginning again (RFC 9865, section 2.1)."""
    try:
        return _error.decode(body).scim_type in {"invalidCursor", "expiredCursor", "invalidCount"}
    except msgspec.MsgspecError:
        return False


def batch_of(bodies: Sequence[str]) -> bytes:
    """Return the events as one CloudEvents JSON batch."""
    return b"[" + b",".join(one.encode() for one in bodies) + b"]"


_Read = TypeVar("_Read", bound="_Agency | _User")


class _Verdicts(msgspec.Struct, frozen=True):
    verdicts: Annotated[tuple[EventVerdict, ...], msgspec.Meta(max_length=PAGE_MAX)]


class _Pagination(msgspec.Struct, frozen=True):
    cursor: bool = False


class _Filter(msgspec.Struct, frozen=True):
    supported: bool = False


class _Config(msgspec.Struct, frozen=True):
    schemas: tuple[str, ...]
    patch: msgspec.Raw
    filter: _Filter | None = None
    pagination: _Pagination | None = None


class _Error(msgspec.Struct, frozen=True, rename="camel"):
    scim_type: str


class _List(msgspec.Struct, frozen=True):
    schemas: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    resources: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=PAGE_MAX)] = msgspec.field(
        default=(), name="Resources"
    )
    total: Annotated[int, msgspec.Meta(ge=0)] | None = msgspec.field(default=None, name="totalResults")
    next_cursor: Annotated[str, msgspec.Meta(max_length=4096)] | None = msgspec.field(default=None, name="nextCursor")


class _Agency(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    display_name: Name
    seats: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    enrolled: Annotated[int, msgspec.Meta(ge=0)] | None = None
    at_once: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    policy: SeatPolicy | None = None


class _Badge(msgspec.Struct, frozen=True, rename="camel"):
    value: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    key_version: Annotated[int, msgspec.Meta(ge=1)]
    status: BadgeStatus = BadgeStatus.ACTIVE
    level: BadgeLevel = BadgeLevel.UID


class _Membership(msgspec.Struct, frozen=True, rename="camel"):
    agency: Id
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    badges: Annotated[tuple[_Badge, ...], msgspec.Meta(max_length=BADGES_MAX)] = ()


class _User(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    display_name: Name
    membership: _Membership = msgspec.field(name=MEMBERSHIP)
    active: bool = True
    preferred_language: Annotated[str, msgspec.Meta(max_length=35)] = ""


class _OnlyId(msgspec.Struct, frozen=True):
    id: Id


_verdicts = msgspec.json.Decoder(_Verdicts)
_config = msgspec.json.Decoder(_Config)
_error = msgspec.json.Decoder(_Error)
_list = msgspec.json.Decoder(_List)
_agency = msgspec.json.Decoder(_Agency)
_user = msgspec.json.Decoder(_User)
_only_id = msgspec.json.Decoder(_OnlyId)

_NO_ID = "?"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def _records(body: bytes) -> _List | None:
    try:
        found = _list.decode(body)
    except msgspec.MsgspecError:
        return None
    return found if _LIST in found.schemas else None


def _read(
    decoder: "msgspec.json.Decoder[_Read]", raw: msgspec.Raw, kind: Literal["agency", "member"]
) -> _Read | Refusal:
    try:
        one = decoder.decode(raw)
    except msgspec.MsgspecError as error:
        return Refusal(kind, _id_of(raw), _without_values(error))
    # A name ends up on screens and terminals, where a control character is an order.
    is_shown = one.display_name.isprintable() and one.id.isprintable()
    return one if is_shown else Refusal(kind, _id_of(raw), "holds characters that cannot be shown")


def _id_of(raw: msgspec.Raw) -> str:
    try:
        found = _only_id.decode(raw).id
    except msgspec.MsgspecError:
        return _NO_ID
    return found if found.isprintable() else _NO_ID


def _without_values(error: msgspec.MsgspecError) -> str:
    # The library's text may quote what was sent, which may be a name: only what was expected and where is kept.
    text = str(error)
    where = text.rpartition(" - at ")[2] if " - at " in text else ""
    expected = re.split(r", got|'|(?<=unknown field) `|\n", text.partition(" - at ")[0])[0].strip()
    return (expected + (f" - at {where}" if where else ""))[:200]


def _agency_of(one: _Agency) -> Agency:
    name = unicodedata.normalize("NFC", one.display_name)
    policy = SeatPolicy.WARN if one.policy is None else one.policy
    return Agency(AgencyId(one.id), name, one.seats, one.enrolled, one.at_once, policy)


def _enrolled(user: _User) -> Enrolled:
    one = user.membership
    language = Language.EN if user.preferred_language.lower().startswith("en") else Language.SV
    member = Member(
        id=MemberId(user.id),
        name=unicodedata.normalize("NFC", user.display_name),
        agency=AgencyId(one.agency),
        active=user.active,
        valid_from=_utc(one.valid_from),
        valid_until=_utc(one.valid_until),
        language=language,
    )
    badges = tuple(
        Badge(BadgeKey(badge.value), badge.key_version, member.id, badge.status, badge.level) for badge in one.badges
    )
    return Enrolled(member, badges)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
