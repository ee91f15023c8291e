"""`samverk centre serve`, and what belongs to running it: after a restore, and the way in to the admin page."""

import argparse
from pathlib import Path

from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from kiosk.tools.systemd import Supervisor
from sync.centre.registry import Registry
from sync.centre.storage.houses import SILENT_S
from sync.centre.watch import KEPT_DAYS, TOMBSTONE_DAYS

PORT = 8443
CENTRE = "centre"
"""The loop that does the work."""


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, metavar="FILE", help="write the port there")
    alarm = "whom to tell of a silent house or too few seats: https://… or mailto:to@…?via=smtp://host:25&from=…"
    parser.add_argument("--alarm", metavar="ADDRESS", help=alarm)
    silent = f"after how many seconds without a sign of life a house is silent (default {SILENT_S})"
    parser.add_argument("--silent-s", type=float, default=SILENT_S, metavar="S", help=silent)
    days = f"for how many days removals are remembered (default {TOMBSTONE_DAYS})"
    parser.add_argument("--remember-days", type=float, default=TOMBSTONE_DAYS, metavar="DAYS", help=days)
    kept = f"for how many days it is known who came and when (default {KEPT_DAYS})"
    parser.add_argument("--keep-days", type=float, default=KEPT_DAYS, metavar="DAYS", help=kept)


def _serve(registry: Registry, args: argparse.Namespace) -> int:
    from sync.centre.alarms import hook_of  # noqa: PLC0415 - mail and web take a while to load, and only this needs them
    from sync.centre.serve import serve  # noqa: PLC0415 - as above
    from sync.centre.watch import Watch  # noqa: PLC0415 - as above

    start_log("samverk.centre")
    hook = hook_of(args.alarm) if args.alarm else None
    watch = Watch(registry, hook, silent_s=args.silent_s, tombstone_days=args.remember_days, kept_days=args.keep_days)
    supervisor, stop = Supervisor(CENTRE), stop_on_signals()
    ready, turned = supervisor.ready, supervisor.turning(CENTRE)
    return serve(registry, args.host, args.port, stop, args.port_file, watch=watch, ready=ready, turned=turned)


def _restored(registry: Registry, _args: argparse.Namespace) -> int:
    registry.roster.restored()
    print("a new epoch has begun: every house will send again what is lacking and read the roster in full")
    return 0


def _admin_link(registry: Registry, args: argparse.Namespace) -> int:
    print(f"{args.url.rstrip('/')}/admin/in/{registry.sessions.link()}")
    return 0


def _link_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default=f"http://127.0.0.1:{PORT}", help="the centre's address as a browser sees it")


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    return


COMMANDS = {
    "serve": ("serve SCIM and events over HTTP, behind a proxy that speaks TLS", _serve_arguments, _serve),
    "restored": ("say that the database was put back from a backup", _no_arguments, _restored),
    "admin-link": ("print a link to the admin page that works once, for 15 minutes", _link_arguments, _admin_link),
}
