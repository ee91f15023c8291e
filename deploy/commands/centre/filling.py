"""`samverk centre add-agency, add-member, import, approve, issue-token, withdraw-token`."""

import argparse
from pathlib import Path

import msgspec

from kiosk.domain.ids import SiteId
from sync.centre.importing import preview, read_csv
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry, read_enrolment
from sync.centre.storage.tokens import Role


def _agency_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--seats", type=int, required=True, help="how many members it may enrol")
    parser.add_argument("--at-once", type=int, metavar="N", help="how many of them may be inside at once")
    parser.add_argument("--policy", choices=["warn", "host", "deny"], default="warn", help="what happens beyond that")
    parser.add_argument("--contact", default="", metavar="MAIL", help="whom to tell")
    parser.add_argument("--no-approval", action="store_true", help="what its identity provider adds needs no approval")


def _add_agency(registry: Registry, args: argparse.Namespace) -> int:
    agency = NewAgency(
        args.id,
        args.name,
        args.seats,
        at_once=args.at_once,
        policy=args.policy,
        contact=args.contact,
        approves=not args.no_approval,
    )
    registry.enrol(_checked(Enrolment(agencies=(agency,))))
    return 0


def _member_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--agency", required=True, metavar="ID")
    parser.add_argument("--badge", metavar="KEYHEX", help="the badge's key, never its UID")
    parser.add_argument("--key-version", type=int, default=1)
    parser.add_argument("--language", choices=["sv", "en"], default="sv")


def _add_member(registry: Registry, args: argparse.Namespace) -> int:
    badges = (NewBadge(args.badge, args.key_version),) if args.badge else ()
    member = NewMember(args.id, args.name, args.agency, args.language, badges=badges)
    registry.enrol(_checked(Enrolment(members=(member,))))
    return 0


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON, or CSV with a line of headings")
    parser.add_argument("--preview", action="store_true", help="only say what would change")


def _import(registry: Registry, args: argparse.Namespace) -> int:
    text = args.file.read_bytes()
    enrolment = read_csv(text) if args.file.suffix.lower() == ".csv" else read_enrolment(text)
    if args.preview:
        print(preview(registry, enrolment))
        return 0
    registry.enrol(enrolment)
    print(f"{len(enrolment.agencies)} agencies, {len(enrolment.members)} members")
    return 0


def _approve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", nargs="+", help="members that the agency's head has approved")


def _approve(registry: Registry, args: argparse.Namespace) -> int:
    for member in args.id:
        registry.approve(member)
    return 0


def _token_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site", metavar="SITE", help="the house's site, or with --agency the agency")
    parser.add_argument("source", metavar="SOURCE", nargs="?", default="", help="the source in the house's site file")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--registrar", action="store_true", help="a token that writes agencies and members")
    kind.add_argument("--agency", action="store_true", help="a token that writes the members of one agency")


def _issue_token(registry: Registry, args: argparse.Namespace) -> int:
    role = Role.REGISTRAR if args.registrar else Role.AGENCY if args.agency else Role.HOUSE
    if role is Role.HOUSE and not args.source:
        print("a house's token needs its SOURCE too")
        return 2
    print(registry.issue_token(SiteId(args.site), args.source, role))
    return 0


def _withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site", metavar="SITE", help="the site or agency whose tokens no longer hold")


def _withdraw_token(registry: Registry, args: argparse.Namespace) -> int:
    count = registry.tokens.withdraw(SiteId(args.site))
    print(f"{count} tokens withdrawn")
    return 0 if count else 1


COMMANDS = {
    "add-agency": ("enrol an agency", _agency_arguments, _add_agency),
    "add-member": ("enrol a member, with a badge if it is known", _member_arguments, _add_member),
    "import": ("enrol agencies and members from a file, all or none", _import_arguments, _import),
    "approve": ("note that an agency's head has approved members", _approve_arguments, _approve),
    "issue-token": ("print a new token, once", _token_arguments, _issue_token),
    "withdraw-token": ("withdraw all tokens of a site or agency", _withdraw_arguments, _withdraw_token),
}


def _checked(enrolment: Enrolment) -> Enrolment:
    # Arguments are held to the same limits as a file.
    return read_enrolment(msgspec.json.encode(enrolment))
