"""What the screen can show, as frozen values, and what a person can do on each. No drawing and no clock here."""

from dataclasses import dataclass

from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Board, ReaderState
from kiosk.domain.ids import VisitId, ZoneId
from kiosk.domain.members import Language

CHOICES_MAX = 9
"""One key each. The path of a house is shorter."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The desk has not answered yet, and there was hardly time."""

    language: Language


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody is at the reader: this place, its zones, and what to do."""

    board: Board
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What happened, to one person. `undo_s` and `again_s` are seconds left; `roster_age_s` only if rights are old."""

    answer: Answer
    language: Language
    undo_s: int = 0
    again_s: int = 0
    can_ask: bool = True
    roster_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, and what to do now."""

    answer: Answer
    language: Language


@dataclass(frozen=True, slots=True)
class ReaderDown:
    """The reader beside this screen cannot read badges; `since` is local time in words, empty if not known."""

    state: ReaderState
    since: str
    language: Language


@dataclass(frozen=True, slots=True)
class DeskDown:
    """The desk does not answer. Nothing that was live may be shown."""

    since: str
    language: Language


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong in this program. Calm words, and no detail."""

    language: Language


Page = Starting | Waiting | Answered | Refused | ReaderDown | DeskDown | Fault


@dataclass(frozen=True, slots=True)
class JoinZone:
    """Join the zone."""

    visit: VisitId
    zone: ZoneId


@dataclass(frozen=True, slots=True)
class LeaveZone:
    """Leave the zone joined, and stay in the house."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class Leave:
    """Check out."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the arrival or the leaving."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class ShowBadge:
    """Show an example badge to the scripted reader, in a demonstration."""

    uid: str


@dataclass(frozen=True, slots=True)
class Done:
    """Put the answer away."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """Show the same in the other language."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the program, where that is allowed."""


Action = JoinZone | LeaveZone | Leave | Undo | ShowBadge | Done | SwitchLanguage | Quit


def zone_actions(page: Page) -> dict[str, Action]:
    """Return what each digit does to zones on this page: join one, or leave the one that is joined."""
    if not isinstance(page, Answered) or not page.can_ask or not _offers_zones(page.answer):
        return {}
    visit = page.answer.visit
    assert visit is not None  # noqa: S101 - narrows for the type checker; `_offers_zones` has looked
    return {
        str(number): LeaveZone(visit) if one.id == page.answer.zone else JoinZone(visit, one.id)
        for number, one in enumerate(page.answer.zones[:CHOICES_MAX], start=1)
    }


def own_actions(page: Page) -> dict[str, Action]:
    """Return what the other keys do on this page, apart from zones, example badges and quitting."""
    if isinstance(page, Answered):
        return _answer_actions(page)
    if isinstance(page, Refused):
        return {"enter": Done(), "s": SwitchLanguage()}
    return {"s": SwitchLanguage()} if isinstance(page, Waiting) else {}


def _answer_actions(page: Answered) -> dict[str, Action]:
    visit = page.answer.visit
    actions: dict[str, Action] = {}
    if visit is not None and page.can_ask and page.undo_s:
        actions["u"] = Undo(visit)
    if visit is not None and page.can_ask and page.answer.outcome is Outcome.ALREADY_IN:
        actions["0"] = Leave(visit)
    return actions | {"enter": Done(), "s": SwitchLanguage()}


def _offers_zones(answer: Answer) -> bool:
    asks = answer.outcome in {Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.LEFT_ZONE, Outcome.LEAVING_UNDONE}
    return asks and answer.visit is not None and bool(answer.zones)
