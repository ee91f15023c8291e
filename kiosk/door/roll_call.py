"""What is said through the door about roll calls: whose list, who has been found, and the end."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from kiosk.domain.roll_call import RollCall, Tick
from kiosk.door.base import Ask, Say

TICKS_SENT_MAX = 100
"""Ticks in one message; whoever has more says them in several."""

CallId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class OpenRollCall(Ask, frozen=True, tag="open_roll_call"):
    """Begin a roll call, or give me the one of that kind that runs. The desk writes one line in the access log.

    Either `by` asks, a host at a board, or the host whose `visit` it is, at the screen. `call` is the id of a new one.
    """

    call: CallId
    is_drill: bool
    by: str | None = None
    visit: str | None = None


class CallHead(msgspec.Struct, frozen=True):
    """Which roll call: its id and kind, its times (aware; `ended` None while it runs), and the host who began it."""

    id: CallId
    is_drill: bool
    began: Aware
    host: Annotated[str, msgspec.Meta(max_length=64)]
    ended: Aware | None = None


class TellRollCall(Ask, frozen=True, tag="tell_roll_call"):
    """I have these ticks of that roll call; give me all that is known of it. One that is not known is taken up."""

    call: CallHead
    ticks: Annotated[tuple[Tick, ...], msgspec.Meta(max_length=TICKS_SENT_MAX)] = ()


class ShowRollCall(Ask, frozen=True, tag="show_roll_call"):
    """Give me all that is known of that roll call."""

    call: CallId


class EndRollCall(Ask, frozen=True, tag="end_roll_call"):
    """End that roll call; ending twice is safe. The desk writes one line in the access log."""

    call: CallId
    by: str


class SayRollCall(Say, frozen=True, tag="roll_call"):
    """A roll call, whole, and the name of the host who asked for it at the screen."""

    re: str
    call: RollCall
    host: str = ""


def head_of(call: RollCall) -> CallHead:
    """Return which roll call it is."""
    return CallHead(id=call.id, is_drill=call.is_drill, began=call.began, host=call.host, ended=call.ended)


def tells(call: RollCall, ticks: Sequence[Tick], new_id: Callable[[], str]) -> Iterator[TellRollCall]:
    """Yield what tells the desk of these ticks of a roll call, in as many messages as needed; of none in one."""
    head = head_of(call)
    for at in range(0, max(1, len(ticks)), TICKS_SENT_MAX):
        yield TellRollCall(id=new_id(), call=head, ticks=tuple(ticks[at : at + TICKS_SENT_MAX]))
