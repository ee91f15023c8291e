"""What is asked at the door about data already kept: removing, erasing, and writing down who looks at it."""

from collections.abc import Callable
from typing import TypeVar, assert_never

from kiosk.desk.keeping import Order
from kiosk.desk.worker import Errand, Worker
from kiosk.domain.ids import Actor, MemberId
from kiosk.door import messages as said
from kiosk.door.connection import Connection

TEXT_MAX = 200
"""The longest purpose, in characters: a reason, not a story."""

NO_PURPOSE = f"say what for, in at most {TEXT_MAX} characters: nothing was shown"
"""What is said to whoever wants to look at people for no reason."""

Done = TypeVar("Done")


def is_purpose(text: str) -> bool:
    """Return whether that can stand in the access log as what somebody looked for."""
    return 0 < len(text.strip()) <= TEXT_MAX


def keep(asked: said.AskedOfKeeping, worker: Worker, connection: Connection) -> None:
    """Let the desk do it, and tell the client what became of it."""

    def submit(errand: Errand[Done]) -> None:
        if not worker.submit(errand):
            connection.send(said.SayError(asked.id, "the desk is busy: ask again"))

    match asked:
        case said.RemoveOld():
            submit(Errand(lambda desk, now: desk.remove_old(now), reply(connection, asked.id, said.SayRemoved)))
        case said.ErasePerson():
            order = Order(member=MemberId(asked.member), decision=asked.decision, by=Actor(asked.by))
            submit(Errand(lambda desk, now: desk.erase(order, now), reply(connection, asked.id, said.SayErased)))
        case said.NoteAccess():
            _note(asked, connection, submit)
        case _:
            assert_never(asked)


def _note(asked: said.NoteAccess, connection: Connection, submit: Callable[[Errand[bool]], None]) -> None:
    if not is_purpose(asked.purpose) or not is_purpose(asked.what):
        connection.send(said.SayError(asked.id, NO_PURPOSE))
        return
    about = MemberId(asked.about) if asked.about else None
    by, what, purpose = Actor(asked.by), asked.what, asked.purpose

    def accepted(re: str, _done: bool) -> said.SayAccepted:  # noqa: FBT001 - what an errand has done
        return said.SayAccepted(re)

    submit(
        Errand(lambda desk, now: desk.note_access(by, what, purpose, about, now), reply(connection, asked.id, accepted))
    )


def reply(connection: Connection, re: str, say: Callable[[str, Done], said.Say]) -> Callable[[Done | None], None]:
    """Return what tells the client what an errand has done, in the words of `say`, or that it could not be done."""

    def told(done: Done | None) -> None:
        if done is None:
            connection.send(said.SayError(re, "it could not be done; see the desk's log"))
        else:
            connection.send(say(re, done))

    return told
