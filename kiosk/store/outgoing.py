"""What waits for the centre, as values: apart from the store, so that the plan of what to send stays pure."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ids import EventId, VisitId


class OutboxState(StrEnum):
    """What became of an event. All but `waiting` are final; `invalid` ones are quarantined here, visibly."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    DISPUTED = "disputed"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event for the centre: `body` is the JSON that is sent, the same at every attempt."""

    sequence: int
    journal_seq: int
    event_id: EventId
    kind: str
    visit: VisitId
    body: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the event with that sequence, and why."""

    sequence: int
    state: OutboxState
    reason: str = ""
