"""`samverk record`: what the house's sensors say over MQTT, as a trace on standard output or in a file."""

import argparse
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from deploy.arguments import add_site, site_of
from kiosk.tools.clock import Clock, SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.site import Problem, Site, SiteFileError
from kiosk.tools.stopping import stop_on_signals
from sensors.broker import Inbox, Link
from sensors.plan import NAME, plan
from sensors.trace import Mask, conceals, line

POLL_S = 0.25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_site(parser)
    parser.add_argument("--for", dest="for_s", type=float, metavar="S", help="stop after this many seconds")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write here instead of to standard output")


def run(args: argparse.Namespace) -> int:
    """Record until stopped; 1 if the broker was never reached."""
    site = site_of(args)
    start_log("samverk.record")
    with ExitStack() as stack:
        out = stack.enter_context(args.out.open("w")) if args.out else sys.stdout
        return record(site, out, SystemClock(), stop_on_signals(), args.for_s)


def record(site: Site, out: TextIO, clock: Clock, stop: threading.Event, for_s: float | None = None) -> int:
    """Write a line for each message of the site's sensors until stopped, or for that long."""
    broker = site.tables.broker
    if broker is None:
        raise SiteFileError(NAME, (Problem(None, "broker", "is missing", "add [broker]"),))
    routes = plan(site).routes
    inbox, mask = Inbox(), Mask(conceals(routes))
    # A name of its own for each: two with the same name would throw each other out.
    name = f"samverk-{site.id}-record-{clock().elapsed_s:.6f}"
    link = Link(broker, name, topics=tuple(routes), on_message=inbox.put, on_rest=inbox.rest, on_connected=inbox.wake)
    link.start()
    began, was_up = clock(), False
    while not stop.is_set() and (for_s is None or clock().seconds_since(began) < for_s):
        heard = inbox.take(POLL_S)
        now, was_up = clock(), was_up or link.is_up()
        for message in heard.messages:
            print(line(now.wall.timestamp(), message, mask), file=out)
        out.flush()
    link.stop()
    return 0 if was_up else 1
