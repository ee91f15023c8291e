"""`samverk doctor`: asks the parts of the house how they are, and says in one sentence each what to do."""

import argparse
import sqlite3

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.doctor import sensors
from deploy.doctor.finding import Finding
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.zones import Words
from kiosk.look.words import said
from kiosk.store.errors import StoreError
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site

CHECKS = {"sensors": sensors.check}
"""Every part that is asked, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--language", type=Language, choices=list(Language), default=Language.SV)
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if all is well, 1 if anything needs somebody."""
    site, now = site_of(args), SystemClock()()
    found = [one for name in CHECKS for one in _checked(name, site, now)]
    if args.json:
        print(msgspec.json.encode(found).decode())
    else:
        print("\n".join(f"{'✓' if one.is_well else '!'} {one.about}: {said(one.says, args.language)}" for one in found))
    return 0 if all(one.is_well for one in found) else 1


def _checked(name: str, site: Site, now: Instant) -> tuple[Finding, ...]:
    try:
        return CHECKS[name](site, now)
    except (StoreError, sqlite3.Error) as error:
        says = Words(f"kan inte läsas ({error}): flytta undan filen", f"cannot be read ({error}): move the file aside")
        return (Finding(name, is_well=False, says=says),)
