"""How lists of cards write a number, and the UIDs that a list amounts to in each form. A UID is never printed."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.badge import UID_LENGTHS, Uid, uid_problem

ROWS_MAX = 100_000
"""A longer list is no list of one house's cards."""
_SEPARATORS = str.maketrans("", "", ":-. _'\u00a0")
_MEMBERS, _NUMBERS = ("member", "medlem", "id"), ("number", "nummer", "uid", "card", "kort")


class Form(StrEnum):
    """How a number is written. Separators do not matter."""

    HEX = "hex"
    HEX_REVERSED = "hex-reversed"
    DECIMAL = "decimal"
    DECIMAL_REVERSED = "decimal-reversed"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: whose, and the number as it stands there."""

    line: int
    member: str
    number: str = field(repr=False)


class ListError(Exception):
    """The list cannot be used; the text says why and what to do."""


def read_rows(lines: Iterable[str]) -> tuple[Row, ...]:
    """Return the rows of a list with two columns, member and number, in this order unless a head says otherwise."""
    text = list(lines)
    delimiter = next((one for one in (";", "\t", ",") if text and one in text[0]), ",")
    parsed = [[cell.strip() for cell in row] for row in csv.reader(text, delimiter=delimiter)]
    at, first = _columns(parsed[0]) if parsed else ((0, 1), 0)
    rows = tuple(_rows(parsed, at, first))
    if not rows:
        message = "the list is empty: it has two columns, the member's id and the card's number"
        raise ListError(message)
    if len(rows) > ROWS_MAX:
        message = f"the list has more than {ROWS_MAX} rows"
        raise ListError(message)
    return rows


def uid_of(number: str, form: Form) -> Uid | None:
    """Return the UID that a number is in that form, or None if it is none.

    A decimal number is of the shortest length of UID that it fits; a list of longer ones with zeros in front cannot be
    told from it.
    """
    bare = number.translate(_SEPARATORS)
    value = _hex(bare) if form in {Form.HEX, Form.HEX_REVERSED} else _decimal(bare)
    if value is None:
        return None
    if form in {Form.HEX_REVERSED, Form.DECIMAL_REVERSED}:
        value = value[::-1]
    return Uid(value) if uid_problem(value) is None else None


def _columns(head: Sequence[str]) -> tuple[tuple[int, int], int]:
    names = [one.lower() for one in head]
    member = next((at for at, one in enumerate(names) if one in _MEMBERS), None)
    number = next((at for at, one in enumerate(names) if one in _NUMBERS), None)
    return ((0, 1), 0) if member is None or number is None else ((member, number), 1)


def _rows(parsed: Sequence[Sequence[str]], at: tuple[int, int], first: int) -> Iterator[Row]:
    for line, cells in enumerate(parsed[first:], start=first + 1):
        if not any(cells):
            continue
        if len(cells) <= max(at):
            message = f"line {line} has no two columns"
            raise ListError(message)
        yield Row(line, cells[at[0]], cells[at[1]])


def _hex(bare: str) -> bytes | None:
    bare = bare.lower().removeprefix("0x")
    try:
        return bytes.fromhex(bare)
    except ValueError:
        return None


def _decimal(bare: str) -> bytes | None:
    if not (bare.isascii() and bare.isdigit()) or len(bare) > len(str(1 << 80)):
        return None
    number = int(bare)
    length = next((one for one in UID_LENGTHS if number < 1 << 8 * one), None)
    return None if length is None else number.to_bytes(length)
