"""Waiting at the door for cards shown at a reader: what the screen says there, a command can hear."""

from deploy.asking import AskingError
from kiosk.domain.answers import Answer
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.door.client import DoorClient
from kiosk.door.messages import SayAnswer, SayError, Watch
from kiosk.tools.ids import Ids

WAIT_S = 120.0
"""How long a command waits for a card."""
_NO_CARD = frozenset({Reason.CARD_UNREADABLE, Reason.CARD_CLASH, Reason.DESK_BUSY})


def watch(door: DoorClient, reader: str | None) -> None:
    """Hear from now on every answer that is given at that reader, or at all of them.

    It returns once the desk has shown the house: whoever is asked for a card after that is heard.
    """
    door.ask(Watch(id=Ids()(), readers=(reader,) if reader else ()))


def next_reference(door: DoorClient, reader: str | None) -> str | None:
    """Watch, wait for the next card that can be read, and return its reference, or None if it is known or has none."""
    watch(door, reader)
    return next_card(door).reference


def next_card(door: DoorClient) -> Answer:
    """Return the answer to the next card that can be read, at what is watched."""
    while True:
        match door.hear():
            case SayAnswer(answer=answer) if answer.reason not in _NO_CARD:
                return answer
            case SayError(text=text):
                raise AskingError(text)


def said(answer: Answer) -> str:
    """Return why a card that was shown cannot be tied to anybody."""
    if answer.reason is Reason.CARD_RANDOM:
        told = EXPLANATIONS[Reason.CARD_RANDOM]
        return f"{told.sentence.sv} {told.next_step.sv}"
    told = EXPLANATIONS[Reason.BADGE_TAKEN]
    return f"{told.sentence.sv} {told.next_step.sv}"
