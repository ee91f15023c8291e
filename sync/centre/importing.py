"""Members from a CSV file, as a spreadsheet writes it, and what an import would change."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import msgspec
from scim2_models import NotFoundException

from sync.centre import records, schemas
from sync.centre.enrolment import IMPORT_BYTES_MAX, Enrolment, NewMember, agency_resource, user_resource
from sync.centre.records import Kind
from sync.centre.registry import Registry
from sync.centre.storage.room import CentreError

COLUMNS = ("id", "name", "agency", "language", "valid_from", "valid_until", "badge", "key_version", "active")
NEEDED = ("id", "name", "agency")
PROBLEMS_MAX = 20
"""How many lines that cannot be read are named at once."""
_NO = frozenset({"0", "false", "nej", "no"})


def read_csv(text: bytes) -> Enrolment:
    """Return the members in a CSV file, or raise `CentreError` naming every line that cannot be read.

    The first line names the columns; comma or semicolon between them, as the spreadsheet likes. Several lines with the
    same id are one member with several badges. A date without a time is midnight UTC.
    """
    try:
        decoded = text[:IMPORT_BYTES_MAX].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "the file is not UTF-8: save it as CSV UTF-8"
        raise CentreError(message) from error
    head = decoded.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(decoded), delimiter=";" if head.count(";") > head.count(",") else ",")
    _demand_columns(reader.fieldnames or ())
    members: dict[str, dict[str, Any]] = {}
    problems = []
    for number, line in enumerate(reader, start=2):
        try:
            _add(members, line)
        except (ValueError, TypeError) as error:
            problems.append(f"line {number}: {error}")
    if problems:
        more = f"\nand {len(problems) - PROBLEMS_MAX} more" if len(problems) > PROBLEMS_MAX else ""
        raise CentreError("the file cannot be read:\n" + "\n".join(problems[:PROBLEMS_MAX]) + more)
    return Enrolment(members=tuple(msgspec.convert(one, NewMember, strict=False) for one in members.values()))


def preview(registry: Registry, enrolment: Enrolment) -> str:
    """Return what the import would change, in a few lines."""
    lines = []
    agencies = [(Kind.AGENCY, one.id, agency_resource(one).model_dump()) for one in enrolment.agencies]
    members = [(Kind.MEMBER, one.id, user_resource(one).model_dump()) for one in enrolment.members]
    for name, told in (("agencies", agencies), ("members", members)):
        found: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
        for kind, identifier, document in told:
            found[_compared(registry, kind, identifier, document)].append(identifier)
        counts = ", ".join(f"{len(ids)} {what}" for what, ids in found.items())
        lines.append(f"{name}: {counts}")
        for what in ("new", "changed"):
            lines += [f"  {what}: {identifier}" for identifier in found[what][:PROBLEMS_MAX]]
    known = {one.id for one in enrolment.agencies}
    unknown = sorted({one.agency for one in enrolment.members} - known - _agencies(registry))
    if unknown:
        lines.append(f"cannot be imported, there is no agency {', '.join(unknown)}: add it first")
    return "\n".join(lines)


def _demand_columns(names: Any) -> None:
    unknown, lacking = set(names) - set(COLUMNS), set(NEEDED) - set(names)
    if unknown or lacking:
        message = f"the first line names columns: {', '.join(NEEDED)} must be there, and {', '.join(COLUMNS)} may be"
        raise CentreError(message)


def _add(members: dict[str, dict[str, Any]], line: dict[str, str]) -> None:
    if None in line:
        message = "more values than columns"
        raise ValueError(message)
    given = {name: (value or "").strip() for name, value in line.items()}
    badge, version = given.pop("badge", ""), given.pop("key_version", "") or "1"
    one: dict[str, Any] = {name: value for name, value in given.items() if value}
    for name in ("valid_from", "valid_until"):
        if name in one:
            one[name] = _moment(one[name])
    if "active" in one:
        one["active"] = one["active"].lower() not in _NO
    badges = [{"key": badge, "key_version": int(version)}] if badge else []
    before = members.get(one.get("id", ""))
    if before is not None:
        badges = [*before["badges"], *badges]
        if {**before, "badges": []} != {**one, "badges": []}:
            message = f"{one['id']} stands there twice, with different values"
            raise ValueError(message)
    one["badges"] = badges
    members[msgspec.convert(one, NewMember, strict=False).id] = one


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _compared(registry: Registry, kind: Kind, identifier: str, document: dict[str, Any]) -> str:
    type_ = schemas.AGENCY if kind is Kind.AGENCY else schemas.USER
    try:
        kept = registry.resources.get(type_, identifier).model_dump()
    except NotFoundException:
        return "new"
    same = records.content(kind, identifier, records.for_house(kept)) == records.content(
        kind, identifier, records.for_house(document)
    )
    return "unchanged" if same else "changed"


def _agencies(registry: Registry) -> set[str]:
    with registry.people.reading() as work:
        return {str(row[0]) for row in work.rows("SELECT id FROM resources WHERE type = 'Agency'")}
