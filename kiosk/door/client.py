"""The client's side of the door, for commands: blocking, with every wait bounded."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Self, assert_never

import msgspec

from kiosk.door.badges import SayBadges, SayUnknownBadges
from kiosk.door.messages import (
    LINE_BYTES_MAX,
    Ask,
    Said,
    SayAccepted,
    SayAnswer,
    SayBoard,
    SayErased,
    SayError,
    SayPeople,
    SayRemoved,
    ShowBoard,
    Watch,
    decode_said,
    encode,
)
from kiosk.door.roll_call import SayRollCall

ANSWER_TIMEOUT_S = 5.0


class DoorClosedError(Exception):
    """The desk cannot be reached, or went away; the text says which."""


class DoorClient:
    """One conversation with the desk."""

    def __init__(self, path: Path, timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """Connect, or raise `DoorClosedError`."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            message = f"the desk does not answer at {path}: is `samverk desk` running?"
            raise DoorClosedError(message) from error
        self._lines = self._socket.makefile("rb")

    def say(self, ask: Ask) -> None:
        """Send one message."""
        try:
            self._socket.sendall(encode(ask))
        except OSError as error:
            message = "the desk went away"
            raise DoorClosedError(message) from error

    def hear(self) -> Said:
        """Return the next message from the desk, or raise `DoorClosedError` when none comes in time."""
        try:
            line = self._lines.readline(LINE_BYTES_MAX * 16)
        except OSError as error:
            message = "the desk did not answer in time"
            raise DoorClosedError(message) from error
        return parsed(line)

    def ask(self, ask: Ask) -> Said:
        """Send one message and return the reply to it, passing over anything else that is heard meanwhile."""
        self.say(ask)
        while True:
            said = self.hear()
            if replies(said, ask):
                return said

    def close(self) -> None:
        """End the conversation. Closing twice is safe."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Self:
        """Return the open conversation."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the conversation."""
        self.close()


def replies(said: Said, ask: Ask) -> bool:
    """Return whether what was said is the reply to what was asked."""
    match said:
        case SayAnswer(answer=answer):
            return answer.request == ask.id
        case SayPeople(re=re) | SayRollCall(re=re):
            return re == ask.id
        case SayAccepted(re=re) | SayRemoved(re=re) | SayErased(re=re) | SayUnknownBadges(re=re) | SayBadges(re=re):
            return re == ask.id
        case SayError(re=re):
            return re in {ask.id, None}
        case SayBoard():
            return isinstance(ask, Watch | ShowBoard)
        case _:
            assert_never(said)


def parsed(line: bytes) -> Said:
    """Return what one line says, or raise `DoorClosedError` if it is no whole line or not understood."""
    if not line.endswith(b"\n"):
        message = "the desk went away"
        raise DoorClosedError(message)
    try:
        return decode_said(line)
    except msgspec.MsgspecError as error:
        message = f"the desk said something this version does not understand ({error})"
        raise DoorClosedError(message) from error
