"""`samverk backup FOLDER`: a copy of the house's databases while its services run, without any secret."""

import argparse
import sys
from pathlib import Path

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.backup.folder import KEPT_DAYS, BackupError, check, make, remove_old
from kiosk.tools.clock import SystemClock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("folder", type=Path, help="where backups are kept: another medium than the house's own")
    parser.add_argument("--keep-days", type=int, default=KEPT_DAYS, help=f"remove older ones (default {KEPT_DAYS})")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when a whole backup was made, else 1."""
    site, now = site_of(args), SystemClock()()
    try:
        made = make(site, args.site, args.folder, now)
        check(made)
        gone = remove_old(args.folder, site.id, now, max(1, args.keep_days))
    except (BackupError, OSError) as error:
        print(f"samverk backup: {error}", file=sys.stderr)
        return 1
    if args.json:
        print(msgspec.json.encode({"backup": str(made), "removed": [str(one) for one in gone]}).decode())
    else:
        removed = f", {len(gone)} gamla borttagna / old ones removed" if gone else ""
        print(f"{made}{removed}\nHemligheterna är inte med / The secrets are not in it: {site.state_dir}/credentials")
    return 0
