"""Measuring a tap."""

from itertools import count

from kiosk.reader.pcsc.stopwatch import ReadTime, timed_reader
from tests.support.fake_scard import UID, FakeScard, Heard, InstantStop, comes, goes


def test_each_tap_is_timed_from_the_waits_end_and_told_before_the_tap() -> None:
    ticks = count()
    stop, heard = InstantStop(), Heard()
    told: list[tuple[ReadTime, int]] = []
    scard = FakeScard(comes, goes, comes, stop=stop)
    timed_reader(
        heard, scard, lambda times: told.append((times, len(heard.cards))), counter=lambda: float(next(ticks))
    ).run(stop)
    assert heard.cards == [UID, UID]
    assert [before for _times, before in told] == [0, 1]
    # The counter moves by one at each look: at the wait's end, before and after each of three calls, and at the end.
    assert [(times.read_s, times.bare_s) for times, _before in told] == [(7.0, 3.0)] * 2
