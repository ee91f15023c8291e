"""`samverk screen`: the members' screen in this terminal."""

import argparse
import sys
from pathlib import Path

from deploy.arguments import add_site, site_of
from kiosk.domain.ids import ReaderId
from kiosk.look.themes import ThemeName
from kiosk.screen.log import log_to
from kiosk.screen.place import NoticeError, place_of, read_notice
from kiosk.screen.run import run_screen
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.speech.programs import find
from kiosk.tools.speech.sounds import sounds_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this subcommand takes."""
    add_site(parser)
    parser.add_argument("--reader", metavar="ID", help="the reader beside this screen (default: the first of the site)")
    parser.add_argument("--theme", choices=[*ThemeName], help="colours (default: the site's, dark)")
    parser.add_argument("--silent", action="store_true", help="make no sound, whatever the site says")
    parser.add_argument("--notice", type=Path, metavar="FILE", help='JSON {"lines": [...]} to show while waiting')
    parser.add_argument("--log", type=Path, metavar="FILE", help="log file (default screen.log in the state directory)")
    parser.add_argument("--may-quit", action="store_true", help="let q and Ctrl-C end the program")


def run(args: argparse.Namespace) -> int:
    """Show the screen until it is told to stop."""
    site = site_of(args)
    if not sys.stdin.isatty():
        return _refuse("needs a terminal on its standard input")
    if args.reader is not None and args.reader not in site.readers:
        return _refuse(f"there is no reader {args.reader!r}; readers: {', '.join(site.readers) or 'none'}")
    try:
        notice = read_notice(args.notice) if args.notice else ()
    except NoticeError as error:
        return _refuse(str(error))
    reader = ReaderId(args.reader) if args.reader else None
    log_to(args.log or site.state_dir / "screen.log")
    sounds, can_speak = (None, False) if args.silent else sounds_of(site.tables.sound, find())
    place = place_of(site, reader, may_quit=args.may_quit, notice=notice, can_speak=can_speak)
    theme = ThemeName(args.theme or site.tables.screen.theme)
    return run_screen(place, SystemClock(), site.door, Ids(), theme=theme, sounds=sounds)


def _refuse(why: str) -> int:
    print(f"samverk screen: {why}", file=sys.stderr)
    return 2
