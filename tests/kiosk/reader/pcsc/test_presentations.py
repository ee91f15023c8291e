"""Counting presentations from pcscd's event states."""

import pytest

from kiosk.reader.pcsc.presentations import NOTHING, Presentations, presentations
from kiosk.reader.pcsc.scard import CHANGED, EMPTY, MUTE, PRESENT, UNAVAILABLE, UNAWARE, UNKNOWN

INUSE = 0x0100


def word(count: int, bits: int) -> int:
    return count << 16 | bits


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        pytest.param(word(4, EMPTY), word(5, PRESENT), Presentations(0, new=True), id="a card came"),
        pytest.param(word(5, PRESENT), word(6, EMPTY), NOTHING, id="the card left"),
        pytest.param(
            word(5, PRESENT), word(7, PRESENT), Presentations(0, new=True), id="another card came in its place"
        ),
        pytest.param(
            word(5, PRESENT), word(9, PRESENT), Presentations(1, new=True), id="one came and left, another came"
        ),
        pytest.param(word(4, EMPTY), word(6, EMPTY), Presentations(1, new=False), id="a card came and left"),
        pytest.param(word(4, EMPTY), word(8, EMPTY), Presentations(2, new=False), id="two cards came and left"),
        pytest.param(word(4, EMPTY), word(7, PRESENT), Presentations(1, new=True), id="one came and left, one came"),
        pytest.param(
            word(5, PRESENT), word(8, EMPTY), Presentations(1, new=False), id="after the card one came and left"
        ),
        pytest.param(word(5, PRESENT), word(5, PRESENT | INUSE), NOTHING, id="another program uses the card"),
        pytest.param(word(5, PRESENT), word(5, PRESENT | CHANGED), NOTHING, id="nothing happened"),
        pytest.param(word(0xFFFF, EMPTY), word(0, PRESENT), Presentations(0, new=True), id="the count begins anew"),
        pytest.param(word(4, EMPTY), word(5, PRESENT | MUTE), Presentations(0, new=True), id="a mute card came"),
        pytest.param(word(4, EMPTY), word(4, PRESENT), Presentations(0, new=True), id="seen before it was counted"),
        pytest.param(word(4, PRESENT), word(5, PRESENT), NOTHING, id="counted after it was seen"),
        pytest.param(word(5, EMPTY), word(6, EMPTY), NOTHING, id="a leaving counted after it was seen"),
        pytest.param(
            word(5, EMPTY), word(7, PRESENT), Presentations(0, new=True), id="a leaving and a card counted at once"
        ),
        pytest.param(UNAWARE, word(1, PRESENT), NOTHING, id="it lay there at the first look"),
        pytest.param(UNAVAILABLE, word(7, PRESENT), NOTHING, id="it lay there when the reader could be seen again"),
        pytest.param(word(7, PRESENT), UNKNOWN | UNAVAILABLE, NOTHING, id="the reader was pulled out"),
    ],
)
def test_two_event_states_tell_how_many_cards_were_shown(before: int, now: int, shown: Presentations) -> None:
    assert presentations(before, now) == shown
