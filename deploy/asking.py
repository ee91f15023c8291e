"""What the commands of hosts share: a question to the desk, whose visit is meant, and times as people say them."""

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from deploy.arguments import add_json, add_site
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Person
from kiosk.domain.ids import Actor, host
from kiosk.domain.members import BadgeLevel
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import Ask, SayAnswer, SayError, SayPeople, ShowPeople
from kiosk.look.texts import OUTCOMES
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site

_LEVELS = {
    BadgeLevel.UID: "(Känns igen på sitt nummer, som kan kopieras.)",
    BadgeLevel.VERIFIED: "(Bevisar sig varje gång det visas.)",
}


class AskingError(Exception):
    """The question could not be put; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An open door, and who asks through it."""

    door: DoorClient
    by: Actor
    new_id: Callable[[], str]

    def ask(self, message: Ask) -> Answer:
        """Return the desk's answer."""
        match self.door.ask(message):
            case SayAnswer(answer=answer):
                return answer
            case SayError(text=text):
                raise AskingError(text)
            case _:
                raise AskingError("the desk answered something else: look at its log")  # noqa: EM101, TRY003 - one sentence

    def people(self, purpose: str) -> tuple[Person, ...]:
        """Return who is in the house; the desk writes down who looked and why."""
        match self.door.ask(ShowPeople(id=self.new_id(), by=self.by, purpose=purpose)):
            case SayPeople(people=people):
                return people
            case SayError(text=text):
                raise AskingError(text)
            case _:
                raise AskingError("the desk answered something else: look at its log")  # noqa: EM101, TRY003 - one sentence

    def visit(self, who: str, purpose: str) -> str:
        """Return the visit that `who` means: its id, or the whole or first name of one member who is in."""
        people = [one for one in self.people(purpose) if one.guest is None]
        exact = [one.visit for one in people if who in {one.visit, one.name}]
        found = exact or [one.visit for one in people if one.name.split()[:1] == [who]]
        if len(found) > 1:
            message = f"{who!r} is the name of several who are in: give the visit's id, see `samverk visit list`"
            raise AskingError(message)
        return found[0] if found else who


def add_asking(parser: argparse.ArgumentParser) -> None:
    """Add `--by`, `--site` and `--json`."""
    parser.add_argument("--by", default=getpass.getuser(), metavar="HOST", help="which host asks (default: you)")
    add_site(parser)
    add_json(parser)


def asked(name: str, args: argparse.Namespace, site: Site, question: Callable[[Desk], Answer]) -> int:
    """Put the question, print the answer, and return 0, or 1 if it was refused or could not be put."""
    try:
        with DoorClient(site.door) as door:
            answer = question(Desk(door, host(args.by), Ids()))
    except (DoorClosedError, AskingError) as error:
        print(f"samverk {name}: {error}", file=sys.stderr)
        return 1
    print(msgspec.json.encode(answer).decode() if args.json else _words(answer))
    return 1 if answer.outcome is Outcome.REFUSED else 0


def moment(text: str, day: date, zone: ZoneInfo) -> datetime:
    """Return the local time of day `hh:mm` on that day, aware; raise `AskingError` if it is none."""
    try:
        clock = time.fromisoformat(text.replace(".", ":"))
    except ValueError as error:
        message = f"{text!r} is no time of day: write hh:mm, like 14:00"
        raise AskingError(message) from error
    return datetime.combine(day, clock, tzinfo=zone)


def _words(answer: Answer) -> str:
    """Return the answer as one Swedish line, with the id of what it is about."""
    if answer.reason is not None:
        told = EXPLANATIONS[answer.reason]
        return f"{told.sentence.sv} {told.next_step.sv}"
    about = answer.guest or answer.activity or answer.visit or answer.reference or ""
    level = f" {_LEVELS[answer.level]}" if answer.level is not None else ""
    return f"{OUTCOMES[answer.outcome].headline.sv.format(name='', zone=answer.zone or '')} {about}".rstrip() + level
