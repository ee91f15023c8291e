"""How right zones were is measured as the words say, by hand-made truths."""

from deploy.simulate.accuracy import Sample, accuracy, samples
from deploy.simulate.track import Numbers
from deploy.simulate.zones import Told
from kiosk.domain.zones import People, ZoneState

OCCUPIED = Told(0.0, ZoneState.OCCUPIED, People(2, 2.0, 3))
VACANT = Told(0.0, ZoneState.VACANT, People(0, 0.0, 0))
UNKNOWN = Told(0.0, ZoneState.UNKNOWN, People(0, 0.0, None))


def some(*pairs: tuple[int, Told]) -> list[Sample]:
    return [Sample("x", people, told) for people, told in pairs]


def test_every_kind_of_wrong_is_counted_in_minutes() -> None:
    found = accuracy("x", some((2, OCCUPIED), (1, VACANT), (0, OCCUPIED), (3, UNKNOWN), (0, VACANT), (1, OCCUPIED)))
    assert (found.falsely_vacant_min, found.falsely_occupied_min, found.unknown_min) == (0.5, 0.5, 0.5)
    assert found.false_company_min == 1.0
    assert found.f1 == round(2 * 2 / (2 * 2 + 1 + 2), 4)
    assert (found.flips, found.true_changes) == (5, 4)
    assert found.inside_bounds == 0.4
    assert found.people_rmse == round(((0 + 1 + 4 + 0 + 1) / 5) ** 0.5, 3)


def test_unknown_all_day_is_neither_right_nor_wrong() -> None:
    found = accuracy("x", some((2, UNKNOWN), (0, UNKNOWN)))
    assert (found.f1, found.people_rmse, found.inside_bounds, found.unknown_min) == (None, None, None, 1.0)


def test_samples_take_what_was_last_said_and_two_zones_do_not_flip_into_each_other() -> None:
    told = [VACANT, Told(45.0, ZoneState.OCCUPIED, People(1, 1.0, None))]
    found = samples("x", told, Numbers((40.0,), (1,)), [(0.0, 120.0)])
    assert [(one.people, one.told.state) for one in found] == [
        (0, ZoneState.VACANT),
        (0, ZoneState.VACANT),
        (1, ZoneState.OCCUPIED),
        (1, ZoneState.OCCUPIED),
    ]
    both = [Sample("x", 0, VACANT), Sample("y", 1, OCCUPIED)]
    assert (accuracy("all", both).flips, accuracy("all", both).true_changes) == (0, 0)
