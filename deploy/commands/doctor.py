"""`samverk doctor`: asks the parts of the house how they are, and says in one sentence each what to do."""

import argparse
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.doctor import (
    badges,
    broker,
    centre,
    certificates,
    clock,
    databases,
    disk,
    modules,
    paper,
    power,
    reader,
    sensors,
    sound,
    versions,
)
from deploy.doctor.bundle import write_bundle
from deploy.doctor.finding import Finding, ill
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.look.words import said
from kiosk.store.errors import StoreError
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site

Check = Callable[[Site, Instant], tuple[Finding, ...]]

CHECKS: dict[str, Check] = {
    "clock": clock.check,
    "disk": disk.check,
    "databases": databases.check,
    "modules": modules.check,
    "reader": reader.check,
    "badges": badges.check,
    "broker": broker.check,
    "sensors": sensors.check,
    "centre": centre.check,
    "certificates": certificates.check,
    "power": power.check,
    "sound": sound.check,
    "paper": paper.check,
    "versions": versions.check,
}
"""Every part that is asked, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--language", type=Language, choices=list(Language), default=Language.SV)
    parser.add_argument("--only", choices=list(CHECKS), action="append", help="ask this part alone")
    parser.add_argument("--bundle", type=Path, metavar="FILE", help="write what an incident report needs")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if all is well, 1 if anything needs somebody."""
    site, now = site_of(args), SystemClock()()
    # What a check says to the log on its way stands in its findings already.
    logging.disable(logging.WARNING)
    found = [one for name in args.only or CHECKS for one in _checked(name, site, now)]
    logging.disable(logging.NOTSET)
    if args.bundle:
        write_bundle(args.bundle, site, found, now)
    if args.json:
        print(msgspec.json.encode(found).decode())
    else:
        print("\n".join(f"{'✓' if one.is_well else '!'} {one.about}: {said(one.says, args.language)}" for one in found))
    return 0 if all(one.is_well for one in found) else 1


def _checked(name: str, site: Site, now: Instant) -> tuple[Finding, ...]:
    try:
        return CHECKS[name](site, now)
    except (StoreError, sqlite3.DatabaseError) as error:
        sv = f"kan inte läsas ({error}): kör `samverk repair`"
        return (ill(name, sv, f"cannot be read ({error}): run `samverk repair`"),)
    except (OSError, ValueError) as error:
        sv = f"kunde inte kontrolleras ({error}): kör som root eller som användaren samverk"
        return (ill(name, sv, f"could not be checked ({error}): run it as root or as the user samverk"),)
