"""`samverk config check|show`: whether the site file can be used, and what it amounts to."""

import argparse
import sys

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.tools.site import SiteFileError
from kiosk.tools.site.readiness import lacking
from sensors.plan import plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument(
        "what", choices=("check", "show"), help="check: name every error; show: print all values in force"
    )
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if the site file can be used, and for people outside the demonstration; 1 if not."""
    try:
        site = site_of(args)
        plan(site)
    except SiteFileError as error:
        return _problems(error, as_json=args.json)
    lacks = lacking(site) if args.what == "check" else ()
    if lacks:
        return _problems(SiteFileError(str(args.site), lacks), as_json=args.json)
    if args.what == "show":
        plain = msgspec.to_builtins(site.tables)
        print(msgspec.json.encode(plain).decode() if args.json else _listed(plain, ""))
    else:
        counts = f"{len(site.zones)} zones, {len(site.sensors)} sensors, {len(site.readers)} readers"
        print(msgspec.json.encode({"file": str(args.site), "problems": []}).decode() if args.json else f"ok: {counts}")
    return 0


def _problems(error: SiteFileError, *, as_json: bool) -> int:
    if as_json:
        problems = [msgspec.to_builtins(one) for one in error.problems]
        print(msgspec.json.encode({"file": error.path, "problems": problems}).decode())
    else:
        print(error, file=sys.stderr)
    return 1


def _listed(value: object, path: str) -> str:
    """Return every value with its path, a line each."""
    if isinstance(value, dict):
        return "\n".join(_listed(one, f"{path}.{key}" if path else str(key)) for key, one in value.items())
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "\n".join(_listed(one, f"{path}[{index}]") for index, one in enumerate(value))
    return f"{path} = {msgspec.json.encode(value).decode()}"
