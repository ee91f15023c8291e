"""Events as a house sends them, made by hand from the protocol: nothing of a house's own code is used."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.centre import SITE, SOURCE

START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)

Body = dict[str, Any]


def text(moment: datetime) -> str:
    """Return the moment as a house writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(  # noqa: PLR0913 - the members of an event
    kind: str,
    sequence: int,
    *,
    number: int = 1,
    at: datetime | None = None,
    source: str = SOURCE,
    site: str = SITE,
    epoch: str = "",
    identifier: str = "",
    **more: Any,
) -> Body:
    """Return one event of the visit of that number; `more` is added to what it says, None takes a member away."""
    when = at or START + timedelta(seconds=sequence)
    data: Body = {"site": site, "visit": f"visit-{number}", "member": f"m{number:06}", "clock": "synced", **more}
    data = {name: value for name, value in data.items() if value is not None}
    subject = data.get("visit") or (data.get("agency") if "seats" in data else data.get("member"))
    body: Body = {
        "specversion": "1.0",
        "id": identifier or f"{kind.rpartition('.')[2]}-{epoch}{number}",
        "source": source,
        "type": f"se.samverket.{kind}",
        "subject": subject,
        "time": text(when),
        "sequence": f"{sequence:016}",
        "datacontenttype": "application/json",
        "data": data,
    }
    return {**body, "epoch": epoch} if epoch else body


def arrived(sequence: int, *, agency: str = "skatteverket", **more: Any) -> Body:
    """Return an arrival."""
    return event("visit.arrived", sequence, agency=agency, **more)


def visit(number: int, first_sequence: int, **more: Any) -> list[Body]:
    """Return the three events of one whole visit."""
    return [
        arrived(first_sequence, number=number, **more),
        event("visit.took_part", first_sequence + 1, number=number, **more),
        event("visit.left", first_sequence + 2, number=number, **more),
    ]


def visits(count: int, first: int = 1, **more: Any) -> list[Body]:
    """Return the events of so many whole visits, numbered and sequenced from the first on."""
    return [one for number in range(first, first + count) for one in visit(number, (number - 1) * 3 + 1, **more)]


def batch(events: list[Body]) -> bytes:
    """Return the events as one body."""
    return json.dumps(events).encode()
