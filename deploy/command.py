"""The `samverk` command: finds the subcommand, imports only that one, and turns known errors into one clear line.

Exit status: 0 done, 1 a negative answer or a part that failed, 2 wrong use.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from kiosk.store.errors import StoreError
from kiosk.tools.credentials import CredentialError
from kiosk.tools.site.problems import SiteFileError

COMMANDS = {
    "up": "a whole hub on this machine, with whatever hardware is missing simulated",
    "desk": "service: reads badges, applies the rule, keeps the journal",
    "screen": "service: the members' screen in this terminal",
    "board": "service: the hosts' board in a browser",
    "sensors": "service: zones from MQTT sensors",
    "sync": "service: the thread to the centre",
    "centre": "the reference central system: serve, fill, ask; see docs/centre.md",
    "tap": "show a badge to the scripted reader",
    "status": "how the house and its parts are",
    "queue": "what waits to reach the centre, since when and why",
    "doctor": "how the parts of the house are, and what to do",
    "init": "a commented site file, by a handful of questions",
    "config": "check or show the site file",
    "broker": "the hub's own certificates, and what to type into sensors",
    "backup": "a copy of the databases while the services run, without any secret",
    "restore": "put a backup back, and begin a new epoch at the centre",
    "repair": "damaged databases aside, and new ones of what can be read",
    "guest": "let a guest in with a member, move them, hand them over, let them out",
    "badge": "tie badges to members, report them lost or found, take lists over, make cards",
    "activity": "announce, list and cancel what hosts run in the zones",
    "visit": "list, correct and clear visits",
    "roll-call": "who must be looked for, from the files on disk alone",
    "explain": "why something was decided as it was",
    "retention": "remove what has been kept long enough, or prove that nothing is kept longer",
    "person": "what the house holds about one member: export, erase, and who has looked",
    "records": "events for a request for public records, each field marked before it goes out",
    "journal": "verify the journal's chain, and that it replays to the same presences",
    "research": "a month's figures for the reference group: released once and for good, and drawn",
    "record": "MQTT messages to a trace",
    "replay": "a trace through the real profiles and fusion",
    "simulate": "days of made-up members and sensors through the real desk and zones, judged against the truth",
    "bench": "measure, as ratios to the bare cost on this machine",
}
"""Every subcommand and what it is for. Each lives in `deploy/commands/<name>.py`, with `_` for `-`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given[0] if given else "--help"
    if name not in COMMANDS:
        return _explain(name)
    module = importlib.import_module(f"deploy.commands.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(prog=f"samverk {name}", description=COMMANDS[name])
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(given[1:])))
    except SiteFileError as error:
        print(error, file=sys.stderr)
        return 2
    except (CredentialError, StoreError) as error:
        print(f"samverk {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


def _explain(name: str) -> int:
    asked = name in {"-h", "--help"}
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"samverk: there is no command {name!r}\n", file=out)
    print("samverk COMMAND [--site FILE] ...\n", file=out)
    for one, what in COMMANDS.items():
        print(f"  {one:10} {what}", file=out)
    return 0 if asked else 2
