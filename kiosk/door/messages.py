"""What is said through the door. The desk parses a line here once; anything else inside is a frozen value."""

import msgspec

from kiosk.domain.answers import Answer
from kiosk.domain.board import Board, Person
from kiosk.domain.ids import MEMBER

LINE_BYTES_MAX = 64 * 1024
"""A longer line is refused and its connection closed: nobody asks for that much."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    """Anything a client may say. `id` comes back with the answer."""

    id: str


class Watch(Ask, frozen=True, tag="watch"):
    """Send me the board's picture now and at every change, and every answer given at these readers; none means all."""

    readers: tuple[str, ...] = ()


class ShowBoard(Ask, frozen=True, tag="board"):
    """Send me the board's picture once."""


class ShowPeople(Ask, frozen=True, tag="people"):
    """Send me who is in the house. The desk writes one line in the access log: who asked, and for which purpose."""

    by: str
    purpose: str


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


Asked = (
    Watch
    | ShowBoard
    | ShowPeople
    | ScriptedTap
    | AskJoinZone
    | AskLeaveZone
    | AskLeave
    | AskUndo
    | AskConfirm
    | AskCheckIn
)


class Say(msgspec.Struct, frozen=True, tag_field="say"):
    """Anything the desk may say."""


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


class SayAccepted(Say, frozen=True, tag="accepted"):
    """The scripted tap has reached the reader; its answer comes to those who watch."""

    re: str


class SayError(Say, frozen=True, tag="error"):
    """The line could not be understood or obeyed; `text` says why. `re` is None if not even its id could be read."""

    re: str | None
    text: str


Said = SayAnswer | SayBoard | SayPeople | SayAccepted | SayError

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
