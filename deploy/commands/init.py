"""`samverk init`: asks a handful of questions, or takes flags, and writes a commented site file and the badge key.

It never writes over anything that is there: neither the file nor a key that badges are already hidden with.
"""

import argparse
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.arguments import add_site
from deploy.broker.house import FOLDER, SENSORS
from deploy.broker.writing import OPEN, give_to_services
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import SiteFileError, read
from kiosk.tools.site.sample import Answers, write

BADGE_KEY = "badge-key-v1"
_BADGE_KEY_BYTES = 32

ZONES = (
    ("lagerelden", "Lägerelden", "The campfire", "för djupare samtal", "for deeper talks"),
    ("hinderbanan", "Hinderbanan", "The obstacle course", "för utmaningar att lösa ihop", "for challenges to solve"),
    ("rastplatsen", "Rastplatsen", "The resting place", "för möten som bara händer", "for chance meetings"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One answer that is needed: its flag, the question in both languages, and what holds if nothing is said."""

    flag: str
    sv: str
    en: str
    default: str


QUESTIONS = (
    Question("id", "Husets korta namn (a-z, 0-9, bindestreck)", "The house's short name", "stockholm"),
    Question("name", "Husets namn för människor", "The house's name for people", "Samverket Stockholm"),
    Question("closes", "När stänger huset?", "When does it close?", "18:00"),
    Question(
        "host-phone", "Värdens telefon, om värden inte är i huset", "The host's telephone, if not in the house", ""
    ),
    Question("reader", "Kortläsare: pcsc eller scripted", "Badge reader: pcsc or scripted", "pcsc"),
    Question("centre", "Centralens adress (https://…), tomt om ingen", "The centre's address, empty if none", ""),
    Question("decision", "Gallringsbeslutets diarienummer", "Reference of the deletion decision", ""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    for one in QUESTIONS:
        parser.add_argument(
            f"--{one.flag}", metavar="TEXT", help=f"{one.sv} / {one.en} ({one.default or 'tomt / empty'})"
        )
    parser.add_argument("--source", metavar="TEXT", help="the house's name at the centre (se.samverket.<id>)")
    parser.add_argument("--state-dir", type=Path, default=Path("/var/lib/samverk"), metavar="DIR")
    parser.add_argument("--badge-key", type=Path, metavar="FILE", help="the key of the houses that share members")
    parser.add_argument("--yes", action="store_true", help="ask nothing: what no flag says keeps its default")
    add_site(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when the file was written, 1 when one is there, 2 when the answers make no site."""
    if args.site.exists():
        print(f"{args.site} finns redan: inget skrevs. / is there already: nothing was written.", file=sys.stderr)
        return 1
    text = write(dict(_answers(_said(args), args)))
    try:
        site = read(text, str(args.site))
    except SiteFileError as error:
        print(error, file=sys.stderr)
        return 2
    _write_badge_key(site.state_dir, args.badge_key)
    args.site.parent.mkdir(parents=True, exist_ok=True)
    with args.site.open("x") as file:
        file.write(text)
    args.site.chmod(OPEN)
    print(f"{args.site}\nNästa / Next: samverk config check --site {args.site}")
    return 0


def sample() -> str:
    """Return the site file of whoever answers nothing."""
    said = {one.flag: one.default for one in QUESTIONS}
    said |= {"centre": "https://centre.example", "decision": "dnr 2026-123"}
    place = argparse.Namespace(source=None, state_dir=Path("/var/lib/samverk"))
    return write(dict(_answers(said, place)))


def _said(args: argparse.Namespace) -> dict[str, str]:
    return {one.flag: _one(one, args) for one in QUESTIONS}


def _one(question: Question, args: argparse.Namespace) -> str:
    given = getattr(args, question.flag.replace("-", "_"))
    if given is not None:
        return str(given)
    if args.yes:
        return question.default
    shown = f" [{question.default}]" if question.default else ""
    print(f"{question.sv}\n  {question.en}{shown}: ", end="", flush=True)
    return sys.stdin.readline().strip() or question.default


def _answers(said: dict[str, str], args: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    yield from (("site.id", said["id"]), ("site.name", said["name"]), ("site.state_dir", str(args.state_dir)))
    yield ("site.closes", said["closes"])
    if said["host-phone"]:
        yield from (("site.host", "phone"), ("site.host_phone", said["host-phone"]))
    for at, (name, sv, en, about_sv, about_en) in enumerate(ZONES):
        yield (f"zone[{at}].id", name)
        yield from ((f"zone[{at}].name.sv", sv), (f"zone[{at}].name.en", en))
        yield from ((f"zone[{at}].about.sv", about_sv), (f"zone[{at}].about.en", about_en))
    yield from (("reader[0].id", "entrance"), ("reader[0].driver", said["reader"]))
    yield from _broker().items()
    if said["centre"]:
        yield from (("centre.url", said["centre"]), ("centre.source", args.source or f"se.samverket.{said['id']}"))
    yield ("retention.decision", said["decision"])


def _broker() -> Answers:
    out = FOLDER / "out" / SENSORS
    return {
        "broker.host": "localhost",
        "broker.port": 8883,
        "broker.ca": str(FOLDER / "ca.pem"),
        "broker.certificate": str(out / "certificate.pem"),
        "broker.key": str(out / "key.pem"),
    }


def _write_badge_key(state_dir: Path, given: Path | None) -> None:
    path = state_dir / "credentials" / BADGE_KEY
    if path.exists():
        print(f"{path}: finns redan och rörs inte / is there already and is left alone")
        return
    secret = given.read_bytes().strip() if given else secrets.token_hex(_BADGE_KEY_BYTES).encode()
    write_credential(BADGE_KEY, secret, state_dir)
    give_to_services(state_dir, path.parent, path)
    print(f"{path}: nyckeln som kort göms med / the key that badges are hidden with")
