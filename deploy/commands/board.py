"""`samverk board`: the service that shows the hosts' board in a browser."""

import argparse
from pathlib import Path

from deploy.arguments import add_site, site_of
from kiosk.board.serve import HOST_NAME, Handover, serve
from kiosk.tools.clock import SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    add_site(parser)
    parser.add_argument(
        "--port-file",
        type=Path,
        metavar="FILE",
        help="write the port here, and take any free one if the site's is taken",
    )
    parser.add_argument(
        "--once-link-file", type=Path, metavar="FILE", help="write a one-time sign-in link for a host here at start"
    )
    parser.add_argument(
        "--host-name", default=HOST_NAME, metavar="NAME", help="whose link that is (default %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until a signal asks to stop."""
    start_log("samverk")
    return serve(
        site_of(args),
        SystemClock(),
        stop_on_signals(),
        Handover(port_file=args.port_file, once_link_file=args.once_link_file, host_name=args.host_name),
    )
