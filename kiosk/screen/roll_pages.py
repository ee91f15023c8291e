"""The pages of a host's roll call, as frozen values, and what a host can do on them. No drawing and no clock here."""

from dataclasses import dataclass

from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import VisitId
from kiosk.domain.members import Language

ROOM_MAX = 9
"""People of a roll call on one page: one key each."""


@dataclass(frozen=True, slots=True)
class RollStart:
    """A host is asked whether the roll call is live or a drill, once more if the desk could not begin it.

    `turn` and `closes_s` as in `Answered`.
    """

    visit: VisitId
    language: Language
    can_ask: bool = True
    turn: int = 0
    closes_s: int | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RollList:
    """A roll call as it runs: everybody on the list in the order shown, from the one at `first` on as many as fit.

    `found` holds the keys of those found, `room` how many fit; `can_ask` is False while the desk is away.
    `closes_s` as in `Answered`.
    """

    is_drill: bool
    people: tuple[Sought, ...]
    found: frozenset[str]
    language: Language
    first: int = 0
    room: int = ROOM_MAX
    can_ask: bool = True
    closes_s: int | None = None

    @property
    def left(self) -> int:
        """Return how many have not been found."""
        return sum(one.key not in self.found for one in self.people)

    @property
    def shown(self) -> tuple[Sought, ...]:
        """Return those who stand on the page now, a key each."""
        return self.people[self.first : self.first + max(1, min(self.room, ROOM_MAX))]


@dataclass(frozen=True, slots=True)
class RollEnd:
    """A host is asked whether the roll call is over; so many have not been found. The rest as in `Answered`."""

    is_drill: bool
    left: int
    language: Language
    turn: int = 0
    closes_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollReport:
    """How a roll call ended: how many were found, and who was not. `turn` and `closes_s` as in `Answered`."""

    is_drill: bool
    sought: int
    found: int
    missing: tuple[Sought, ...]
    language: Language
    turn: int = 0
    closes_s: int | None = None


RollPage = RollStart | RollList | RollEnd | RollReport


@dataclass(frozen=True, slots=True)
class CallRoll:
    """Call the roll, as the host whose visit that is."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class OpenRoll:
    """Begin a roll call or join the one of that kind."""

    visit: VisitId
    is_drill: bool


@dataclass(frozen=True, slots=True)
class MarkPerson:
    """Tick somebody of the roll call off as found, or take that back; `person` is `Sought.key`."""

    person: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class AskEnd:
    """Ask whether the roll call is to be ended, or no longer."""

    is_asked: bool


@dataclass(frozen=True, slots=True)
class EndRoll:
    """End the roll call."""


RollAction = CallRoll | OpenRoll | MarkPerson | AskEnd | EndRoll
"""What is done about a roll call."""
