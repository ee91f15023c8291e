"""Readers in the site file: what one that types like a keyboard cannot be without."""

import pytest

from kiosk.tools.site import SiteFileError, read
from tests.support.books import SITE

HID = '[[reader]]\nid = "typing"\ndriver = "hid"\n'


def problems(more: str) -> list[str]:
    """Return what is wrong with a second reader."""
    try:
        read(SITE.format(state_dir="/nowhere") + HID + more)
    except SiteFileError as error:
        return [str(one) for one in error.problems]
    return []


def test_a_reader_that_types_is_as_good_as_any() -> None:
    assert problems('match = "SYC"') == []
    assert problems('match = "SYC"\nform = "decimal"\ndigits = 10\nreverse = true\nterminator = "none"') == []


@pytest.mark.parametrize(
    ("more", "where", "what"),
    [
        ("", "reader[1].match", "is missing"),
        ('match = "SYC"\nform = "decimal"', "reader[1].digits", "10, 17, 20, 25"),
        ('match = "SYC"\nform = "decimal"\ndigits = 8', "reader[1].digits", "10, 17, 20, 25"),
        ('match = "SYC"\nterminator = "none"', "reader[1].digits", "is missing"),
    ],
)
def test_what_it_cannot_be_without_is_told_with_a_way_out(more: str, where: str, what: str) -> None:
    (found,) = problems(more)
    assert where in found
    assert what in found
