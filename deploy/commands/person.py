"""`samverk person export|erase|accesses`: what the house holds about one member, its erasure, and who has looked."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.erasing import Fate, erase_from_roll_calls, erase_from_roster, pseudonym
from deploy.keeper import add_by, keeper, purpose
from kiosk.domain.erasure import Erasure
from kiosk.domain.ids import MemberId
from kiosk.store.hosts import HostFile
from kiosk.store.person import about, accesses
from kiosk.tools.site import Site

OUTCOMES = {
    Erasure.ERASED: "Raderat i journalen. / Erased from the journal.\n"
    "En stor journalfil skrivs om helt först i natt, eller nu med `samverk retention run`.\n"
    "Står personen kvar i centralens lista kommer uppgifterna tillbaka därifrån: avsluta medlemskapet där.",
    Erasure.IN_HOUSE: "Personen är i huset och behövs på utrymningslistan: checka ut först.\n"
    "They are in the house, and the evacuation list needs them: check them out first.",
    Erasure.UNCERTAIN: "Personen kan vara kvar i huset (automatisk utcheckning): en värd avför från listan först.\n"
    "They may still be in the house: a host clears them from the evacuation list first.",
    Erasure.UNKNOWN: "Huset har inga uppgifter om den personen: kontrollera medlemmens id.\n"
    "Nothing is kept of that person here: check the member's id.",
    Erasure.DECISION_UNFIT: "Ange beslutets beteckning (högst 200 tecken), utan personens namn eller id.\n"
    "Give the decision's reference (at most 200 characters), without the person's name or id.",
}
ROSTERS = {
    Fate.CLEAN: "Medlemslistan och kön till centralen är också rensade.\n"
    "The roster and the queue to the centre are clean too.",
    Fate.LEFT: "Medlemslistan och kön till centralen rensas av `samverk sync`, inom några sekunder.\n"
    "`samverk sync` cleans the roster and the queue to the centre, within seconds.",
    Fate.UNREADABLE: "Medlemslistan (roster.db) kan inte läsas: kör `samverk repair`, starta sedan `samverk sync`.\n"
    "The roster (roster.db) cannot be read: run `samverk repair`, then start `samverk sync`.",
}
LISTS = {
    Fate.CLEAN: "Uppropens listor är också rensade. / The lists of roll calls are clean too.",
    Fate.LEFT: "Uppropens listor rensas av tavlan, inom några sekunder och efter ett pågående upprop.\n"
    "The board cleans the lists of roll calls, within seconds and after one that is going on.",
    Fate.IN_USE: "Ett upprop är inte avslutat och behåller sin lista: starta tavlan och avsluta det.\n"
    "A roll call has not been ended and keeps its list: start the board and end it.",
    Fate.UNREADABLE: "Uppropens listor (board.db) kan inte läsas: kör `samverk repair`, starta sedan tavlan.\n"
    "The lists of roll calls (board.db) cannot be read: mend it with `samverk repair`, then start the board.",
}
TITLES = {
    "journal": "I journalen / In the journal",
    "roster": "I medlemslistan och kön till centralen / In the roster and the queue to the centre",
    "board": "På uppropens listor / On the lists of roll calls",
    "hosts": "Som värd / As a host",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    whats = parser.add_subparsers(dest="what", required=True)
    export = whats.add_parser("export", help="all that the house holds about one member")
    export.add_argument("member", metavar="MEMBER", help="the member's id, as the roster has it")
    export.add_argument("--purpose", type=purpose, required=True, help="what for: it stands in the access log")
    erase = whats.add_parser("erase", help="erase all that the house holds about one member")
    erase.add_argument("member", metavar="MEMBER", help="the member's id, as the roster has it")
    erase.add_argument("--decision", required=True, help="the deletion decision's reference, naming nobody")
    looks = whats.add_parser("accesses", help="who has looked at personal data")
    looks.add_argument("--member", default="", help="only looks at this member")
    for one in (export, erase, looks):
        add_by(one)
        add_site(one)
        add_json(one)


def run(args: argparse.Namespace) -> int:
    """Return 0 if it was done, 1 if nothing is known of the person or erasing was refused."""
    site = site_of(args)
    match args.what:
        case "export":
            return _export(site, args)
        case "erase":
            return _erase(site, args)
        case _:
            return _accesses(site, args)


def _export(site: Site, args: argparse.Namespace) -> int:
    with keeper(site, args.by) as one:
        one.note_access("export of one person", args.purpose, args.member)
    found = dict(about(site.state_dir, MemberId(args.member), pseudonym(site, args.member)))
    name = _hosts(site).named(args.member)
    if name is None and set(found.get("journal", {})) <= {"accesses"} and not {"roster", "board"} & found.keys():
        print(f"samverk person: {OUTCOMES[Erasure.UNKNOWN]}", file=sys.stderr)
        return 1
    if name is not None:
        found["hosts"] = {"name": name}
    if args.json:
        print(msgspec.json.encode({"member": args.member, "site": site.id, **found}).decode())
    else:
        print("\n".join(_text(site, args.member, found)))
    return 0


def _erase(site: Site, args: argparse.Namespace) -> int:
    with keeper(site, args.by) as one:
        outcome = one.erase(args.member, args.decision)
    if outcome is not Erasure.ERASED:
        print(msgspec.json.encode({"outcome": outcome}).decode() if args.json else OUTCOMES[outcome])
        return 1
    _hosts(site).untie(args.member)
    roster, lists = erase_from_roster(site), erase_from_roll_calls(site)
    if args.json:
        print(msgspec.json.encode({"outcome": outcome, "roster": roster, "roll_calls": lists}).decode())
    else:
        print(f"{OUTCOMES[outcome]}\n{ROSTERS[roster]}\n{LISTS[lists]}")
    return 0


def _hosts(site: Site) -> HostFile:
    return HostFile(site.state_dir / "hosts.json")


def _accesses(site: Site, args: argparse.Namespace) -> int:
    with keeper(site, args.by) as one:
        one.note_access("access log", "look at the access log", args.member or None)
    lines = accesses(site.state_dir, args.member)
    if args.json:
        print(msgspec.json.encode(lines).decode())
    else:
        print(
            "\n".join(
                f"{one['at']}  {one['by']}  {one['what']}: {one['purpose']} {one['about']}".rstrip() for one in lines
            )
        )
    return 0


def _text(site: Site, member: str, found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield f"Alla uppgifter om {member} i {site.name} / Everything about {member} in {site.name}"
    for name, part in found.items():
        yield f"\n{TITLES[name]}"
        yield from _lines(part, "  ")


def _lines(value: object, indent: str) -> Iterator[str]:
    """Yield every field on a line of its own, what stands below it indented."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if isinstance(one, Mapping | list) and one:
                yield f"{indent}{name}:"
                yield from _lines(one, indent + "  ")
            else:
                yield f"{indent}{name}: {one}"
    elif isinstance(value, list):
        for one in value:
            yield from _lines(one, indent + "  ")
            yield f"{indent}-"
    else:
        yield f"{indent}{value}"
