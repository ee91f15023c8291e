"""The centre reads events strictly, keeps each once, and says of every one what became of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from sync import plan
from sync.centre.events import TYPES, EventVerdict, Told, Verdict, read_batch, read_event
from sync.centre.storage.events import Events
from sync.centre.storage.room import Room
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE, visits

BEARER = Bearer(Role.HOUSE, SITE, SOURCE)


def bodies() -> list[dict[str, object]]:
    """Return the events of one visit as a house sends them."""
    recorded = list(enumerate(visits(1), start=1))
    sent = plan.project(recorded, site=SITE, source=SOURCE, sequence=0, took_part=frozenset())
    return [json.loads(one.body) for one in sent]


def read(body: object, bearer: Bearer = BEARER) -> Told | EventVerdict:
    """Let the centre read one event."""
    return read_event(msgspec.Raw(json.dumps(body).encode()), bearer)


@pytest.fixture
def events(tmp_path: Path) -> Iterator[Events]:
    """Return the centre's events in a new file."""
    room = Room(tmp_path / "centre.db")
    yield Events(room)
    room.close()


def test_everything_a_house_may_say_is_understood() -> None:
    assert all(isinstance(read(one), Told) for one in bodies())
    assert {f"se.samverket.visit.{name}" for name, _ in plan.ALLOWED.values()} == set(TYPES)


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
    assert set(events.by_type()) == {SOURCE, "other"}
