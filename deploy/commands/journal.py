"""`samverk journal verify`: whether the journal still is what was written, event by event."""

import argparse

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.store.journal import JournalReader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("what", choices=("verify",), help="verify: read the whole chain")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if chain and presences hold, 1 if they do not."""
    reader = JournalReader(site_of(args).state_dir / "journal.db")
    verdict = reader.verify()
    same = reader.rebuilt().inside() == reader.house().inside()
    reader.close()
    if args.json:
        print(msgspec.json.encode({**msgspec.to_builtins(verdict), "presences_hold": same}).decode())
    elif verdict.broken_at is not None:
        print(f"event {verdict.broken_at} is not what was written: restore a backup, and keep this file for inquiry")
    elif not same:
        print("the chain holds, but the presences are not what its events amount to: restart the desk and report this")
    else:
        print(f"{verdict.events} events, chain whole ({verdict.retired} without payload)")
    return 0 if verdict.broken_at is None and same else 1
