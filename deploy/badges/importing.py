"""`samverk badge import`: ties the cards of an existing list to members, once one card shows how it is written."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from deploy.asking import AskingError, Desk
from deploy.badges.forms import Form, ListError, Row, read_rows, uid_of
from deploy.badges.taps import next_reference
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import badge_key, reference, spelled
from kiosk.domain.ids import BadgeKey
from kiosk.door.badges import AskImportBadge
from kiosk.door.client import DoorClient
from kiosk.tools.credentials import badge_secrets
from kiosk.tools.site import Site


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list amounts to in the one form in which it holds the sample: no number, and no key.

    `unfit` are lines that hold no UID in that form, or one that says nothing of anybody; `twice` those whose card
    stands further up too.
    """

    form: Form
    rows: int
    sample_line: int
    unfit: tuple[int, ...]
    twice: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the list: how many are tied now, and the lines that were refused, with the reason."""

    preview: Preview
    tied: int
    refused: Mapping[int, str]


def preview(rows: Sequence[Row], secrets: Mapping[int, bytes], sample: str) -> tuple[Preview, dict[int, BadgeKey]]:
    """Return what the list amounts to, and the newest key of each line, by the reference of one card out of it.

    Raise `ListError` if no form, or more than one, makes that card out of a line.
    """
    secret = secrets[max(secrets)]
    found = {form: keys for form in Form if (keys := _keys(rows, form, secret)) and _line_of(keys, sample) is not None}
    if len(found) != 1:
        why = "in no form that is known" if not found else f"in several: {', '.join(found)}"
        message = f"the card that was shown stands in the list {why}: show another one out of it"
        raise ListError(message)
    form, keys = next(iter(found.items()))
    line = _line_of(keys, sample)
    assert line is not None  # noqa: S101 - narrows for the type checker; only such forms were kept
    twice = _twice(keys)
    unfit = tuple(one.line for one in rows if one.line not in keys)
    kept = {one: key for one, key in keys.items() if one not in twice}
    return Preview(form, len(rows), line, unfit, twice), kept


def run(door: DoorClient, desk: Desk, site: Site, args: argparse.Namespace) -> int:
    """Import the list and return 0, or 1 if any line was refused or is unfit; with `--dry-run` only say what it is."""
    rows = _read(args.file)
    sample = spelled(args.sample) if args.sample else _sample(door)
    secrets = badge_secrets(site.tables.badge.key_versions, site.state_dir)
    seen, keys = preview(rows, secrets, sample)
    if args.dry_run:
        print(msgspec.json.encode(seen).decode() if args.json else _told(seen))
        return 1 if seen.unfit or seen.twice else 0
    if not args.json:
        print(_told(seen))
    done = _tie(desk, rows, keys, max(secrets), seen)
    print(msgspec.json.encode(asdict(done)).decode() if args.json else _told_done(done))
    return 1 if done.refused or seen.unfit or seen.twice else 0


def _read(file: Path) -> tuple[Row, ...]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read_rows(lines)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read: {type(error).__name__}"
        raise ListError(message) from error


def _sample(door: DoorClient) -> str:
    print("Visa ett kort ur listan vid läsaren. Show one card out of the list at the reader.", file=sys.stderr)
    shown = next_reference(door, None)
    if shown is None:
        message = "the card that was shown is known already, or gives no number: show another one out of the list"
        raise AskingError(message)
    return shown


def _keys(rows: Iterable[Row], form: Form, secret: bytes) -> dict[int, BadgeKey]:
    uids = ((one.line, uid_of(one.number, form)) for one in rows)
    return {line: badge_key(secret, uid) for line, uid in uids if uid is not None}


def _line_of(keys: Mapping[int, BadgeKey], sample: str) -> int | None:
    return next((line for line, key in keys.items() if reference(key) == sample), None)


def _twice(keys: Mapping[int, BadgeKey]) -> tuple[int, ...]:
    seen: set[BadgeKey] = set()
    twice = []
    for line, key in keys.items():
        if key in seen:
            twice.append(line)
        seen.add(key)
    return tuple(twice)


def _tie(desk: Desk, rows: Iterable[Row], keys: Mapping[int, BadgeKey], version: int, seen: Preview) -> Imported:
    tied, refused = 0, dict[int, str]()
    for one in rows:
        key = keys.get(one.line)
        if key is None:
            continue
        ask = AskImportBadge(id=desk.new_id(), badge=key, key_version=version, member=one.member, by=desk.by)
        answer = desk.ask(ask)
        if answer.outcome is Outcome.REFUSED:
            refused[one.line] = str(answer.reason)
        else:
            tied += 1
    return Imported(seen, tied, refused)


def _told(seen: Preview) -> str:
    lines = [f"form: {seen.form} (line {seen.sample_line} is the card that was shown)", f"rows: {seen.rows}"]
    lines += [f"no usable number, left out: lines {_lines(seen.unfit)}"] if seen.unfit else []
    lines += [f"the same card further up, left out: lines {_lines(seen.twice)}"] if seen.twice else []
    return "\n".join(lines)


def _told_done(done: Imported) -> str:
    refused = [f"line {line}: {reason}" for line, reason in done.refused.items()]
    return "\n".join([f"tied: {done.tied}", *refused])


def _lines(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
