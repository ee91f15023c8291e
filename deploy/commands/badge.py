"""`samverk badge`: ties badges to members, reports them lost or found, takes lists over, and makes cards."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.asking import AskingError, Desk, add_asking, asked
from deploy.badges.forms import ListError
from deploy.badges.taps import WAIT_S, next_card, said, watch
from kiosk.domain.answers import Answer
from kiosk.domain.board import UnknownBadge
from kiosk.domain.ids import host
from kiosk.domain.reasons import Reason
from kiosk.door.badges import (
    AskBadgeFound,
    AskBadgeLost,
    AskEnrolBadge,
    MemberBadge,
    SayBadges,
    SayUnknownBadges,
    ShowBadges,
    ShowUnknownBadges,
)
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayError
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site

_CHANGES_ITS_NUMBER = "Kortet visade en annan kod: det byter nummer, eller är ett annat kort. Använd tjänstekortet."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    does = parser.add_subparsers(dest="do", required=True, metavar="enrol|lost|found|list|import|personalise")
    enrol = does.add_parser("enrol", help="tie a badge to a member: by its code, or by showing it twice now")
    enrol.add_argument("member", metavar="MEMBER", help="the member's id")
    enrol.add_argument("--reader", metavar="ID", help="where the badge is shown (default: any reader)")
    lost = does.add_parser("lost", help="a badge is lost: it opens for nobody from now on")
    found = does.add_parser("found", help="a lost badge is found: it opens for its member again")
    for one in (lost, found):
        one.add_argument("member", metavar="MEMBER", nargs="?", help="the member's id")
    for one in (enrol, lost, found):
        one.add_argument("--code", metavar="CODE", help="the badge's code, as the screen or `badge list` shows it")
        add_asking(one)
    listing = does.add_parser("list", help="a member's badges; without a member, the codes last shown at the readers")
    listing.add_argument("member", metavar="MEMBER", nargs="?")
    listing.add_argument("--purpose", metavar="TEXT", default="", help="what for: it stands in the access log")
    add_asking(listing)
    _add_import(does.add_parser("import", help="tie the cards of an existing list to members"))
    _add_personalise(does.add_parser("personalise", help="make a blank NTAG 424 DNA a badge that cannot be copied"))


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="two columns: member's id, card's number")
    parser.add_argument("--sample", metavar="CODE", help="the code the screen showed for one card out of the list")
    parser.add_argument("--dry-run", action="store_true", help="say how the list is written, and tie nothing")
    add_asking(parser)


def _add_personalise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", type=int, help="the version of the keys to write (default: the site's newest)")
    parser.add_argument("--reader", default="", metavar="TEXT", help="a part of the PC/SC reader's name")
    parser.add_argument("--dry-run", action="store_true", help="say what card it is, and write nothing")
    parser.add_argument("--make-keys", action="store_true", help="make the master keys of that version, and no card")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if it was done, 1 if it was refused or could not be, 2 for wrong use."""
    site = site_of(args)
    if args.do in {"lost", "found"} and not (args.member or args.code):
        print("samverk badge: give the member, the badge's code, or both", file=sys.stderr)
        return 2
    try:
        match args.do:
            case "personalise":
                from deploy.badges import personalising  # noqa: PLC0415 - only this needs a PC/SC reader

                return personalising.run(site, args)
            case "import":
                return _import(site, args)
            case "list":
                return _list(site, args)
            case _:
                return asked("badge", args, site, lambda desk: _ask(desk, args, site))
    except (DoorClosedError, AskingError, ListError) as error:
        print(f"samverk badge: {error}", file=sys.stderr)
        return 1


def _ask(desk: Desk, args: argparse.Namespace, site: Site) -> Answer:
    if args.do == "enrol":
        return _enrol(desk, args, site)
    kind = AskBadgeLost if args.do == "lost" else AskBadgeFound
    return desk.ask(kind(id=desk.new_id(), by=desk.by, member=args.member, reference=args.code))


def _enrol(desk: Desk, args: argparse.Namespace, site: Site) -> Answer:
    code = args.code or _shown_twice(site, args.reader)
    return desk.ask(AskEnrolBadge(id=desk.new_id(), reference=code, member=args.member, by=desk.by))


def _shown_twice(site: Site, reader: str | None) -> str:
    """Return the code of a badge that is shown twice now, or raise `AskingError` with why it cannot be tied."""
    with DoorClient(site.door, WAIT_S) as door:
        watch(door, reader)
        codes: list[str] = []
        for words in ("Visa kortet vid läsaren.", "Ta bort kortet och visa det igen."):
            print(words, file=sys.stderr, flush=True)
            shown = next_card(door)
            if shown.reason is not Reason.BADGE_UNKNOWN or shown.reference is None:
                raise AskingError(said(shown))
            codes.append(shown.reference)
        if len(set(codes)) > 1:
            raise AskingError(_CHANGES_ITS_NUMBER)
        return codes[0]


def _import(site: Site, args: argparse.Namespace) -> int:
    from deploy.badges import importing  # noqa: PLC0415 - only this computes keys

    with DoorClient(site.door, WAIT_S) as door:
        return importing.run(door, Desk(door, host(args.by), Ids()), site, args)


def _list(site: Site, args: argparse.Namespace) -> int:
    with DoorClient(site.door) as door:
        ask = (
            ShowBadges(id=Ids()(), member=args.member, by=host(args.by), purpose=args.purpose)
            if args.member
            else ShowUnknownBadges(id=Ids()())
        )
        match door.ask(ask):
            case SayBadges(badges=badges) | SayUnknownBadges(badges=badges):
                print(msgspec.json.encode(badges).decode() if args.json else _table(badges))
                return 0
            case SayError(text=text):
                raise AskingError(text)
            case _:
                raise AskingError("the desk answered something else: look at its log")  # noqa: EM101, TRY003 - one sentence


def _table(badges: Sequence[MemberBadge | UnknownBadge]) -> str:
    if not badges:
        return "Inga kort."
    return "\n".join(_line(one) for one in badges)


def _line(one: MemberBadge | UnknownBadge) -> str:
    if isinstance(one, MemberBadge):
        return f"{one.reference}  {one.status}  {one.level}  v{one.key_version}"
    return f"{one.reference}  {one.reader}  {one.at.wall:%H:%M:%S}Z  x{one.times}"
