"""What the centre may know of what happened in the house, and what to do about its answers. Pure.

Whatever is not on the list below never leaves the house: who sought company, zones, evidence, offers, refusals, guests.
"""

import hashlib
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from kiosk.domain.events import (
    ArrivalCorrected,
    ArrivalUndone,
    Arrived,
    BadgeCopied,
    BadgeEnrolled,
    BadgeEvent,
    BadgeFound,
    BadgeRekeyed,
    BadgeReportedLost,
    ClosedAutomatically,
    Happened,
    LeavingCorrected,
    LeavingUndone,
    Left,
    SeatsExceeded,
    TookPart,
    VisitAnnulled,
    VisitEvent,
)
from kiosk.domain.ids import EventId, SiteId, VisitId
from kiosk.store.outgoing import Held, OutboxState, Outgoing, Settled
from sync.answers import Forbidden, OwnCertificate, Problem, Unauthorised, Unreachable, Untrusted
from sync.records import EventVerdict
from sync.times import Timed, window_start

TOOK_PART_ROUND_S = 15 * 60
"""The time of having taken part is rounded down to this, so that two people's cannot be paired."""
SEQUENCE_DIGITS = 16
"""Sequences are padded to this many digits, so that they sort as text."""

TOKEN_RETRY_S = 60.0
"""How long to wait after the token or a certificate was not accepted: somebody has to do something first."""
RETRY_FIRST_S = 0.5
RETRY_MAX_S = 300.0
RETRY_SPREAD = 0.2
"""Waits after failures double from the first to the longest, and each house stretches them by its own share of this."""

_Fields = Mapping[str, object]


def _visit(event: VisitEvent, **more: object) -> _Fields:
    return {"visit": event.visit, "member": event.member, **more}


def _arrived(event: Arrived) -> _Fields:
    # By its key the centre finds a tap with a badge that was reported lost elsewhere.
    return _visit(event, agency=event.agency, **({} if event.badge is None else {"badge": event.badge}))


def _closed(event: ClosedAutomatically) -> _Fields:
    return _visit(event, closed_at=utc_text(event.closed_at))


def _undone(event: ArrivalUndone | LeavingUndone) -> _Fields:
    return _visit(event, undoes=event.undoes)


def _arrival_corrected(event: ArrivalCorrected) -> _Fields:
    return _visit(event, corrects=event.corrects, why=event.why.value, arrived_at=utc_text(event.arrived_at))


def _leaving_corrected(event: LeavingCorrected) -> _Fields:
    return _visit(event, corrects=event.corrects, why=event.why.value, left_at=utc_text(event.left_at))


def _annulled(event: VisitAnnulled) -> _Fields:
    return _visit(event, undoes=event.corrects)


def _exceeded(event: SeatsExceeded) -> _Fields:
    return {"agency": event.agency, "seats": event.limit, "inside": event.inside}


def _badge(event: BadgeEvent) -> _Fields:
    return {"member": event.member, "badge": event.badge, "key_version": event.key_version}


def _reported(event: BadgeReportedLost | BadgeFound) -> _Fields:
    # The centre may not have heard of the newer key yet: a loss overtakes everything else.
    return {**_badge(event), **({} if event.was is None else {"was": event.was})}


def _enrolled(event: BadgeEnrolled) -> _Fields:
    return {**_badge(event), "level": event.level.value}


def _rekeyed(event: BadgeRekeyed) -> _Fields:
    return {**_badge(event), "level": event.level.value, "was": event.was}


ALLOWED: Mapping[type[Happened], tuple[str, Callable[..., _Fields]]] = {
    Arrived: ("visit.arrived", _arrived),
    TookPart: ("visit.took_part", _visit),
    Left: ("visit.left", _visit),
    ClosedAutomatically: ("visit.closed_automatically", _closed),
    ArrivalUndone: ("visit.arrival_undone", _undone),
    LeavingUndone: ("visit.leaving_undone", _undone),
    ArrivalCorrected: ("visit.corrected", _arrival_corrected),
    LeavingCorrected: ("visit.corrected", _leaving_corrected),
    VisitAnnulled: ("visit.arrival_undone", _annulled),
    SeatsExceeded: ("seats.exceeded", _exceeded),
    BadgeEnrolled: ("badge.enrolled", _enrolled),
    BadgeRekeyed: ("badge.rekeyed", _rekeyed),
    BadgeReportedLost: ("badge.lost", _reported),
    BadgeFound: ("badge.found", _reported),
    BadgeCopied: ("badge.copied", _badge),
}
"""Every kind of event the centre gets, its name there, and what it says beside site and clock."""

WITHHELD = frozenset(
    {
        "seen_again",
        "joined_zone",
        "left_zone",
        "confirmed_by_host",
        "company_began",
        "company_ended",
        "lapsed",
        "tap_refused",
        "cleared_by_host",
        "offer_made",
        "naming_chosen",
        "offers_chosen",
        "language_chosen",
        "guest_arrived",
        "guest_joined_zone",
        "guest_handed_over",
        "guest_left",
        "activity_planned",
        "activity_cancelled",
        "rule_taken",
        "brake_lifted",
        "quarantine_retried",
        "retention_ran",
        "person_erased",
    }
)
"""Every stored name that the centre never hears of. A kind of event that is on neither list has not been decided on."""

_TYPE_PREFIX = "se.samverket."
_VISIT = "visit."
TOOK_PART = ALLOWED[TookPart][0].removeprefix(_VISIT)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which house this is, under which source, how often it pushes and pulls when all is well, and what it rounds to.

    `kept_days` is how long an event that the centre has is kept here too.
    """

    site: SiteId
    source: str
    push_every_s: float
    pull_every_s: float
    round_s: int = TOOK_PART_ROUND_S
    kept_days: int = 14


@dataclass(frozen=True, slots=True)
class Projected:
    """What a part of the journal amounts to for the centre: what is told now, and what is held back for a while."""

    told: tuple[Outgoing, ...] = ()
    held: tuple[Held, ...] = field(default=())


def visits_taking_part(events: Iterable[Happened]) -> frozenset[VisitId]:
    """Return the visits in which somebody took part."""
    return frozenset(one.visit for one in events if isinstance(one, TookPart))


def project(
    recorded: Sequence[tuple[int, Happened]],
    identity: Identity,
    *,
    sequence: int,
    epoch: str = "",
    took_part: AbstractSet[VisitId] = frozenset(),
) -> Projected:
    """Return what the centre gets of these events of the journal, each with its journal sequence, oldest first.

    `sequence` is the last one used for the centre, and what is told goes on after it without a gap; `took_part` are the
    visits that the centre has already been told of, for it is told once a visit. Having taken part is held back.
    """
    told: list[Outgoing] = []
    held: list[Held] = []
    known = set(took_part)
    for journal_seq, event in recorded:
        if type(event) not in ALLOWED:
            continue
        kind, body = _body(event, identity)
        if isinstance(event, TookPart):
            if event.visit not in known:
                known.add(event.visit)
                held.append(Held(journal_seq, centre_id(event), kind, event.visit, body, event.at))
            continue
        sequence += 1
        numbered = renumbered(body, sequence, epoch)
        visit = event.visit if isinstance(event, VisitEvent) else VisitId("")
        told.append(Outgoing(sequence, journal_seq, event.id, kind, visit, numbered, event.at))
    return Projected(tuple(told), tuple(held))


def released(held: Sequence[Held], *, sequence: int, epoch: str = "") -> tuple[Outgoing, ...]:
    """Return the held events as they are told, with sequences after that one in the order of their ids."""
    ordered = sorted(held, key=lambda one: one.event_id)
    return tuple(
        Outgoing(number, h.journal_seq, h.event_id, h.kind, h.visit, renumbered(h.body, number, epoch), h.at)
        for number, h in enumerate(ordered, start=sequence + 1)
    )


def renumbered(body: str, sequence: int, epoch: str) -> str:
    """Return the event's JSON with that sequence and epoch; the first epoch has no name and is left out."""
    event = msgspec.json.decode(body)
    event["sequence"] = f"{sequence:0{SEQUENCE_DIGITS}}"
    event.pop("epoch", None)
    return msgspec.json.encode(event | ({"epoch": epoch} if epoch else {})).decode()


def timed(one: Outgoing, at: Timed, round_s: int) -> str:
    """Return the event's JSON with the time that is now known of it."""
    event = msgspec.json.decode(one.body)
    event["time"] = _told_time(one.kind, at.wall, round_s)
    event["data"]["clock"] = at.clock.value
    return msgspec.json.encode(event).decode()


def settle(sent: Sequence[Outgoing], verdicts: Sequence[EventVerdict]) -> tuple[Settled, ...]:
    """Return what became of each event sent that has a verdict. One without goes on waiting."""
    said = {one.id: one for one in verdicts}
    return tuple(
        Settled(one.sequence, OutboxState(said[one.event_id].verdict.value), said[one.event_id].reason)
        for one in sent
        if one.event_id in said
    )


def wait_s(problem: Problem, failures: int, source: str) -> float:
    """Return the seconds to wait after that problem: what the centre asks for, else longer with each failure."""
    match problem:
        case Unreachable(after_s=float(asked_s)):
            return asked_s
        case Unauthorised() | Forbidden() | Untrusted() | OwnCertificate():
            return TOKEN_RETRY_S
    return retry_s(failures, source)


def retry_s(failures: int, source: str) -> float:
    """Return the seconds to wait after so many failures in a row, at least one.

    Houses that lost the centre at the same moment do not all come back at the same moment.
    """
    share = zlib.crc32(source.encode()) / 0xFFFFFFFF
    wait_s = min(RETRY_MAX_S, RETRY_FIRST_S * 2.0 ** min(failures - 1, 16))
    return wait_s * (1 + RETRY_SPREAD * share)


def centre_id(event: Happened) -> EventId:
    """Return the id that the centre knows the event by: its own, but for having taken part.

    A UUIDv7 tells the millisecond it was made in, which the rounding is there to hide. A hash of it does not, and
    is the same at every attempt.
    """
    if not isinstance(event, TookPart):
        return event.id
    digest = hashlib.sha256(b"samverk took part\0" + event.id.encode()).digest()
    value = int.from_bytes(digest[:16])
    value = value & ~(0xF << 76 | 0x3 << 62) | 8 << 76 | 0b10 << 62  # version 8, RFC 9562, section 5.8
    return EventId(str(uuid.UUID(int=value)))


def utc_text(moment: datetime) -> str:
    """Return the moment as RFC 3339 text in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told_time(kind: str, wall: datetime, round_s: int) -> str:
    return utc_text(window_start(wall.astimezone(UTC), round_s) if kind == TOOK_PART else wall)


def _body(event: Happened, identity: Identity) -> tuple[str, str]:
    told_as, fields = ALLOWED[type(event)]
    kind = told_as.removeprefix(_VISIT)
    body = {
        "specversion": "1.0",
        "id": centre_id(event),
        "source": identity.source,
        "type": _TYPE_PREFIX + told_as,
        "subject": event.visit if isinstance(event, VisitEvent) else _subject(event),
        "time": _told_time(kind, event.at.wall, identity.round_s),
        "sequence": "",
        "datacontenttype": "application/json",
        "data": {"site": identity.site, "clock": event.at.clock.value, **fields(event)},
    }
    return kind, msgspec.json.encode(body).decode()


def _subject(event: Happened) -> str:
    if isinstance(event, BadgeEvent):
        return event.member
    assert isinstance(event, SeatsExceeded)  # noqa: S101 - the only other kind told that belongs to no visit of its own
    return event.agency
