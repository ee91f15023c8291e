"""What the centre may know of what happened in the house, and what to do about its answers. Pure.

Whatever is not on the list below never leaves the house: who sought company, zones, evidence, offers, refusals.
"""

import hashlib
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from kiosk.domain.events import (
    ArrivalUndone,
    Arrived,
    ClosedAutomatically,
    Happened,
    LeavingUndone,
    Left,
    TookPart,
    VisitEvent,
)
from kiosk.domain.ids import EventId, SiteId, VisitId
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from sync.answers import Forbidden, Problem, Unauthorised, Unreachable
from sync.records import EventVerdict

TOOK_PART_ROUND_S = 15 * 60
"""The time of having taken part is rounded down to this, so that two people's cannot be paired."""
SEQUENCE_DIGITS = 16
"""Sequences are padded to this many digits, so that they sort as text."""
BATCH_MAX = 100
"""The most events in one request."""

TOKEN_RETRY_S = 60.0
"""How long to wait after the token was not accepted: somebody has to do something first."""
RETRY_FIRST_S = 0.5
RETRY_MAX_S = 300.0
RETRY_SPREAD = 0.2
"""Waits after failures double from the first to the longest, and each house stretches them by its own share of this."""

_Fields = Mapping[str, str]


def _arrived(event: Arrived) -> _Fields:
    return {"agency": event.agency}


def _nothing_more(_event: VisitEvent) -> _Fields:
    return {}


def _closed(event: ClosedAutomatically) -> _Fields:
    return {"closed_at": utc_text(event.closed_at)}


def _undone(event: ArrivalUndone | LeavingUndone) -> _Fields:
    return {"undoes": event.undoes}


ALLOWED: Mapping[type[VisitEvent], tuple[str, Callable[..., _Fields]]] = {
    Arrived: ("arrived", _arrived),
    TookPart: ("took_part", _nothing_more),
    Left: ("left", _nothing_more),
    ClosedAutomatically: ("closed_automatically", _closed),
    ArrivalUndone: ("arrival_undone", _undone),
    LeavingUndone: ("leaving_undone", _undone),
}
"""Every kind of event the centre gets, its name there, and what it says beside visit, member and clock."""

TOOK_PART = ALLOWED[TookPart][0]
_TYPE_PREFIX = "se.samverket.visit."


@dataclass(frozen=True, slots=True)
class Identity:
    """Which house this is, under which source, and how often it pushes when all is well."""

    site: SiteId
    source: str
    push_every_s: float
    pull_every_s: float


def visits_taking_part(events: Iterable[Happened]) -> frozenset[VisitId]:
    """Return the visits in which somebody took part."""
    return frozenset(one.visit for one in events if isinstance(one, TookPart))


def project(
    recorded: Sequence[tuple[int, Happened]],
    *,
    site: SiteId,
    source: str,
    sequence: int,
    took_part: AbstractSet[VisitId],
) -> tuple[Outgoing, ...]:
    """Return what the centre gets of these events of the journal, each with its journal sequence, oldest first.

    `sequence` is the last one used for the centre, and the result goes on after it without a gap; `took_part` are the
    visits that the centre has already been told of, for it is told once a visit.
    """
    outgoing: list[Outgoing] = []
    told = set(took_part)
    for journal_seq, event in recorded:
        if not isinstance(event, VisitEvent) or type(event) not in ALLOWED:
            continue
        if isinstance(event, TookPart) and event.visit in told:
            continue
        if isinstance(event, TookPart):
            told.add(event.visit)
        sequence += 1
        outgoing.append(_outgoing(journal_seq, event, site, source, sequence))
    return tuple(outgoing)


def settle(sent: Sequence[Outgoing], verdicts: Sequence[EventVerdict]) -> tuple[Settled, ...]:
    """Return what became of each event sent that has a verdict. One without goes on waiting."""
    said = {one.id: one for one in verdicts}
    return tuple(
        Settled(one.sequence, OutboxState(said[one.event_id].verdict.value), said[one.event_id].reason)
        for one in sent
        if one.event_id in said
    )


def smaller(batch: int) -> int:
    """Return the size to try after a batch was too large or unreadable."""
    return max(1, batch // 2)


def larger(batch: int) -> int:
    """Return the size to try after a batch went well."""
    return min(BATCH_MAX, batch * 2)


def wait_s(problem: Problem, failures: int, source: str) -> float:
    """Return the seconds to wait after that problem: what the centre asks for, else longer with each failure."""
    match problem:
        case Unreachable(after_s=float(asked_s)):
            return asked_s
        case Unauthorised() | Forbidden():
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


def rounded(moment: datetime) -> datetime:
    """Return the moment rounded down to a whole `TOOK_PART_ROUND_S` of the UTC day."""
    into_day = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.replace(microsecond=0) - timedelta(seconds=into_day % TOOK_PART_ROUND_S)


def _outgoing(journal_seq: int, event: VisitEvent, site: SiteId, source: str, sequence: int) -> Outgoing:
    kind, more = ALLOWED[type(event)]
    wall = event.at.wall.astimezone(UTC)
    body = {
        "specversion": "1.0",
        "id": centre_id(event),
        "source": source,
        "type": _TYPE_PREFIX + kind,
        "subject": event.visit,
        "time": utc_text(rounded(wall) if isinstance(event, TookPart) else wall),
        "sequence": f"{sequence:0{SEQUENCE_DIGITS}}",
        "datacontenttype": "application/json",
        "data": {
            "site": site,
            "visit": event.visit,
            "member": event.member,
            "clock": event.at.clock.value,
            **more(event),
        },
    }
    text = msgspec.json.encode(body).decode()
    return Outgoing(sequence, journal_seq, centre_id(event), kind, event.visit, text)
