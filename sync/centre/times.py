"""Moments as the centre writes them: RFC 3339 in UTC with microseconds, so that they sort as text."""

from datetime import UTC, datetime

FIRST, LAST = "", "9999-12-31T23:59:59.999999Z"
"""Before and after every moment."""

_TO_OFFSET = len("2026-11-23T08:00:00.000000")


def utc_text(moment: datetime) -> str:
    """Return the moment as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:_TO_OFFSET] + "Z"


def read_text(text: str) -> datetime:
    """Return the moment that such a text, or any RFC 3339 text with an offset, names."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
