"""`samverk research`: releases a whole month's figures, once and for good, and draws them. Never a person."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.arguments import add_site, site_of
from deploy.report.page import page
from kiosk.domain.disclosure import Figure
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.release import HOURS, Release, release
from kiosk.store.tallies import Released, Releases, agency_names, tallies_of
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site

AFTER = timedelta(days=1)
"""How long after its last day a month is complete: by then hosts have mended what they can."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RefusedError(Exception):
    """The month cannot be told; the text says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their arguments."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    export = commands.add_parser("export", help="print a whole month's figures, released at the first time asked")
    add_site(export)
    export.add_argument("--month", required=True, type=_month, metavar="YYYY-MM")
    export.add_argument("--csv", action="store_true", help="CSV instead of JSON")
    export.add_argument("--out", type=Path, metavar="FILE", help="into a file instead")
    report = commands.add_parser("report", help="draw released months as one HTML file")
    add_site(report)
    which = report.add_mutually_exclusive_group()
    which.add_argument("--month", type=_month, metavar="YYYY-MM", help="by default the last one released")
    which.add_argument("--all", action="store_true", help="every month that was released")
    report.add_argument("--out", type=Path, required=True, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Carry out the subcommand. Exit status 1 if the month cannot be told."""
    site = site_of(args)
    releases = Releases(site.state_dir / "research.db")
    try:
        if args.what == "export":
            released = released_month(site, releases, args.month, SystemClock()())
            text = as_csv(released.release) if args.csv else released.body + "\n"
        else:
            text = _report(site, releases, args)
        _write(text, args.out)
    except (RefusedError, OSError) as error:
        print(f"samverk research {args.what}: {error}", file=sys.stderr)
        return 1
    finally:
        releases.close()
    return 0


def released_month(site: Site, releases: Releases, month: str, now: Instant) -> Released:
    """Return the month as it was released, or release it now, for good. Raise `RefusedError` if it cannot be."""
    earlier = releases.of(month)
    if earlier is not None:
        return earlier
    if not is_complete(month, now, site.hours.zone):
        message = f"{month} is not over, or this machine's clock is not set: a month is released whole, a day after it"
        raise RefusedError(message)
    tallies = tallies_of(site.state_dir / "journal.db", month)
    if not tallies:
        message = f"nothing was counted in {month}"
        raise RefusedError(message)
    made = release(tallies, month, site.tables.research.group_min, site.zones)
    names = agency_names(site.state_dir / "roster.db")
    shown = sorted({one for pair in (*made.between, *made.within) for one in (pair.first, pair.second)})
    named = {one: names.get(one, one) for one in shown}
    at = now.wall.isoformat(timespec="seconds")
    return releases.add(replace(made, agencies=named, site=site.id, released_at=at), now)


def is_complete(month: str, now: Instant, zone: ZoneInfo) -> bool:
    """Return whether the local month, YYYY-MM, has been over for as long as it takes."""
    if now.clock is ClockState.UNSET:
        return False
    return f"{(now.wall - AFTER).astimezone(zone):%Y-%m}" > month


def as_csv(one: Release) -> str:
    """Return the figures one a line: month, what, about, and the figure; empty is withheld."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("month", "what", "first", "second", "figure"))
    for what, first, second, figure in _lines(one):
        writer.writerow((one.month, what, _harmless(first), _harmless(second), "" if figure is None else figure))
    return out.getvalue()


def _lines(one: Release) -> Iterator[tuple[str, str, str, Figure]]:
    yield "visits", "", "", one.visits
    yield "taking_part", "", "", one.taking_part
    yield "closed_automatically", "", "", one.closed_automatically
    yield from (("arrivals", hour, "", figure) for hour, figure in zip(HOURS, one.arrivals_by_hour, strict=True))
    for zone in one.zones:
        yield "joins", zone.zone, "", zone.joins
        yield from (("joins", zone.zone, *pair) for pair in zip(HOURS, zone.joins_by_hour, strict=True))
        yield "took_part", zone.zone, "", zone.took_part
        yield from (("took_part", zone.zone, *pair) for pair in zip(HOURS, zone.took_part_by_hour, strict=True))
    yield "meetings_between", "", "", one.meetings_between
    yield "meetings_within", "", "", one.meetings_within
    yield from (("meetings", pair.first, pair.second, pair.meetings) for pair in (*one.between, *one.within))
    yield "offers_made", "", "", one.offers_made
    yield "offers_taken", "", "", one.offers_taken
    yield "offers_followed", "", "", one.offers_followed
    yield from (("met_somebody", answer, "", figure) for answer, figure in one.met_somebody.items())
    yield "guests", "", "", one.guests
    yield "activities", "", "", one.activities


def _harmless(text: str) -> str:
    # A spreadsheet takes these for the beginning of a formula, and an agency's id comes from outside.
    return f"'{text}" if text.startswith(_FORMULA) else text


def _report(site: Site, releases: Releases, args: argparse.Namespace) -> str:
    months = releases.months()
    chosen = months if args.all else (args.month,) if args.month else months[-1:]
    found = [releases.of(month) for month in chosen]
    if not found or None in found:
        message = f"{args.month or 'any month'} was not released yet: `samverk research export --month YYYY-MM` does it"
        raise RefusedError(message)
    names = {str(zone): one.name for zone, one in site.zones.items()}
    return page(site.name, [one.release for one in found if one is not None], names)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")


def _month(text: str) -> str:
    year, _, month = text.partition("-")
    is_month = len(text) == len("2026-10") and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12  # noqa: PLR2004 - months of a year
    if not (is_month and text.isascii()):
        message = f"{text!r} is not a month: write YYYY-MM"
        raise argparse.ArgumentTypeError(message)
    return text
