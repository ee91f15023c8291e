"""Who stands behind a figure: how many people at least, and never who."""

from dataclasses import replace
from datetime import timedelta

from kiosk.domain import events
from kiosk.domain.counting import BUCKETS, count
from kiosk.domain.house import House
from kiosk.domain.ids import EventId, MemberId, VisitId
from kiosk.domain.tally import Counted
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, joined, left
from tests.kiosk.domain.test_tally import CARL, EMPTY, counted, number, together
from tests.support.house import FIRE, at


def many(people: int, first: int = 0) -> list[events.Happened]:
    """Return that many members arriving and leaving."""
    names = [MemberId(f"m{one}") for one in range(first, first + people)]
    return [event for who in names for event in (arrived(who), left(who))]


def test_the_people_behind_a_figure_are_at_most_as_many_as_there_are_and_nearly_as_many() -> None:
    said = number(counted(*many(20)), Counted.PEOPLE_ARRIVALS, "")
    assert 17 <= said <= 20


def test_one_who_comes_ten_times_is_one_of_the_people() -> None:
    visits = [
        event
        for turn in range(10)
        for event in (
            arrived(ASTRID, turn * 100, f"visit-{turn}"),
            replace(left(seconds=turn * 100 + 9), visit=VisitId(f"visit-{turn}"), id=EventId(f"l{turn}")),
        )
    ]
    counting = counted(*visits)
    assert number(counting, Counted.ARRIVALS) == 10
    assert number(counting, Counted.PEOPLE_ARRIVALS, "") == 1


def test_after_a_restart_the_number_of_people_grows_only_once_it_is_surpassed() -> None:
    first = counted(*many(20))
    said = first.counts.said
    renewed = replace(EMPTY, salt=b"another", said=said)
    same_again = counted(*many(20), counts=renewed)
    assert number(same_again, Counted.PEOPLE_ARRIVALS, "") <= 20 - number(first, Counted.PEOPLE_ARRIVALS, "")
    more = counted(*many(60), counts=renewed)
    total = number(first, Counted.PEOPLE_ARRIVALS, "") + number(more, Counted.PEOPLE_ARRIVALS, "")
    assert 40 < total <= 60


def test_in_which_bucket_somebody_is_cannot_be_told_without_the_salt() -> None:
    under_another = replace(EMPTY, salt=b"another")
    assert counted(*many(5)).counts.buckets != counted(*many(5), counts=under_another).counts.buckets
    with_itself = [counted(*many(5)).counts.buckets for _ in range(2)]
    assert with_itself[0] == with_itself[1]


def test_behind_a_pair_of_agencies_stand_the_people_of_either_side() -> None:
    story = together((ASTRID, "a"), (BO, "b"), (CARL, "b"))
    counting = counted(*story)
    assert number(counting, Counted.PEOPLE_MEETINGS, "a", "b") == 1
    assert number(counting, Counted.PEOPLE_MEETINGS, "b", "a") == 2


def test_a_stay_renewed_in_another_hour_puts_nobody_behind_that_hour() -> None:
    counting = counted(arrived(), joined(), joined(seconds=3600))
    assert number(counting, Counted.PEOPLE_JOINS, FIRE, "08") == 1
    assert number(counting, Counted.PEOPLE_JOINS, FIRE, "09") == 0


def test_buckets_of_months_gone_by_are_forgotten() -> None:
    counts = EMPTY
    for turn in range(5):
        moment = replace(at(0), wall=at(0).wall + timedelta(days=31 * turn))
        story = [replace(arrived(), at=moment), replace(left(), at=moment)]
        counts = count(counts, House(), story).counts
    assert len({tally.month for tally in counts.buckets}) == 2
    assert all(bits.bit_length() <= BUCKETS for bits in counts.buckets.values())
