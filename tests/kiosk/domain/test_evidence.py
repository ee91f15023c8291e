"""What is stored about one member never tells who the others were."""

import dataclasses
import typing

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events, ids
from kiosk.domain.events import TYPE_NAMES, Evidence, VisitEvent
from tests.support.day import Day
from tests.support.house import COURSE, FIRE, REST

ABOUT_PEOPLE = {ids.MemberId, ids.VisitId, ids.GuestId, ids.BadgeKey, ids.Actor}
"""The types that name a person or a visit."""
NAMES = ("Astrid", "Bertil", "Cecilia")


def test_evidence_holds_counts_and_states_and_nobody() -> None:
    kinds = {one.name: one.type for one in dataclasses.fields(Evidence)}
    assert kinds.keys() == {"others", "sensed", "zone_state", "host", "activity"}
    assert ABOUT_PEOPLE.isdisjoint(kinds.values())
    assert str not in kinds.values()


def test_an_event_of_a_visit_names_its_own_member_and_visit_and_at_most_who_asked() -> None:
    allowed = {"member", "visit", "badge", "by"}
    for kind in TYPE_NAMES.values():
        if not issubclass(kind, VisitEvent):
            continue
        hints = typing.get_type_hints(kind)
        naming = {name for name, hint in hints.items() if ABOUT_PEOPLE & {hint, *typing.get_args(hint)}}
        assert naming <= allowed, kind


def test_only_a_handed_over_guest_names_a_visit_beside_the_one_the_event_is_about() -> None:
    guests = {name for name, kind in TYPE_NAMES.items() if "guest" in {one.name for one in dataclasses.fields(kind)}}
    assert guests == {"guest_arrived", "guest_joined_zone", "guest_handed_over", "guest_left"}
    assert "member" not in {one.name for one in dataclasses.fields(events.GuestHandedOver)}


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([FIRE, COURSE, REST])), max_size=25))
def test_no_stored_event_of_one_member_holds_another(story: list[tuple[str, ids.ZoneId]]) -> None:
    day = Day(*NAMES)
    for second, name in enumerate(NAMES):
        day.tap(name, second)
    for number, (name, zone) in enumerate(story, start=1):
        day.join(name, zone, 100 * number)
        day.pass_to(100 * number + 50)
    visits = {name: day.of(name).visit for name in NAMES}
    for event in day.happened:
        if not isinstance(event, VisitEvent):
            continue
        words = set(msgspec.json.encode(event).decode().replace('"', " ").split())
        others = {one for name in NAMES if name.lower() != event.member for one in (name.lower(), visits[name])}
        assert words & others == set()
