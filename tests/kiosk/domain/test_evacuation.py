"""The evacuation list: everybody who may be in the house, whatever is known of them, and nobody else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.evacuation import NO_NAME, Sought, evacuation_list, uncertain
from kiosk.domain.ids import EventId
from kiosk.domain.requests import ClearVisit, LetGuestIn, LetGuestOut
from kiosk.domain.rule import Rule
from tests.support.day import EVA, Day, guest_of, new_id
from tests.support.house import COURSE, FIRE, at

RULE = Rule()


def listed(day: Day, seconds: float, names: dict[str, str] | None = None) -> tuple[Sought, ...]:
    known = {one: names[one] for one in day.house.guests if one in (names or {})} if names else {}
    return evacuation_list(day.house, day.holders, known, RULE, at(seconds))


def close(day: Day, name: str, seconds: float) -> None:
    one = day.of(name)
    event = events.ClosedAutomatically(
        id=EventId(f"closed-{name}"), at=at(seconds), visit=one.visit, member=one.member, closed_at=at(seconds).wall
    )
    day.take((event,))


def test_everybody_in_is_on_the_list_present_or_not_with_zone_and_time() -> None:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 0)
    day.tap("Bo", 10)
    day.join("Bo", FIRE, 20)
    astrid, bo = listed(day, 100)
    assert (astrid.name, astrid.last_zone, astrid.seen, astrid.certain) == ("Astrid", None, at(0), True)
    assert (bo.name, bo.last_zone, bo.seen, bo.agency) == ("Bo", FIRE, at(20), "Exempelmyndigheten")


def test_the_last_zone_stays_after_it_was_left() -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    day.join("Astrid", FIRE, 20)
    close(day, "Astrid", 60)
    (astrid,) = listed(day, 100)
    assert (astrid.last_zone, astrid.seen, astrid.certain) == (FIRE, at(20), False)


def test_whoever_left_is_not_on_the_list() -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    day.leave("Astrid", 60)
    assert listed(day, 61) == ()


def test_an_automatic_check_out_is_uncertain_until_its_time_is_over_or_a_host_clears_it() -> None:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 0)
    day.tap("Bo", 0)
    close(day, "Astrid", 60)
    close(day, "Bo", 60)
    assert [one.certain for one in listed(day, 61)] == [False, False]
    day.ask(ClearVisit(id=new_id(), at=at(100), visit=day.of("Astrid").visit, by=EVA))
    assert [one.name for one in listed(day, 61)] == ["Bo"]
    assert [one.name for one in listed(day, 60 + RULE.uncertain_s)] == ["Bo"]
    assert listed(day, 61 + RULE.uncertain_s) == ()


def test_guests_stand_after_their_member_and_are_as_uncertain() -> None:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 0)
    day.tap("Bo", 1)
    guest = guest_of(day.ask(LetGuestIn(id=new_id(), at=at(5), visit=day.of("Astrid").visit, name="Gun", by=EVA)))
    day.join("Astrid", COURSE, 20)
    rows = listed(day, 30, {guest: "Gun"})
    assert [(one.name, one.guest_of, one.last_zone) for one in rows] == [
        ("Astrid", None, COURSE),
        ("Gun", "Astrid", COURSE),
        ("Bo", None, None),
    ]
    close(day, "Astrid", 60)
    assert [(one.name, one.certain) for one in listed(day, 61, {guest: "Gun"})] == [
        ("Bo", True),
        ("Astrid", False),
        ("Gun", False),
    ]


def test_a_guest_who_left_is_not_looked_for() -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    guest = guest_of(day.ask(LetGuestIn(id=new_id(), at=at(5), visit=day.of("Astrid").visit, name="Gun", by=EVA)))
    day.ask(LetGuestOut(id=new_id(), at=at(9), guest=guest, by=EVA))
    assert [one.guest for one in listed(day, 10)] == [None]


def test_nobody_is_left_out_because_a_name_is_missing() -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    day.ask(LetGuestIn(id=new_id(), at=at(5), visit=day.of("Astrid").visit, name="Gun", by=EVA))
    day.holders = {}
    assert [one.name for one in listed(day, 10)] == [NO_NAME, NO_NAME]


@given(st.lists(st.tuples(st.sampled_from(["Astrid", "Bo", "Carl"]), st.sampled_from(["tap", "leave", "close"]))))
def test_the_list_is_the_open_visits_and_the_uncleared_automatic_check_outs(steps: list[tuple[str, str]]) -> None:
    day = Day("Astrid", "Bo", "Carl")
    for number, (name, step) in enumerate(steps, start=1):
        seconds = number * 30.0
        is_in = day.house.presences.get(day.holders_id(name))
        if step == "tap":
            day.tap(name, seconds)
        elif is_in is not None and is_in.inside:
            (day.leave if step == "leave" else lambda one, when: close(day, one, when))(name, seconds)
    expected = {one.visit for one in day.house.inside()} | {one.visit for one in uncertain(day.house, RULE, at(0))}
    assert {one.visit for one in listed(day, 0)} == expected
    assert all(replace(one, certain=True).name != "" for one in listed(day, 0))
