"""`samverk guest`: lets a guest in with a member, moves them, hands them over, and lets them out."""

import argparse

from deploy.arguments import site_of
from deploy.asking import Desk, add_asking, asked
from kiosk.domain.answers import Answer
from kiosk.door.messages import AskHandGuestOver, AskLetGuestIn, AskLetGuestOut, AskMoveGuest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    does = parser.add_subparsers(dest="do", required=True, metavar="in|out|move|hand-over")
    let_in = does.add_parser("in", help="let a guest in with a member; prints the guest's id")
    let_in.add_argument("member", metavar="MEMBER", help="the member's name, or the id of their visit")
    let_in.add_argument("name", metavar="NAME", help="the guest's name; it is gone the same night")
    out = does.add_parser("out", help="let a guest out before their member")
    move = does.add_parser("move", help="count a guest in a zone of their own")
    over = does.add_parser("hand-over", help="let a guest stay with another member")
    for one in (out, move, over):
        one.add_argument("guest", metavar="GUEST", help="the guest's id")
    move.add_argument("zone", metavar="ZONE")
    over.add_argument("member", metavar="MEMBER", help="the other member's name, or the id of their visit")
    for one in (let_in, out, move, over):
        add_asking(one)


def run(args: argparse.Namespace) -> int:
    """Return 0 if it was done, else 1."""
    return asked("guest", args, site_of(args), lambda desk: _ask(desk, args))


def _ask(desk: Desk, args: argparse.Namespace) -> Answer:
    request = desk.new_id()
    match args.do:
        case "in":
            visit = desk.visit(args.member, "letting a guest in")
            return desk.ask(AskLetGuestIn(id=request, visit=visit, name=args.name, by=desk.by))
        case "out":
            return desk.ask(AskLetGuestOut(id=request, guest=args.guest, by=desk.by))
        case "move":
            return desk.ask(AskMoveGuest(id=request, guest=args.guest, zone=args.zone, by=desk.by))
        case _:
            visit = desk.visit(args.member, "handing a guest over")
            return desk.ask(AskHandGuestOver(id=request, guest=args.guest, visit=visit, by=desk.by))
