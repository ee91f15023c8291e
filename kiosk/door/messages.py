"""What is said through the door. The desk parses a line here once; anything else inside is a frozen value."""

from datetime import datetime
from typing import Annotated

import msgspec

from kiosk.domain.answers import Answer
from kiosk.domain.board import Board, Person
from kiosk.domain.erasure import Erasure
from kiosk.domain.events import Why
from kiosk.domain.ids import MEMBER
from kiosk.domain.members import Language
from kiosk.domain.requests import MetSomebody
from kiosk.domain.zones import Words
from kiosk.door.badges import (
    AskBadgeFound,
    AskBadgeLost,
    AskEnrolBadge,
    AskImportBadge,
    SayBadges,
    SayUnknownBadges,
    ShowBadges,
    ShowUnknownBadges,
)
from kiosk.door.base import Ask as Ask  # noqa: PLC0414 - whoever speaks through the door finds it here
from kiosk.door.base import Say as Say  # noqa: PLC0414 - as above
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall, ShowRollCall, TellRollCall

Aware = Annotated[datetime, msgspec.Meta(tz=True)]

LINE_BYTES_MAX = 64 * 1024
"""A longer line is refused and its connection closed: nobody asks for that much."""


class Watch(Ask, frozen=True, tag="watch"):
    """Send me the board's picture now and at every change, and every answer given at these readers; none means all."""

    readers: tuple[str, ...] = ()


class ShowBoard(Ask, frozen=True, tag="board"):
    """Send me the board's picture once."""


class ShowPeople(Ask, frozen=True, tag="people"):
    """Send me who is in the house. The desk writes one line in the access log: who asked, and for which purpose."""

    by: str
    purpose: str


class RemoveOld(Ask, frozen=True, tag="remove_old"):
    """Remove a little more of what has been kept long enough; ask again while there is more."""


class ErasePerson(Ask, frozen=True, tag="erase_person"):
    """Erase all that the house keeps of a member, by the deletion decision referred to."""

    member: str
    decision: str
    by: str


class NoteAccess(Ask, frozen=True, tag="note_access"):
    """Write down that I am going to look at personal data in the files: what, for which purpose, about which member."""

    by: str
    what: str
    purpose: str
    about: str | None = None


class ScriptedTap(Ask, frozen=True, tag="tap"):
    """Show the badge with this UID (hex) to a scripted reader."""

    reader: str
    uid: str


class AskJoinZone(Ask, frozen=True, tag="join_zone"):
    """Ask for `JoinZone`."""

    visit: str
    zone: str
    by: str = MEMBER


class AskLeaveZone(Ask, frozen=True, tag="leave_zone"):
    """Ask for `LeaveZone`."""

    visit: str
    by: str = MEMBER


class AskLeave(Ask, frozen=True, tag="leave"):
    """Ask for `Leave`."""

    visit: str
    by: str = MEMBER


class AskUndo(Ask, frozen=True, tag="undo"):
    """Ask for `Undo`."""

    visit: str
    by: str = MEMBER


class AskConfirm(Ask, frozen=True, tag="confirm"):
    """Ask for `Confirm`."""

    visit: str
    by: str


class AskCheckIn(Ask, frozen=True, tag="check_in"):
    """Ask for `CheckIn`."""

    member: str
    by: str


class AskChooseNaming(Ask, frozen=True, tag="choose_naming"):
    """Ask for `ChooseNaming`."""

    visit: str
    shown: bool
    by: str = MEMBER


class AskChooseOffers(Ask, frozen=True, tag="choose_offers"):
    """Ask for `ChooseOffers`."""

    visit: str
    wanted: bool
    by: str = MEMBER


class AskChooseLanguage(Ask, frozen=True, tag="choose_language"):
    """Ask for `ChooseLanguage`."""

    visit: str
    language: Language
    by: str = MEMBER


class AskAnswerExit(Ask, frozen=True, tag="answer_exit"):
    """Ask for `AnswerExit`."""

    met: MetSomebody


class AskCorrectArrival(Ask, frozen=True, tag="correct_arrival"):
    """Ask for `CorrectArrival`; the time is aware."""

    visit: str
    arrived_at: Aware
    why: Why
    by: str


class AskCorrectLeaving(Ask, frozen=True, tag="correct_leaving"):
    """Ask for `CorrectLeaving`; the time is aware."""

    visit: str
    left_at: Aware
    why: Why
    by: str


class AskAnnulVisit(Ask, frozen=True, tag="annul_visit"):
    """Ask for `AnnulVisit`."""

    visit: str
    why: Why
    by: str


class AskClearVisit(Ask, frozen=True, tag="clear_visit"):
    """Ask for `ClearVisit`."""

    visit: str
    by: str


class AskLetGuestIn(Ask, frozen=True, tag="let_guest_in"):
    """Ask for `LetGuestIn`."""

    visit: str
    name: str
    by: str


class AskLetGuestOut(Ask, frozen=True, tag="let_guest_out"):
    """Ask for `LetGuestOut`."""

    guest: str
    by: str


class AskMoveGuest(Ask, frozen=True, tag="move_guest"):
    """Ask for `MoveGuest`."""

    guest: str
    zone: str
    by: str


class AskHandGuestOver(Ask, frozen=True, tag="hand_guest_over"):
    """Ask for `HandGuestOver`."""

    guest: str
    visit: str
    by: str


class AskPlanActivity(Ask, frozen=True, tag="plan_activity"):
    """Ask for `PlanActivity`; the times are aware."""

    zone: str
    title: Words
    starts_at: Aware
    ends_at: Aware
    by: str


class AskCancelActivity(Ask, frozen=True, tag="cancel_activity"):
    """Ask for `CancelActivity`."""

    activity: str
    by: str


class AskLiftBrake(Ask, frozen=True, tag="lift_brake"):
    """Ask for `LiftBrake`."""

    removal: Annotated[str, msgspec.Meta(pattern="^[0-9A-F]{8}$")]
    by: str


class AskRetryQuarantine(Ask, frozen=True, tag="retry_quarantine"):
    """Ask for `RetryQuarantine`."""

    by: str


AskedOfDesk = (
    AskJoinZone
    | AskLeaveZone
    | AskLeave
    | AskUndo
    | AskConfirm
    | AskCheckIn
    | AskChooseNaming
    | AskChooseOffers
    | AskChooseLanguage
    | AskAnswerExit
    | AskCorrectArrival
    | AskCorrectLeaving
    | AskAnnulVisit
    | AskClearVisit
    | AskLetGuestIn
    | AskLetGuestOut
    | AskMoveGuest
    | AskHandGuestOver
    | AskPlanActivity
    | AskCancelActivity
    | AskLiftBrake
    | AskRetryQuarantine
    | AskEnrolBadge
    | AskImportBadge
    | AskBadgeLost
    | AskBadgeFound
)
"""What becomes a request that the desk decides."""

AskedOfKeeping = RemoveOld | ErasePerson | NoteAccess
"""What is about data already kept."""

AskedOfBadges = ShowUnknownBadges | ShowBadges
"""What is about badges, and changes nothing."""

AskedOfRollCall = OpenRollCall | TellRollCall | ShowRollCall | EndRollCall
"""What is about a roll call."""

Asked = Watch | ShowBoard | ShowPeople | ScriptedTap | AskedOfKeeping | AskedOfBadges | AskedOfRollCall | AskedOfDesk


class SayAnswer(Say, frozen=True, tag="answer"):
    """What happened to a request; `answer.request` is the id it was asked with, or made by the reader."""

    answer: Answer


class SayBoard(Say, frozen=True, tag="board"):
    """The house as it is now."""

    board: Board


class SayPeople(Say, frozen=True, tag="people"):
    """Who is in the house."""

    re: str
    people: tuple[Person, ...]


class SayRemoved(Say, frozen=True, tag="removed"):
    """What has been kept long enough was removed, or some of it."""

    re: str
    is_more: bool


class SayErased(Say, frozen=True, tag="erased"):
    """What became of the wish to erase somebody."""

    re: str
    outcome: Erasure


class SayAccepted(Say, frozen=True, tag="accepted"):
    """Done; or the scripted tap has reached the reader, and its answer comes to those who watch."""

    re: str


class SayError(Say, frozen=True, tag="error"):
    """The line could not be understood or obeyed; `text` says why. `re` is None if not even its id could be read."""

    re: str | None
    text: str


Said = (
    SayAnswer
    | SayBoard
    | SayPeople
    | SayAccepted
    | SayRemoved
    | SayErased
    | SayUnknownBadges
    | SayBadges
    | SayRollCall
    | SayError
)

_asked: msgspec.json.Decoder[Asked] = msgspec.json.Decoder(Asked)
_said: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)


def decode_asked(line: bytes) -> Asked:
    """Return what a client said, or raise `msgspec.MsgspecError` with the reason."""
    return _asked.decode(line)


def decode_said(line: bytes) -> Said:
    """Return what the desk said, or raise `msgspec.MsgspecError` with the reason."""
    return _said.decode(line)


def encode(message: Ask | Say) -> bytes:
    """Return the message as one line."""
    return msgspec.json.encode(message) + b"\n"
