"""The service `samverk sync`: the thread to the centre."""

import argparse

from deploy.arguments import add_site, site_of
from kiosk.tools.clock import SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from kiosk.tools.systemd import Supervisor
from sync.agent import SYNC, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_site(parser)
    parser.add_argument("--verbose", action="store_true", help="log every attempt")


def run(args: argparse.Namespace) -> int:
    """Run the service until it is asked to stop."""
    site = site_of(args)
    start_log("samverk.sync", verbose=args.verbose)
    return serve(site, SystemClock(), stop_on_signals(), Supervisor(SYNC))
