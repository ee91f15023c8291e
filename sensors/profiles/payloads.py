"""How payloads become values: JSON by a decoder made once, or plain text; times, each in its form. Never raises."""

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from sensors.readings import PAYLOAD_MAX, Refusal

TEXT_MAX = 64
"""The longest payload that is looked into where a plain word, number or tag is expected, in bytes."""

MS_A_SECOND = 1000

T = TypeVar("T")


def decode(decoder: msgspec.json.Decoder[T], payload: bytes) -> T | Refusal:
    """Return the JSON payload as the decoder's type, or why it is none."""
    if len(payload) > PAYLOAD_MAX:
        return Refusal.TOO_LARGE
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError:
        return Refusal.WRONG_TYPE
    except (ValueError, RecursionError):
        return Refusal.NOT_JSON


def plain(payload: bytes) -> str | Refusal:
    """Return the payload as text without space around it, or why it is none."""
    if len(payload) > PAYLOAD_MAX:
        return Refusal.TOO_LARGE
    if len(payload) > TEXT_MAX:
        return Refusal.UNKNOWN_STATE
    try:
        return payload.decode().strip()
    except UnicodeDecodeError:
        return Refusal.WRONG_TYPE


def number(text: str) -> float | Refusal:
    """Return a number written as plain decimal text; it may be infinite or NaN, which no measure takes."""
    try:
        return Refusal.NOT_A_NUMBER if "_" in text else float(text)
    except ValueError:
        return Refusal.NOT_A_NUMBER


def iso_time(text: str | None) -> datetime | None:
    """Return a time as ISO 8601, in UTC, or without a zone if it names none; None for any other text."""
    if text is None:
        return None
    try:
        stamp = datetime.fromisoformat(text)
        return stamp.astimezone(UTC) if stamp.tzinfo else stamp
    except (ValueError, OverflowError):
        return None


def epoch_time(since_1970: float | None, *, per_second: int = 1) -> datetime | None:
    """Return a number of seconds, or of `per_second` to the second, as a time; None if there is none, or no such time.

    The number may be an integer of any size.
    """
    if since_1970 is None:
        return None
    try:
        return datetime.fromtimestamp(since_1970 / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
