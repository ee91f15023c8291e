"""Attacks on what is told: what was withheld cannot be found by sums, by rules that are known, or by asking again."""

from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kiosk.domain.disclosure import ROUND_TO, Cell, cover, part_told, parts_told, rounded, told
from kiosk.domain.release import HOURS, Meetings, Release, release
from kiosk.domain.tally import Counted, Tally

pytestmark = pytest.mark.slow

MONTH = "2026-10"
MIN = 10
BIG = ("a", "b", "c", "d")
CELLS = st.builds(Cell, st.integers(0, 60), st.integers(0, 30)).filter(lambda one: one.people <= one.count)
TABLES = st.lists(CELLS, min_size=3, max_size=6).map(lambda cells: dict(enumerate(cells)))


def met(counts: Mapping[tuple[str, str], tuple[int, int, int]]) -> dict[Tally, int]:
    """Return the tallies of these meetings: how many, and the people of either side."""
    made = {}
    for (first, second), (number, ones, others) in counts.items():
        made[Tally(MONTH, Counted.MEETINGS, first, second)] = number
        made[Tally(MONTH, Counted.PEOPLE_MEETINGS, first, second)] = ones
        made[Tally(MONTH, Counted.PEOPLE_MEETINGS, second, first)] = others
    return made


def all_meet(number: int = 40, people: int = 15) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(one, other): (number, people, people) for one in BIG for other in BIG if one < other}


def out(tallies: Mapping[Tally, int], group_min: int = MIN) -> Release:
    return release(tallies, MONTH, group_min, ["z"])


def listed(told_pairs: tuple[Meetings, ...]) -> dict[tuple[str, str], int]:
    return {(one.first, one.second): one.meetings for one in told_pairs}


def test_ten_meetings_of_the_same_two_people_are_not_told() -> None:
    found = out(met({**all_meet(), ("a", "e"): (10, 1, 1)}))
    assert ("a", "e") not in listed(found.between)


def test_one_person_who_met_a_whole_agency_is_not_told() -> None:
    found = out(met({**all_meet(), ("a", "e"): (200, 60, 1)}))
    assert ("a", "e") not in listed(found.between)


def test_a_pair_with_enough_of_either_side_is_told_rounded() -> None:
    found = out(met({**all_meet(), ("a", "e"): (63, 10, 10)}))
    assert listed(found.between)["a", "e"] == 65


def test_an_agency_of_three_people_leaves_no_trace_but_in_the_sum() -> None:
    without = out(met(all_meet()))
    three = met({**all_meet(), ("a", "n"): (12, 9, 3), ("n", "n"): (3, 3, 3)})
    with_them = out(three)
    assert replace(with_them, meetings_between=without.meetings_between) == without


def test_the_sum_minus_all_pairs_told_is_never_the_pair_that_was_withheld() -> None:
    hidden = 7
    found = out(met({**all_meet(), ("a", "n"): (hidden, 5, 3)}))
    assert found.meetings_between is not None
    left = found.meetings_between - sum(listed(found.between).values())
    assert left >= 40 + hidden - ROUND_TO


def test_that_a_pair_never_met_cannot_be_told_from_that_few_did() -> None:
    never = out(met(all_meet()))
    assert never.meetings_between is not None
    assert len(never.between) == len(all_meet()) - 1
    assert never.meetings_between - sum(listed(never.between).values()) >= 2 * MIN


def test_with_two_agencies_one_of_them_small_not_even_the_sum_is_told() -> None:
    found = out(met({("a", "n"): (300, 40, 3)}))
    assert (found.meetings_between, found.between) == (None, ())


def test_a_higher_number_tells_less_and_never_more() -> None:
    tallies = met({**all_meet(), ("a", "e"): (63, 12, 12)})
    assert ("a", "e") in listed(out(tallies, 10).between)
    assert ("a", "e") not in listed(out(tallies, 15).between)


def test_visits_taken_back_lower_the_number_of_people_behind_every_figure() -> None:
    tallies = {**met({**all_meet(people=30), ("a", "e"): (63, 12, 12)}), Tally(MONTH, Counted.TAKEN_BACK): 3}
    assert ("a", "e") not in listed(out(tallies).between)


def by_hour(counts: Mapping[str, tuple[int, int]]) -> dict[Tally, int]:
    made = {Tally(MONTH, Counted.PEOPLE_ARRIVALS): max((people for _, people in counts.values()), default=0)}
    for hour, (number, people) in counts.items():
        made[Tally(MONTH, Counted.ARRIVALS, hour)] = number
        made[Tally(MONTH, Counted.PEOPLE_ARRIVALS, hour)] = people
    return made


def test_an_hour_with_few_is_withheld_together_with_another() -> None:
    found = out(by_hour({"08": (3, 3), "09": (50, 20), "10": (25, 12), "11": (60, 20)}))
    assert [found.arrivals_by_hour[hour] for hour in (7, 8, 9, 10, 11)] == [0, None, 50, None, 60]


def test_one_hour_alone_is_not_found_as_all_that_there_was() -> None:
    tallies = {**by_hour({"08": (40, 9)}), Tally(MONTH, Counted.PEOPLE_ARRIVALS): 10}
    found = out(tallies)
    assert found.visits == 40
    assert found.arrivals_by_hour == (None,) * len(HOURS)


def test_the_hours_of_what_is_withheld_are_withheld() -> None:
    tallies = {**by_hour({"08": (40, 10), "09": (60, 10)}), Tally(MONTH, Counted.PEOPLE_ARRIVALS): 9}
    found = out(tallies)
    assert found.visits is None
    assert set(found.arrivals_by_hour) == {None}


def test_a_small_month_tells_nothing_but_its_activities() -> None:
    tallies = {**by_hour({"08": (9, 9)}), Tally(MONTH, Counted.ACTIVITIES): 2}
    found = out(tallies)
    assert (found.visits, found.taking_part, set(found.arrivals_by_hour)) == (None, None, {None})
    assert found.activities == 2


def test_another_month_is_not_in_it() -> None:
    tallies = {Tally("2026-09", Counted.ARRIVALS, "08"): 500, Tally("", Counted.ARRIVALS, ""): 500}
    assert out(tallies).visits == 0


def test_nearly_all_is_given_as_all_so_that_the_few_left_over_are_not_told() -> None:
    whole = Cell(100, 50)
    assert {part_told(Cell(part, 50), whole, MIN) for part in range(91, 101)} == {100}
    assert part_told(Cell(88, 50), whole, MIN) == 90


def test_a_part_of_what_is_withheld_is_withheld() -> None:
    assert part_told(Cell(0, 0), Cell(9, 9), MIN) is None


def test_answers_at_the_exit_are_told_when_many_came() -> None:
    answers = {Tally(MONTH, Counted.MET_SOMEBODY, one): number for one, number in (("yes", 40), ("no", 31))}
    found = out({**by_hour({"08": (90, 30)}), **answers})
    assert found.met_somebody == {"yes": 40, "no": 30, "skipped": 0}


@given(TABLES, st.sampled_from([5, 10, 15]))
@settings(deadline=None)
def test_every_figure_told_is_none_at_all_or_stands_on_enough_people_and_occasions(
    cells: dict[int, Cell], group_min: int
) -> None:
    for key, figure in parts_told(cells, group_min).items():
        if figure:
            assert cells[key].is_enough(group_min)
            assert figure == rounded(cells[key].count)
        if figure == 0:
            assert cells[key].count == 0


@given(TABLES)
@settings(deadline=None)
def test_no_withheld_part_is_determined_by_the_sum_and_the_parts_told(cells: dict[int, Cell]) -> None:
    whole = Cell(sum(one.count for one in cells.values()), 60)
    figures = parts_told(cells, MIN)
    unknown = [key for key, figure in figures.items() if figure is None]
    # An attacker better off than any: no figure is rounded. Each row: the unknown parts in it, and what they add up to.
    rows = [([1] * len(unknown), whole.count - sum(cells[key].count for key in figures if key not in unknown))]
    assert determined(rows, len(unknown)) == set()


def determined(rows: list[tuple[list[int], int]], unknowns: int) -> set[int]:
    """Return which unknowns a system of linear equations has only one value for, by Gaussian elimination."""
    matrix = [[Fraction(number) for number in (*coefficients, total)] for coefficients, total in rows]
    done = 0
    for column in range(unknowns):
        pivot = next((row for row in range(done, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        matrix[done] = [number / matrix[done][column] for number in matrix[done]]
        for row in range(len(matrix)):
            if row != done and matrix[row][column]:
                factor = matrix[row][column]
                matrix[row] = [one - factor * other for one, other in zip(matrix[row], matrix[done], strict=True)]
        done += 1
    alone = ([column for column in range(unknowns) if row[column]] for row in matrix)
    return {columns[0] for columns in alone if len(columns) == 1}


def test_the_solver_finds_what_is_determined() -> None:
    assert determined([([1, 1, 0], 5), ([0, 1, 1], 4), ([0, 0, 1], 1)], 3) == {0, 1, 2}
    assert determined([([1, 1, 0], 5), ([1, 1, 1], 6)], 3) == {2}


@given(TABLES)
@settings(deadline=None)
def test_whatever_was_withheld_could_as_well_be_another_number_by_every_rule_that_is_known(
    cells: dict[int, Cell],
) -> None:
    """The attacker knows the rules, the sum and all figures, and that no part is negative."""
    figures = parts_told(cells, MIN)
    for key, figure in figures.items():
        if figure is None:
            assert any(parts_told(other, MIN) == figures for other in neighbours(cells, key, figures)), key


def neighbours(cells: Mapping[int, Cell], key: int, figures: Mapping[int, int | None]) -> list[dict[int, Cell]]:
    """Return tables with the same sum in which that part is another number, and one withheld part makes up for it."""
    withheld = [one for one in cells if one != key and figures[one] is None]
    found = []
    for other in withheld:
        for step in range(-3 * MIN, 3 * MIN + 1):
            one, two = cells[key].count + step, cells[other].count - step
            if step and one >= 0 and two >= 0:
                changed = {
                    key: Cell(one, min(one, cells[key].people)),
                    other: Cell(two, min(two, cells[other].people)),
                }
                found.append({**cells, **changed})
    return found


@given(TABLES)
@settings(deadline=None)
def test_beside_a_gap_everything_told_is_two_groups_and_so_is_the_gap(cells: dict[int, Cell]) -> None:
    figures = parts_told(cells, MIN)
    hidden = [cells[key].count for key, figure in figures.items() if figure is None]
    shown = [cells[key].count for key, figure in figures.items() if figure]
    assume(hidden and any(figure is not None for figure in figures.values()))
    assert sum(hidden) >= 2 * MIN
    assert all(number >= 2 * MIN for number in shown)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(MIN, 80)), st.integers(0, 40))
@settings(deadline=None)
def test_no_larger_part_is_in_the_cover_than_it_takes(good: dict[str, int], bad: int) -> None:
    hidden = cover(good, bad, MIN)
    if hidden is None:
        assert bad + sum(good.values()) < 2 * MIN or not good
        return
    largest = max(hidden, key=lambda key: good[key])
    less = bad + sum(good[key] for key in hidden - {largest})
    assert len(hidden) == 1 or good[largest] < 2 * MIN or less < 2 * MIN
    assert all(good[key] >= good[largest] for key in good.keys() - hidden)


PAIRS = st.dictionaries(
    st.sampled_from([(one, other) for one in "abcde" for other in "abcde" if one <= other]),
    st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(0, 30)),
    max_size=12,
).map(lambda pairs: {pair: (one[0], one[1], one[2 if pair[0] != pair[1] else 1]) for pair, one in pairs.items()})
"""Any meetings: how many, and the people of either side, the same for an agency with itself."""


@given(PAIRS)
@settings(max_examples=300, deadline=None)
def test_how_meetings_are_spread_over_pairs_below_the_line_changes_nothing_that_is_told(
    pairs: dict[tuple[str, str], tuple[int, int, int]],
) -> None:
    good = {pair: one for pair, one in pairs.items() if min(one) >= MIN}
    gathered = dict(good)
    for is_within, pair in ((False, ("a", "f")), (True, ("f", "f"))):
        few = [one[0] for other, one in pairs.items() if other not in good and (other[0] == other[1]) == is_within]
        gathered[pair] = (sum(few), 1, 1)
    assert out(met(pairs)) == out(met(gathered))


@given(PAIRS)
@settings(deadline=None)
def test_there_is_always_a_group_between_a_sum_and_the_pairs_told(
    pairs: dict[tuple[str, str], tuple[int, int, int]],
) -> None:
    found = out(met(pairs))
    for total, rows in ((found.meetings_between, found.between), (found.meetings_within, found.within)):
        if total is None:
            assert rows == ()
        else:
            assert total - sum(one.meetings for one in rows) >= 2 * MIN - ROUND_TO // 2 * (len(rows) + 1)


HOUSES = st.dictionaries(
    st.sampled_from(
        [(Counted.ARRIVALS, hour, "") for hour in HOURS[8:13]]
        + [(kind, zone, hour) for kind in (Counted.JOINS, Counted.TOOK_PART) for zone in "yz" for hour in HOURS[8:11]]
        + [(Counted.MEETINGS, one, other) for one in "abcd" for other in "abcd" if one <= other]
    ),
    CELLS,
    max_size=24,
)
"""A month of a small house: any counts, and the people behind them."""


def month_of(cells: Mapping[tuple[Counted, str, str], Cell]) -> dict[Tally, int]:
    """Return the tallies of such a month; behind a whole stand as many people as behind its largest part."""
    made: dict[Tally, int] = {}
    for (kind, first, second), one in cells.items():
        people = Counted(f"people_{kind}")
        whole = Tally(MONTH, people, first if second and kind is not Counted.MEETINGS else "")
        made[Tally(MONTH, kind, first, second)] = one.count
        made[Tally(MONTH, people, first, second)] = one.people
        if kind is Counted.MEETINGS:
            made[Tally(MONTH, people, second, first)] = one.people
        else:
            made[whole] = max(made.get(whole, 0), one.people)
    return made


def sums_told(found: Release) -> list[tuple[tuple[Counted, str], int | None, dict[tuple[str, str], int | None]]]:
    """Return every sum in the release with its parts, as an attacker would write them down."""
    pairs = {False: listed(found.between), True: listed(found.within)}
    sums: list[tuple[tuple[Counted, str], int | None, dict[tuple[str, str], int | None]]] = [
        ((Counted.ARRIVALS, ""), found.visits, dict(zip(((h, "") for h in HOURS), found.arrivals_by_hour, strict=True)))
    ]
    for one in found.zones:
        for kind, whole, parts in (
            (Counted.JOINS, one.joins, one.joins_by_hour),
            (Counted.TOOK_PART, one.took_part, one.took_part_by_hour),
        ):
            sums.append(((kind, one.zone), whole, dict(zip(((one.zone, h) for h in HOURS), parts, strict=True))))
    for is_within, whole in ((False, found.meetings_between), (True, found.meetings_within)):
        possible = [(one, other) for one in "abcd" for other in "abcd" if one <= other and (one == other) == is_within]
        told_parts = {pair: pairs[is_within].get(pair) for pair in possible}
        sums.append(((Counted.MEETINGS, str(is_within)), whole, told_parts))
    return sums


@given(HOUSES)
@settings(max_examples=200, deadline=None)
def test_the_equations_of_a_whole_release_determine_nothing_that_was_withheld(
    cells: dict[tuple[Counted, str, str], Cell],
) -> None:
    """The attacker even knows the exact numbers that the told figures were rounded from."""
    found = release(month_of(cells), MONTH, MIN, "yz")
    sums = sums_told(found)
    unknown = [(kind, *key) for (kind, _), _, parts in sums for key, part in parts.items() if part is None]
    exact = {key: cells[key].count if key in cells else 0 for key in unknown}
    rows = []
    for (kind, _), whole, parts in sums:
        if whole is not None:
            hidden = [(kind, *key) for key, part in parts.items() if part is None]
            rows.append(([int(key in hidden) for key in unknown], sum(exact[key] for key in hidden)))
    assert [unknown[at] for at in determined(rows, len(unknown)) if is_small(cells.get(unknown[at]))] == []


def is_small(one: Cell | None) -> bool:
    """Return whether a count must not be found: one that was only in the cover of others may be."""
    return one is None or not one.is_enough(MIN)


@pytest.mark.parametrize(("number", "near"), [(0, 0), (2, 0), (3, 5), (10, 10), (12, 10), (13, 15)])
def test_figures_are_rounded_to_the_nearest_five(number: int, near: int) -> None:
    assert rounded(number) == near


def test_the_same_counts_are_always_told_the_same_way() -> None:
    tallies = met(all_meet())
    assert out(tallies) == out(dict(reversed(tallies.items())))
    assert told(Cell(12, 12), MIN) == told(Cell(12, 40), MIN)


def test_nothing_in_a_release_can_hold_a_person() -> None:
    assert {one.name for one in fields(Release)} & {"member", "members", "visit", "people", "person"} == set()
