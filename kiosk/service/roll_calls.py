"""What is asked at the door about roll calls."""

from kiosk.desk.calling import Opened, Opening
from kiosk.desk.worker import Errand, Worker
from kiosk.domain.ids import Actor, VisitId
from kiosk.domain.roll_call import RollCall
from kiosk.door import messages as said
from kiosk.door.connection import Connection
from kiosk.door.roll_call import CallHead, EndRollCall, OpenRollCall, SayRollCall, ShowRollCall, TellRollCall
from kiosk.service.keeping import reply

NO_CALL = "no host asked for it, or the roll call is not known here"


def roll_call(asked: said.AskedOfRollCall, worker: Worker, connection: Connection) -> None:
    """Let the desk do it, and tell the client how the roll call stands."""
    answer = reply(connection, asked.id, _told)
    match asked:
        case OpenRollCall():
            opening = Opening(
                call=asked.call,
                is_drill=asked.is_drill,
                by=Actor(asked.by) if asked.by else None,
                visit=VisitId(asked.visit) if asked.visit else None,
            )
            is_taken = worker.submit(Errand(lambda desk, now: desk.open_roll_call(opening, now), answer))
        case TellRollCall():
            told = _call(asked.call, asked)
            is_taken = worker.submit(Errand(lambda desk, now: desk.tell_roll_call(told, now), answer))
        case ShowRollCall(call=call):
            is_taken = worker.submit(Errand(lambda desk, _now: desk.roll_call(call), answer))
        case EndRollCall(call=call):
            by = Actor(asked.by)
            is_taken = worker.submit(Errand(lambda desk, now: desk.end_roll_call(call, by, now), answer))
    if not is_taken:
        connection.send(said.SayError(asked.id, "the desk is busy: ask again"))


def _call(head: CallHead, asked: TellRollCall) -> RollCall:
    return RollCall(
        id=head.id,
        is_drill=head.is_drill,
        began=head.began,
        ended=head.ended,
        host=head.host,
        ticks=asked.ticks,
    )


def _told(re: str, opened: Opened) -> said.Say:
    if opened.call is None:
        return said.SayError(re, NO_CALL)
    return SayRollCall(re, opened.call, opened.host)
