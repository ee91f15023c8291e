"""Explanations: every kind of event has one in both languages, and it says what the decision rested on."""

from dataclasses import asdict, replace

import pytest

from kiosk.domain import events
from kiosk.domain.explain import explain
from kiosk.domain.ids import EventId, ReaderId
from kiosk.domain.instant import ClockState
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.domain.rule import Rule
from kiosk.domain.zones import ZoneState
from tests.kiosk.domain.test_presence import arrived, left, took_part
from tests.support.house import AGENCY, at

NUMBERS = asdict(Rule())
BASIS = events.Basis(roster="roster-7", roster_age_s=3 * 86_400 + 2 * 3600 + 60)


def swedish(event: events.Happened, numbers: dict[str, int] | None = None) -> str:
    return " ".join(one.sv for one in explain(event, NUMBERS if numbers is None else numbers))


def test_every_kind_of_event_is_explained_in_both_languages_and_no_two_alike() -> None:
    told = []
    for kind in events.TYPE_NAMES.values():
        bare = object.__new__(kind)
        object.__setattr__(bare, "at", at(0))
        first = _first(bare)
        told.append(first)
    assert len(set(told)) == len(events.TYPE_NAMES)
    assert all(one and one.endswith(".") for pair in told for one in pair)


def _first(bare: events.Happened) -> tuple[str, str]:
    from kiosk.domain.explain import _KINDS  # noqa: PLC0415 - the table is what must be whole

    words = _KINDS[type(bare)]
    return words.sv, words.en


def test_an_arrival_names_roster_age_rule_and_clock() -> None:
    text = swedish(replace(arrived(), basis=BASIS))
    assert "roster-7 var 3 d 02:01 gammal" in text
    assert "rights_limit_s = 2592000" in text
    assert "Klockan var synkad." in text
    assert "gamla uppgifter" not in text


def test_an_arrival_on_old_data_says_so() -> None:
    assert "Beslutet togs på gamla uppgifter." in swedish(replace(arrived(), basis=BASIS, rights=events.Rights.OLD))


def test_taking_part_names_the_evidence_and_never_who() -> None:
    seen = events.Evidence(others=2, sensed=3, zone_state=ZoneState.OCCUPIED, host=True, activity=True)
    text = swedish(replace(took_part(), evidence=seen))
    for part in ("2 andra var med.", "säkra på 3.", "En värd hade bekräftat.", "ledde en aktivitet", "såg folk"):
        assert part in text
    assert "settle_s = 180" in text


def test_unknown_sensors_are_said_to_be_uncorroborated_and_not_held_against_anybody() -> None:
    text = " ".join(one.en for one in explain(took_part(), NUMBERS))
    assert "uncorroborated, and never held against the member" in text


def test_a_refusal_says_its_reason() -> None:
    refused = events.TapRefused(
        id=EventId("r"), at=at(0), reader=ReaderId("entrance"), reason=Reason.BADGE_LOST, basis=BASIS
    )
    assert EXPLANATIONS[Reason.BADGE_LOST].sentence.sv in swedish(refused)


def test_without_a_roster_or_the_rules_numbers_it_says_so() -> None:
    text = swedish(arrived(), {})
    assert "Det fanns ingen medlemslista." in text
    assert "finns inte kvar" in text


def test_an_excess_of_seats_says_both_numbers() -> None:
    event = events.SeatsExceeded(id=EventId("s"), at=at(0), agency=AGENCY.id, visit=arrived().visit, limit=2, inside=3)
    assert "gäller 2 åt gången; 3 var inne" in swedish(event)


@pytest.mark.parametrize("clock", ClockState)
def test_the_state_of_the_clock_is_always_told(clock: ClockState) -> None:
    last = explain(replace(left(), at=at(0, clock=clock)), NUMBERS)[-1]
    assert "Klockan" in last.sv
    assert "clock" in last.en.lower()
