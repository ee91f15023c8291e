"""What a reader types, and which badge that is."""

import pytest

from kiosk.domain.badge import Uid, UidProblem
from kiosk.reader.hid.typed import (
    BETWEEN_MAX_S,
    DECIMAL_BYTES,
    DIGITS_MAX,
    ENTER,
    KEYPAD_ENTER,
    TAB,
    Form,
    Terminator,
    Typed,
    Typing,
)
from kiosk.tools.site.contradictions import DECIMAL_DIGITS

CODES = {
    **dict(zip("1234567890", range(2, 12), strict=True)),
    **dict(zip("ABCDEF", (30, 48, 46, 32, 18, 33), strict=True)),
    "\n": ENTER,
    "\t": TAB,
    "^": 42,
    "X": 45,
}
DECIMAL = Typing(Form.DECIMAL, digits=10)


def typed(keys: str, typing: Typing = Typing(), every_s: float = 0.01) -> list[Uid | UidProblem]:  # noqa: B008 - it is frozen
    """Return the badges that come of these keys."""
    one = Typed(typing)
    found = [one.press(CODES[key], at * every_s) for at, key in enumerate(keys)]
    return [badge for badge in found if badge is not None]


def uid(digits: str) -> Uid:
    return Uid(bytes.fromhex(digits))


@pytest.mark.parametrize("digits", ["04A1B2C3", "04A1B2C3D4E5F6", "E004010203040506", "04A1B2C3D4E5F6A7B8C9"])
def test_hex_of_every_length_is_the_badge(digits: str) -> None:
    assert typed(f"{digits}\n") == [uid(digits)]


def test_two_badges_in_a_row_are_two_and_enters_by_themselves_are_none() -> None:
    assert typed("04A1B2C3\n\n\n04000001\n\n") == [uid("04A1B2C3"), uid("04000001")]


def test_the_keypad_and_shift_are_as_good_as_the_rest() -> None:
    one = Typed(Typing())
    keypad = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73}
    codes = [keypad.get(key) or CODES[key] for key in "0123456^789A^B4D"]
    found = [one.press(code, 0.0) for code in (*codes, KEYPAD_ENTER)]
    assert found[-1] == uid("0123456789AB4D")


def test_reversed_bytes_are_turned_round() -> None:
    assert typed("F6E5D4C3B2A104\n", Typing(reverse=True)) == [uid("04A1B2C3D4E5F6")]
    assert typed("3283263748\n", Typing(Form.DECIMAL, digits=10, reverse=True)) == [uid("04A1B2C3")]


@pytest.mark.parametrize(
    ("keys", "digits", "expected"),
    [
        ("0077705923\n", 10, "04A1B2C3"),
        ("4294967294\n", 10, "FFFFFFFE"),
        ("01303689068602870\n", 17, "04A1B2C3D4E5F6"),
    ],
)
def test_a_decimal_number_with_its_zeros_is_the_badge(keys: str, digits: int, expected: str) -> None:
    assert typed(keys, Typing(Form.DECIMAL, digits=digits)) == [uid(expected)]


@pytest.mark.parametrize("keys", ["77705923\n", "4294967296\n", "00777059231\n", "007770592A\n"])
def test_a_decimal_number_of_another_length_or_size_is_nobodys(keys: str) -> None:
    assert typed(keys, DECIMAL) == [UidProblem.LENGTH]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("04A1B2C3D4\n", UidProblem.LENGTH),
        ("04A1B2C\n", UidProblem.LENGTH),
        ("8804A1B2\n", UidProblem.HALF_READ),
        ("00000000\n", UidProblem.BLANK),
        ("04A1XB2C3\n", UidProblem.LENGTH),
        ("X\n", UidProblem.LENGTH),
    ],
)
def test_what_is_no_whole_uid_is_told_and_is_nobodys(keys: str, problem: UidProblem) -> None:
    assert typed(keys) == [problem]


def test_a_random_uid_is_whole_and_is_handed_on() -> None:
    assert typed("08112233\n") == [uid("08112233")]


def test_without_a_terminator_the_number_of_digits_ends_a_badge() -> None:
    typing = Typing(digits=8, terminator=Terminator.NONE)
    assert typed("04A1B2C304000001", typing) == [uid("04A1B2C3"), uid("04000001")]


def test_a_tab_ends_a_badge_where_it_is_set() -> None:
    assert typed("04A1B2C3\t", Typing(terminator=Terminator.TAB)) == [uid("04A1B2C3")]
    assert typed("04A1B2C3\t\n") == [UidProblem.LENGTH]


def test_a_badge_with_another_number_of_digits_than_set_is_nobodys() -> None:
    assert typed("04A1B2C3\n", Typing(digits=14)) == [UidProblem.LENGTH]


def test_keys_too_far_apart_are_never_put_together() -> None:
    one = Typed(Typing())
    for at, key in enumerate("04A1B2C3"):
        one.press(CODES[key], at * 0.01)
    assert one.press(ENTER, 0.08 + BETWEEN_MAX_S) is None
    assert typed("04A1B2C3\n", every_s=BETWEEN_MAX_S) == [uid("04A1B2C3")]
    assert typed("04A1B2C3\n", every_s=BETWEEN_MAX_S + 0.01) == []


def test_a_badge_that_was_begun_and_never_ended_is_told_once() -> None:
    one = Typed(Typing())
    one.press(CODES["0"], 0.0)
    lapses = [one.lapse(at_s) for at_s in (0.1, BETWEEN_MAX_S, BETWEEN_MAX_S + 0.1, 5.0)]
    assert lapses == [None, None, UidProblem.LENGTH, None]


def test_no_more_keys_are_kept_than_the_bound() -> None:
    one = Typed(Typing())
    for at in range(DIGITS_MAX * 10):
        one.press(CODES["0"], at * 0.01)
    assert len(one._keys) == DIGITS_MAX  # noqa: SLF001 - what is kept shows nowhere else
    assert one.press(ENTER, DIGITS_MAX * 0.1) is UidProblem.LENGTH


def test_the_site_file_knows_the_lengths_of_decimal_numbers() -> None:
    assert tuple(DECIMAL_BYTES) == DECIMAL_DIGITS
    assert all(len(str(256**size - 1)) == digits for digits, size in DECIMAL_BYTES.items())
