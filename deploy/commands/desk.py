"""`samverk desk`: the service that reads badges, applies the rule and keeps the journal."""

import argparse

from deploy.arguments import add_site, site_of
from kiosk.service.serve import DESK, DOOR, serve
from kiosk.tools.clock import SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from kiosk.tools.systemd import Supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    add_site(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal asks to stop."""
    start_log("samverk")
    return serve(site_of(args), SystemClock(), stop_on_signals(), supervisor=Supervisor(DESK, DOOR))
