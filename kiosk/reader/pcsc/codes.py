"""What is done about each PC/SC code: a table, shown in docs/reader.md. A code that is not here is never ignored."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.reasons import Reason


class Reaction(StrEnum):
    """What the reader thread does when a call answers with a code. None of them ends the thread."""

    CARRY_ON = "carry on"
    RETRY = "try once more, then ask the person"
    ASK_AGAIN = "ask the person to try again"
    RELIST = "list the readers again"
    RECONNECT = "say that the daemon is gone, and connect anew"
    ALARM = "say that there is a fault, tell the operator how to mend it, and connect anew"
    REBUILD = "say that there is a fault, and connect anew"


LOSES_CONTEXT = frozenset({Reaction.RECONNECT, Reaction.ALARM, Reaction.REBUILD})
"""After these the context is released and another one established."""


@dataclass(frozen=True, slots=True)
class Code:
    """One PC/SC code: its name in pcsclite.h, the reaction, what it means here, and what a person is told."""

    name: str
    reaction: Reaction
    meaning: str
    reason: Reason = Reason.CARD_UNREADABLE


SUCCESS = 0x00000000
CANCELLED = 0x80100002
NO_READERS = 0x8010002E
NO_SERVICE = 0x8010001D
UNKNOWN_READER = 0x80100009
UNPOWERED_CARD = 0x80100067

CODES: dict[int, Code] = {
    SUCCESS: Code("SCARD_S_SUCCESS", Reaction.CARRY_ON, "done"),
    0x8010000A: Code("SCARD_E_TIMEOUT", Reaction.CARRY_ON, "nothing happened for a whole wait"),
    CANCELLED: Code("SCARD_E_CANCELLED", Reaction.CARRY_ON, "somebody asked the thread to stop"),
    UNPOWERED_CARD: Code("SCARD_W_UNPOWERED_CARD", Reaction.RETRY, "the card was not powered up in time"),
    0x80100068: Code("SCARD_W_RESET_CARD", Reaction.RETRY, "another program reset the card"),
    0x80100016: Code("SCARD_E_NOT_TRANSACTED", Reaction.RETRY, "the exchange with the card broke off"),
    0x80100010: Code("SCARD_E_NOT_READY", Reaction.RETRY, "the reader is not ready yet"),
    0x8010000F: Code("SCARD_E_PROTO_MISMATCH", Reaction.RETRY, "the card gave no protocol we know"),
    0x80100066: Code(
        "SCARD_W_UNRESPONSIVE_CARD", Reaction.RETRY, "a card is there and mute: mostly two at once", Reason.CARD_CLASH
    ),
    0x8010000B: Code(
        "SCARD_E_SHARING_VIOLATION", Reaction.RETRY, "another program holds the reader for itself", Reason.FAULT
    ),
    0x8010000C: Code("SCARD_E_NO_SMARTCARD", Reaction.ASK_AGAIN, "the card left before it could be read"),
    0x80100069: Code("SCARD_W_REMOVED_CARD", Reaction.ASK_AGAIN, "the card left while it was read"),
    0x80100065: Code("SCARD_W_UNSUPPORTED_CARD", Reaction.ASK_AGAIN, "the reader cannot talk to such a card"),
    UNKNOWN_READER: Code("SCARD_E_UNKNOWN_READER", Reaction.RELIST, "the reader was unplugged"),
    0x80100017: Code("SCARD_E_READER_UNAVAILABLE", Reaction.RELIST, "the reader was unplugged while in use"),
    NO_READERS: Code("SCARD_E_NO_READERS_AVAILABLE", Reaction.RELIST, "no reader is plugged in"),
    0x80100013: Code("SCARD_F_COMM_ERROR", Reaction.RECONNECT, "the daemon went away during a call"),
    NO_SERVICE: Code("SCARD_E_NO_SERVICE", Reaction.RECONNECT, "the daemon is not running, or was started anew"),
    0x8010001E: Code("SCARD_E_SERVICE_STOPPED", Reaction.RECONNECT, "the daemon was stopped"),
    0x80100003: Code("SCARD_E_INVALID_HANDLE", Reaction.REBUILD, "the context is no longer valid", Reason.FAULT),
    0x8010006A: Code(
        "SCARD_W_SECURITY_VIOLATION",
        Reaction.ALARM,
        "access denied: pcscd's polkit rule, or all its 200 contexts are taken",
        Reason.FAULT,
    ),
    0x80100027: Code("SCARD_E_NO_ACCESS", Reaction.ALARM, "access to the daemon's socket denied", Reason.FAULT),
}


def reaction_to(code: int) -> Reaction:
    """Return what to do about a code; one that nobody foresaw rebuilds the context."""
    return CODES[code].reaction if code in CODES else Reaction.REBUILD


def reason_for(code: int) -> Reason:
    """Return what to tell a person whose card could not be read because of this code."""
    return CODES[code].reason if code in CODES else Reason.FAULT


def described(code: int) -> str:
    """Return a code for the log: its number, its name and what it means here."""
    known = CODES.get(code)
    return f"0x{code:08X} {known.name} ({known.meaning})" if known else f"0x{code:08X} (not in the table)"
