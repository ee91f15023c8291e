"""`samverk records export|release`: events for a request for public records, marked field by field before they go out.

`export` writes a working file that must not leave the house; `release` writes what may, as it was marked there.
"""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

from deploy.arguments import add_site, site_of
from deploy.keeper import add_by, keeper, purpose
from kiosk.domain.marking import MASKED, Mark, fields, first_mark
from kiosk.store.codec import event_to_json
from kiosk.store.journal import JournalReader
from kiosk.tools.site import Site

COLUMNS = ("nr", "event", "field", "value", "mark")
BYTES_MAX = 256 * 1024 * 1024
"""A larger working file is none of ours."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class MarkingError(Exception):
    """The working file cannot be released; the text names every line that is not decided."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    whats = parser.add_subparsers(dest="what", required=True)
    export = whats.add_parser("export", help="write the events of some days, each field marked keep or mask")
    export.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DATE")
    export.add_argument(
        "--to", dest="last", type=date.fromisoformat, required=True, metavar="DATE", help="this day too"
    )
    release = whats.add_parser("release", help="write what the marks let out")
    release.add_argument("file", type=Path, metavar="FILE", help="the working file, as it has been marked")
    for one in (export, release):
        one.add_argument("--purpose", type=purpose, required=True, help="what for: it stands in the access log")
        one.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new CSV file")
        add_by(one)
        add_site(one)


def run(args: argparse.Namespace) -> int:
    """Return 0 if the file was written, 1 if it was not."""
    site = site_of(args)
    if args.out.exists():
        print(f"samverk records: {args.out} is there already: name a new file", file=sys.stderr)
        return 1
    return _export(site, args) if args.what == "export" else _release(site, args)


def _export(site: Site, args: argparse.Namespace) -> int:
    with keeper(site, args.by) as one:
        one.note_access(f"public records {args.first} to {args.last}", args.purpose)
    first = datetime.combine(args.first, time(), tzinfo=site.hours.zone).astimezone(UTC)
    last = datetime.combine(args.last + timedelta(days=1), time(), tzinfo=site.hours.zone).astimezone(UTC)
    rows = list(_rows(site, first, last))
    _write(args.out, rows)
    print(
        f"{len(rows)} fält i {args.out}, bara för granskning. Ändra mark till keep eller mask på varje rad, kör sedan\n"
        f"samverk records release {args.out} --purpose ... --out ...; radera därefter arbetsfilen.\n"
        f"{len(rows)} fields, for review only: set mark to keep or mask on each line, release, then delete this file."
    )
    return 0


def _release(site: Site, args: argparse.Namespace) -> int:
    try:
        rows = released(_read(args.file))
    except (MarkingError, OSError) as error:
        print(f"samverk records: {error}", file=sys.stderr)
        return 1
    with keeper(site, args.by) as one:
        one.note_access("public records released", args.purpose)
    _write(args.out, rows)
    masked = sum(row["value"] == MASKED for row in rows)
    print(f"{len(rows)} fält i {args.out}, {masked} maskerade / {len(rows)} fields, {masked} masked")
    return 0


def released(text: str) -> list[dict[str, str]]:
    """Return the rows of a working file as they may go out, or raise `MarkingError`: all are decided, or none goes."""
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        message = f"not a working file: its first line must be {';'.join(COLUMNS)}"
        raise MarkingError(message)
    rows, wrong = [], []
    for number, row in enumerate(reader, start=2):
        if row.get("mark") not in {one.value for one in Mark} or None in row:
            wrong.append(str(number))
        else:
            rows.append({**row, "value": row["value"] if row["mark"] == Mark.KEEP else MASKED})
    if wrong:
        message = f"write keep or mask in the last column of line {', '.join(wrong[:20])}: nothing was released"
        raise MarkingError(message)
    return rows


def _rows(site: Site, first: datetime, last: datetime) -> Iterator[dict[str, str]]:
    journal = JournalReader(site.state_dir / "journal.db")
    seq = 0
    try:
        while batch := journal.after(seq):
            for one in batch:
                if first <= one.event.at.wall < last:
                    name, payload = event_to_json(one.event)
                    yield from _event_rows(one.seq, name, msgspec.json.decode(payload))
            seq = batch[-1].seq
    finally:
        journal.close()


def _event_rows(seq: int, name: str, content: Mapping[str, object]) -> Iterator[dict[str, str]]:
    for path, value in fields(content):
        text = "" if value is None else str(value)
        # A spreadsheet would run what begins like a formula.
        plain = f"'{text}" if text.startswith(_FORMULA) else text
        yield dict(zip(COLUMNS, (str(seq), name, path, plain, first_mark(path).value), strict=True))


def _read(path: Path) -> str:
    if path.stat().st_size > BYTES_MAX:
        message = f"{path} is larger than {BYTES_MAX} bytes"
        raise MarkingError(message)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text: save it as CSV, UTF-8"
        raise MarkingError(message) from error


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a new file that only its owner may read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as out:  # noqa: PTH123 - a descriptor of our own making
        writer = csv.DictWriter(out, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
