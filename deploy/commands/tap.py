"""`samverk tap UID`: shows a badge to the scripted reader and prints the answer."""

import argparse
import sys

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import Ask, SayAnswer, SayError, ScriptedTap, Watch
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("uid", metavar="UID", help="the badge's UID in hex: 4, 7, 8 or 10 bytes")
    parser.add_argument("--reader", help="which scripted reader (default: the site's first)")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if the badge was let in or out, 1 if it was refused or nothing could be asked."""
    site = site_of(args)
    reader = args.reader or _first_scripted(site)
    try:
        with DoorClient(site.door) as door:
            answer = _tap(door, reader, args.uid, Ids())
    except DoorClosedError as error:
        answer = str(error)
    if isinstance(answer, str):
        print(f"samverk tap: {answer}", file=sys.stderr)
        return 1
    print(msgspec.json.encode(answer).decode() if args.json else _words(answer))
    return 1 if answer.outcome is Outcome.REFUSED else 0


def _first_scripted(site: Site) -> str:
    return next((str(one) for one, table in site.readers.items() if table.driver == "scripted"), "")


def _tap(door: DoorClient, reader: str, uid: str, new_id: Ids) -> Answer | str:
    """Return the answer given at the reader, or why there is none."""
    door.say(Watch(id=new_id(), readers=(reader,)))
    tap: Ask = ScriptedTap(id=new_id(), reader=reader, uid=uid)
    door.say(tap)
    while True:
        match door.hear():
            case SayAnswer(answer=answer):
                return answer
            case SayError(re=re, text=text) if re == tap.id:
                return text


def _words(answer: Answer) -> str:
    """Return the answer as one Swedish line."""
    who = f" {answer.name}" if answer.name else ""
    why = f": {EXPLANATIONS[answer.reason].sentence.sv}" if answer.reason else ""
    code = f" ({answer.reference})" if answer.reference else ""
    return f"{answer.outcome}{who}{why}{code}"
