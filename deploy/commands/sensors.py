"""`samverk sensors`: the service that follows the zones' sensors."""

import argparse

from deploy.arguments import add_site, site_of
from kiosk.tools.clock import SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from kiosk.tools.systemd import Supervisor
from sensors.serve import SENSORS, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_site(parser)
    parser.add_argument("--verbose", action="store_true", help="log details")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    site = site_of(args)
    start_log("samverk.sensors", verbose=args.verbose)
    return serve(site, SystemClock(), stop_on_signals(), Supervisor(SENSORS))
