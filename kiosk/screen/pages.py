"""What the screen can show, as frozen values, and what a person can do on each. No drawing and no clock here."""

from dataclasses import dataclass

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.board import Board, ReaderState
from kiosk.domain.ids import VisitId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.requests import MetSomebody
from kiosk.look.texts import Note
from kiosk.look.words import other
from kiosk.screen.roll_pages import (
    AskEnd,
    CallRoll,
    EndRoll,
    MarkPerson,
    OpenRoll,
    RollAction,
    RollEnd,
    RollList,
    RollPage,
    RollReport,
    RollStart,
)

INSIDE = frozenset(
    {Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.JOINED, Outcome.LEFT_ZONE, Outcome.LEAVING_UNDONE, Outcome.CHOSEN}
)
"""After these the member is in the house, and may choose how to be met."""
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
    """What happened, to one person. `undo_s` and `again_s` are seconds left; `roster_age_s` only if rights are old.

    `note` is what became of the last choice made here, `asks_exit` that the question at the exit stands unanswered.
    `turn` is how often more was asked for where not everything fits, `closes_s` seconds left once that is warned of.
    `reader` is how the reader beside the screen is, if it cannot read: whoever comes next must be able to see it.
    """

    answer: Answer
    language: Language
    undo_s: int = 0
    again_s: int = 0
    can_ask: bool = True
    roster_age_s: float | None = None
    note: Note | None = None
    asks_exit: bool = False
    turn: int = 0
    closes_s: int | None = None
    reader: ReaderState | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, and what to do now. `turn`, `closes_s` and `reader` as in `Answered`."""

    answer: Answer
    language: Language
    turn: int = 0
    closes_s: int | None = None
    reader: ReaderState | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is kept about whoever comes here, and for how long. `turn`, `closes_s` and `reader` as in `Answered`."""

    language: Language
    turn: int = 0
    closes_s: int | None = None
    reader: ReaderState | None = None


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


Page = Starting | Waiting | Answered | Refused | About | ReaderDown | DeskDown | Fault | RollPage


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
class ChooseNaming:
    """Let others read one's name today, or not."""

    visit: VisitId
    shown: bool


@dataclass(frozen=True, slots=True)
class ChooseOffers:
    """Be offered zones, or be let be."""

    visit: VisitId
    wanted: bool


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Be answered in this language from now on."""

    visit: VisitId
    language: Language


@dataclass(frozen=True, slots=True)
class AnswerExit:
    """Answer whether one met somebody new. Not wanting to answer is an answer too."""

    met: MetSomebody


@dataclass(frozen=True, slots=True)
class ShowBadge:
    """Show an example badge to the scripted reader, in a demonstration."""

    uid: str


@dataclass(frozen=True, slots=True)
class Done:
    """Put the page away."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """Show the same in the other language."""


@dataclass(frozen=True, slots=True)
class ShowAbout:
    """Show what is kept about people here."""


@dataclass(frozen=True, slots=True)
class More:
    """Show the rest of a page that does not fit."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Begin to speak every page, or stop it."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Speak the page again."""


@dataclass(frozen=True, slots=True)
class Louder:
    """Speak and sound louder; after the loudest comes the softest."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the program, where that is allowed."""


Choice = ChooseNaming | ChooseOffers | ChooseLanguage | AnswerExit
"""What changes an answer on show without taking its place."""

Wish = JoinZone | LeaveZone | Leave | Undo | Choice | ShowBadge
"""What the desk is asked for."""

Action = Wish | RollAction | Done | SwitchLanguage | ShowAbout | More | Speak | Repeat | Louder | Quit


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
    """Return what the other keys do on this page, in the order they are shown.

    Not here: zones, example badges, and what works on every page - speech, sound, more, and the end.
    """
    match page:
        case Answered():
            return _answer_actions(page)
        case Refused() | About():
            return {"enter": Done(), "s": SwitchLanguage()}
        case Waiting():
            return {"s": SwitchLanguage(), "i": ShowAbout()}
        case RollStart() | RollList() | RollEnd() | RollReport():
            return _roll_actions(page)
        case _:
            return {}


def _roll_actions(page: RollPage) -> dict[str, Action]:
    match page:
        case RollStart(visit=visit):
            kinds: dict[str, Action] = {"1": OpenRoll(visit, is_drill=False), "2": OpenRoll(visit, is_drill=True)}
            return (kinds if page.can_ask else {}) | {"enter": Done(), "s": SwitchLanguage()}
        case RollList():
            marks: dict[str, Action] = {
                str(at): MarkPerson(one.key, is_found=one.key not in page.found)
                for at, one in enumerate(page.shown, start=1)
            }
            ends: dict[str, Action] = {"e": AskEnd(is_asked=True)} if page.can_ask else {}
            return marks | ends | {"enter": Done()}
        case RollEnd():
            return {"j": EndRoll(), "enter": AskEnd(is_asked=False)}
        case RollReport():
            return {"enter": Done()}


def _answer_actions(page: Answered) -> dict[str, Action]:
    visit = page.answer.visit
    may_call = visit is not None and page.can_ask and page.answer.may_call_roll
    return ({"e": CallRoll(visit)} if visit is not None and may_call else {}) | _visit_actions(page)


def _visit_actions(page: Answered) -> dict[str, Action]:
    visit = page.answer.visit
    actions: dict[str, Action] = {}
    if visit is not None and page.can_ask and page.undo_s:
        actions["u"] = Undo(visit)
    if visit is not None and page.can_ask and page.answer.outcome is Outcome.ALREADY_IN:
        actions["0"] = Leave(visit)
    if page.can_ask and page.asks_exit:
        answers: dict[str, Action] = {"j": AnswerExit(MetSomebody.YES), "n": AnswerExit(MetSomebody.NO)}
        return answers | {"enter": AnswerExit(MetSomebody.SKIPPED)} | actions | {"s": SwitchLanguage()}
    if visit is not None and page.can_ask and page.answer.outcome in INSIDE:
        return actions | _choices(visit, page) | {"enter": Done()}
    return actions | {"enter": Done(), "s": SwitchLanguage()}


def _choices(visit: VisitId, page: Answered) -> dict[str, Action]:
    """Return what a member in the house may choose about how to be met."""
    offers = page.answer.offers
    choices: dict[str, Action] = {"n": ChooseNaming(visit, shown=not page.answer.named)}
    if offers is not Offers.ENDED:
        choices["l"] = ChooseOffers(visit, wanted=False)
    if offers is not Offers.WANTED:
        choices["f"] = ChooseOffers(visit, wanted=True)
    return choices | {"s": ChooseLanguage(visit, other(page.language))}


def _offers_zones(answer: Answer) -> bool:
    asks = answer.outcome in {Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.LEFT_ZONE, Outcome.LEAVING_UNDONE}
    return asks and answer.visit is not None and bool(answer.zones)
