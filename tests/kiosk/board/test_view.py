"""What the board shows of the house, in public and to hosts."""

import pytest

from kiosk.board.view import Against, Difference, Range, classed, difference, house_view
from kiosk.domain.zones import ZoneState
from tests.kiosk.board.small_desk import small_board


@pytest.mark.parametrize(
    ("counted", "shown"),
    [
        (Range(0, 0), Range(0, 0)),
        (Range(1, 1), Range(1, 2)),
        (Range(2, 2), Range(1, 2)),
        (Range(3, 3), Range(3, 3)),
        (Range(0, 1), Range(0, 2)),
        (Range(2, 5), Range(1, 5)),
        (Range(2, None), Range(1, None)),
        (Range(4, None), Range(4, None)),
    ],
)
def test_counts_under_three_are_shown_as_a_class(counted: Range, shown: Range) -> None:
    assert classed(counted) == shown


def test_one_and_two_look_alike_in_public() -> None:
    one, two = (house_view(small_board(in_house=n, joined=n), is_public=True) for n in (1, 2))
    assert one == two


def test_a_host_sees_exact_counts() -> None:
    seen = house_view(small_board(in_house=2), is_public=False)
    assert seen.in_house == Range(2, 2)
    assert seen.waiting == Range(1, 1)


@pytest.mark.parametrize(
    ("people", "joined", "expected"),
    [
        (Range(4, 6), Range(3, 3), Difference(Against.MORE, 1)),
        (Range(0, 0), Range(1, 2), Difference(Against.FEWER, 1)),
        (Range(2, 4), Range(3, 3), Difference(Against.ALIKE)),
        (Range(2, None), Range(9, 9), Difference(Against.ALIKE)),
        (None, Range(3, 3), Difference(Against.CANNOT_TELL)),
    ],
)
def test_only_what_is_sure_counts_as_a_difference(people: Range | None, joined: Range, expected: Difference) -> None:
    assert difference(people, joined) == expected


def test_an_unknown_zone_shows_neither_people_nor_confidence() -> None:
    rest = house_view(small_board(), is_public=True).zones[2]
    assert rest.state is ZoneState.UNKNOWN
    assert rest.people is None
    assert rest.confidence is None
