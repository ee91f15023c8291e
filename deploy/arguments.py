"""What several subcommands share of the command line."""

import argparse
import os
from pathlib import Path

from kiosk.tools.site import Site, load

SITE_FILE = Path("/etc/samverk/site.toml")


def add_site(parser: argparse.ArgumentParser) -> None:
    """Add `--site FILE`: by default the file that SAMVERK_SITE names, else the installed one."""
    default = Path(os.environ.get("SAMVERK_SITE", SITE_FILE))
    parser.add_argument("--site", type=Path, default=default, metavar="FILE", help=f"site file (default {default})")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`: print facts as JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def site_of(args: argparse.Namespace) -> Site:
    """Return the site that the arguments name, or raise `SiteFileError`."""
    return load(args.site)
