"""The centre reads events strictly, keeps each once, and says of every one what became of it."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.events import TYPES, EventVerdict, Told, Verdict, read_batch, read_event
from sync.centre.storage.events import Events
from sync.centre.storage.opening import open_rooms
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE
from tests.support.centre_events import event, visits

pytestmark = pytest.mark.slow

BEARER = Bearer(Role.HOUSE, SITE, SOURCE)


def bodies() -> list[dict[str, object]]:
    """Return the events of one visit as a house sends them."""
    return visits(1)


def read(body: object, bearer: Bearer = BEARER) -> Told | EventVerdict:
    """Let the centre read one event."""
    return read_event(msgspec.Raw(json.dumps(body).encode()), bearer)


@pytest.fixture
def events(database: str) -> Iterator[Events]:
    """Return the centre's events in a new database."""
    rooms = open_rooms(database)
    yield Events(rooms[1], Ids())
    for one in rooms:
        one.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"specversion": "2.0"},
        {"id": ""},
        {"id": "a b"},
        {"type": "se.samverket.visit.lapsed"},
        {"time": "2026-11-23T08:00:00"},
        {"time": "yesterday"},
        {"sequence": "1"},
        {"zone": "lagerelden"},
        {"datacontenttype": "text/plain"},
        {"source": "se.samverket.ostersund"},
        {"subject": "another-visit"},
        {"data": {"site": "stockholm", "visit": "visit-1", "member": "m", "clock": "synced", "zone": "lagerelden"}},
        {"data": {"site": "ostersund", "visit": "visit-1", "member": "m", "clock": "synced", "agency": "a"}},
        {"data": {"site": "stockholm"}},
        {"data": None},
    ],
)
def test_what_a_house_may_not_say_is_invalid_with_a_reason(changes: dict[str, object]) -> None:
    verdict = read({**bodies()[0], **changes})
    assert isinstance(verdict, EventVerdict)
    assert verdict.verdict is Verdict.INVALID
    assert verdict.reason


WHAT: dict[str, dict[str, Any]] = {
    "visit.arrived": {"agency": "skatteverket"},
    "visit.took_part": {},
    "visit.left": {},
    "visit.closed_automatically": {"closed_at": "2026-11-23T17:00:00Z"},
    "visit.arrival_undone": {"undoes": "a-1"},
    "visit.leaving_undone": {"undoes": "l-1"},
    "visit.corrected": {"corrects": "a-1", "why": "glömd tapp", "left_at": "2026-11-23T17:00:00Z"},
    "seats.exceeded": {"visit": None, "member": None, "agency": "skatteverket", "seats": 3, "inside": 4},
    **{
        f"badge.{what}": {"visit": None, "badge": "a" * 64, "key_version": 1}
        for what in ("enrolled", "rekeyed", "lost", "found", "withdrawn", "copied")
    },
}


def test_every_type_of_event_is_taken_and_no_type_with_anything_more() -> None:
    assert {f"se.samverket.{kind}" for kind in WHAT} == set(TYPES)
    for kind, more in WHAT.items():
        assert isinstance(read(event(kind, 1, **more)), Told), kind
        unknown: tuple[tuple[str, Any], ...] = (
            ("zone", "lagerelden"),
            ("company", 2),
            ("passive", True),
            ("offer", "x"),
        )
        for name, value in unknown:
            assert isinstance(read(event(kind, 1, **more, **{name: value})), EventVerdict), (kind, name)
        for name in ("site", "clock", *(one for one, value in more.items() if value is not None)):
            assert isinstance(read(event(kind, 1, **{**more, name: None})), EventVerdict), (kind, name)


@pytest.mark.parametrize(
    "more",
    [
        {"arrived_at": "2026-11-23T08:00:00Z", "left_at": "2026-11-23T17:00:00Z"},
        {},
        {"left_at": "2026-11-23T17:00:00Z", "why": "x" * 201},
        {"left_at": "2026-11-23T17:00:00Z", "why": "a\u001b[31m"},
        {"left_at": "2026-11-23T17:00:00"},
    ],
)
def test_a_correction_sets_one_time_right_and_says_why(more: dict[str, Any]) -> None:
    told = read(event("visit.corrected", 1, **{"corrects": "a-1", "why": "glömd", **more}))
    assert isinstance(told, EventVerdict)


def test_a_reason_repeats_nothing_of_what_was_sent() -> None:
    verdict = read({**bodies()[0], "Hemligt Namn": 1})
    assert isinstance(verdict, EventVerdict)
    assert "Hemligt" not in verdict.reason


@given(st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_nonsense_is_invalid_and_raises_nothing(body: object) -> None:
    verdict = read(body)
    assert isinstance(verdict, EventVerdict)
    assert verdict.verdict is Verdict.INVALID


@given(st.binary(max_size=100))
def test_a_batch_that_is_none_is_none(body: bytes) -> None:
    read_batch(body)
    assert read_batch(b"{" + body) is None


def test_a_second_time_is_a_duplicate_however_it_is_written(events: Events) -> None:
    one = bodies()[0]
    turned = dict(reversed(list(one.items())))
    first, second = read(one), read(turned)
    assert isinstance(first, Told)
    assert isinstance(second, Told)
    now = SystemClock()()
    assert [verdict.verdict for verdict in events.keep([first, second], now)] == [Verdict.ACCEPTED, Verdict.DUPLICATE]
    assert [verdict.verdict for verdict in events.keep([second], now)] == [Verdict.DUPLICATE]


def test_the_same_id_from_another_house_is_another_event(events: Events) -> None:
    one = read(bodies()[0])
    other = read(
        {**bodies()[0], "source": "other", "data": {**dict(bodies()[0]["data"]), "site": "other"}},  # type: ignore[call-overload] # data is an object
        Bearer(Role.HOUSE, SiteId("other"), "other"),
    )
    assert isinstance(one, Told)
    assert isinstance(other, Told)
    verdicts = events.keep([one, other], SystemClock()())
    assert [verdict.verdict for verdict in verdicts] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert events.missing(SOURCE, [one.id]) == events.missing("other", [one.id]) == []
    assert events.missing("third", [one.id]) == [one.id]
