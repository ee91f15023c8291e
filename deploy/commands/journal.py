"""`samverk journal verify`: whether the journal still is what was written, event by event."""

import argparse

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.house import replay
from kiosk.store.journal import READ_LIMIT_MAX, JournalReader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("what", choices=("verify",), help="verify: read the whole chain")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if chain and presences hold, 1 if they do not."""
    reader = JournalReader(site_of(args).state_dir / "journal.db")
    verdict = reader.verify()
    same = verdict.retired > 0 or _replays_to_the_same(reader)
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


def _replays_to_the_same(reader: JournalReader) -> bool:
    """Return whether the house is what all events of the journal amount to: what it forgot since is left out."""
    events, seq = [], 0
    while batch := reader.after(seq, READ_LIMIT_MAX):
        events += [one.event for one in batch]
        seq = batch[-1].seq
    replayed, house = replay(events), reader.house()
    standing = (house.inside(), house.guests_inside(), house.preferences, house.rule_numbers)
    return (
        standing == (replayed.inside(), replayed.guests_inside(), replayed.preferences, replayed.rule_numbers)
        and all(replayed.presences.get(member) == one for member, one in house.presences.items())
        and all(replayed.activities.get(activity) == one for activity, one in house.activities.items())
    )
