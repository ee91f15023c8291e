"""`samverk restore BACKUP`: puts a backup back, the services being stopped, and begins a new epoch at the centre."""

import argparse
import sys
from pathlib import Path

from deploy.arguments import add_site, site_of
from deploy.backup.folder import BackupError
from deploy.backup.restoring import restore
from kiosk.tools.clock import SystemClock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("backup", type=Path, help="a folder that `samverk backup` made")
    parser.add_argument("--force", action="store_true", help="also over a journal that is whole and newer")
    add_site(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when the backup is in place, else 1."""
    site = site_of(args)
    try:
        done = restore(site, args.backup, SystemClock()(), is_forced=args.force)
    except (BackupError, OSError) as error:
        print(f"samverk restore: {error}", file=sys.stderr)
        return 1
    print(f"Tillbakalagt / Put back: {', '.join(done.files)} ({done.events} händelser / events)")
    if done.aside:
        print(f"Det som fanns ligger kvar i / What was there is kept in {done.aside}")
    print(f"Ny epok hos centralen / New epoch at the centre: {done.epoch}")
    print("Starta nu / Start now: systemctl start samverk.target; samverk doctor")
    print("Radera på nytt dem som raderats sedan kopian togs. / Erase anew whoever was erased since the backup.")
    print("Gör upprop i huset: listan är så gammal som kopian. / Call the roll: the list is as old as the backup.")
    return 0
