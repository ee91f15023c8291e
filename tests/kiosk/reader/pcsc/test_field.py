"""Two cards in one field: what tells them from two people, one after the other."""

import pytest

from kiosk.domain.badge import Uid
from kiosk.reader.pcsc.field import GAP_S, TOGETHER_S, Field

A, B = Uid(bytes.fromhex("04A1B2C3D4E5F6")), Uid(bytes.fromhex("04000000000001"))


def second(*, read_s: float = 0.0, left_s: float | None = 0.5, came_s: float = 0.7, uid: Uid = B) -> bool:
    """Return whether a card is the second of two, after A."""
    field = Field()
    assert not field.is_second("reader", A, read_s, was_away_s=0.0)
    if left_s is not None:
        field.left("reader", left_s)
    return field.is_second("reader", uid, came_s, was_away_s=0.01)


@pytest.mark.parametrize(
    ("left_s", "came_s"),
    [
        pytest.param(0.5, 0.45 + GAP_S, id="at once after the first had left"),
        pytest.param(None, 0.2, id="in its place, with no empty field seen between"),
        pytest.param(TOGETHER_S - GAP_S / 2, TOGETHER_S, id="two seconds after the first was read"),
    ],
)
def test_another_card_sooner_than_a_hand_could_lay_it_there_is_the_second_of_two(
    left_s: float | None, came_s: float
) -> None:
    assert second(left_s=left_s, came_s=came_s)


@pytest.mark.parametrize(
    ("left_s", "came_s"),
    [
        pytest.param(0.5, 0.5 + GAP_S + 0.05, id="after a moment of empty field"),
        pytest.param(TOGETHER_S, TOGETHER_S + 0.05, id="long after the first was read"),
        pytest.param(None, TOGETHER_S + 0.05, id="in its place, long after"),
    ],
)
def test_a_card_that_a_hand_could_have_laid_there_is_the_next_one(left_s: float | None, came_s: float) -> None:
    assert not second(left_s=left_s, came_s=came_s)


def test_the_same_card_again_is_never_two() -> None:
    assert not second(left_s=None, came_s=0.1, uid=A)


def test_what_happened_while_nobody_watched_may_have_taken_its_time() -> None:
    field = Field()
    field.is_second("reader", A, 0.0, was_away_s=0.0)
    assert not field.is_second("reader", B, 1.0, was_away_s=GAP_S + 0.05)


def test_each_reader_has_a_field_of_its_own() -> None:
    field = Field()
    field.is_second("one", A, 0.0, was_away_s=0.0)
    assert not field.is_second("other", B, 0.1, was_away_s=0.0)
