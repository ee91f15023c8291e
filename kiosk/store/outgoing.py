"""What waits for the centre, as values: apart from the store, so that the plan of what to send stays pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import BootId, EventId, VisitId
from kiosk.domain.instant import Instant


class OutboxState(StrEnum):
    """What became of an event. `invalid` ones are quarantined here, visibly, until somebody asks to try them again."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    DISPUTED = "disputed"
    INVALID = "invalid"


AT_CENTRE = (OutboxState.ACCEPTED, OutboxState.DUPLICATE, OutboxState.DISPUTED)
"""The states of an event that the centre has."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event for the centre: `body` is the JSON that is sent, the same at every attempt.

    `at` is when it happened as the house's clocks had it; None if that is not kept.
    """

    sequence: int
    journal_seq: int
    event_id: EventId
    kind: str
    visit: VisitId
    body: str
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One event that is held back for a while, and has no sequence yet, so that neither tells when it happened."""

    journal_seq: int
    event_id: EventId
    kind: str
    visit: VisitId
    body: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the event with that sequence, and why."""

    sequence: int
    state: OutboxState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BootTime:
    """What is known of one boot: `elapsed_s` after it, the centre's clock said `server`, to within `error_s` seconds.

    `last_server` is the latest time the centre told in that boot. All are None of a boot in which it told none.
    """

    boot: BootId
    elapsed_s: float | None = None
    server: datetime | None = None
    error_s: float | None = None
    last_server: datetime | None = None
