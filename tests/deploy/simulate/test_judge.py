"""The judge can say no: every finding, and every wrong done by calling somebody passive, by hand-made truths."""

import pytest

from deploy.simulate.claims import Passive, Presence
from deploy.simulate.judge import Company, Finding, by_death, finding, overlooked, strayed, wronged
from deploy.simulate.track import Stay, Track, track

SETTLE_S = 180.0
NOBODY = track(())


def found(truth: Track, joined: Track = NOBODY, t: float = 1000.0) -> Finding:
    return finding(Presence("anna", "x", t, by_host=False), Company(truth, joined, SETTLE_S))


def pair(zone: str, begin_s: float, end_s: float, other: str = "bo") -> Track:
    return track((Stay("anna", zone, begin_s, end_s), Stay(other, zone, begin_s, end_s)))


def test_who_shared_the_zone_for_long_enough_was_together() -> None:
    assert found(pair("x", 800, 1000)) is Finding.TOGETHER
    assert found(pair("x", 1030, 1230)) is Finding.TOGETHER  # still on the way from the screen


@pytest.mark.parametrize("other", ["gäst-till-bo", "host-1"])
def test_a_guest_or_a_host_is_company_too(other: str) -> None:
    assert found(pair("x", 800, 1000, other)) is Finding.TOGETHER


def test_who_shared_another_zone_was_elsewhere() -> None:
    assert found(pair("y", 800, 1000)) is Finding.ELSEWHERE


def test_between_the_zones_nobody_is_company() -> None:
    truth = track((Stay("anna", None, 0, 2000), Stay("bo", None, 0, 2000)))
    assert found(truth) is Finding.NOBODY


@pytest.mark.parametrize(
    "truth",
    [
        NOBODY,
        track((Stay("anna", "x", 0, 2000),)),
        pair("x", 900, 1000),  # too short
        pair("x", 0, 390),  # too long ago
        pair("x", 1610, 3000),  # too late
        track((Stay("anna", "x", 0, 2000), Stay("bo", "y", 0, 2000))),
    ],
)
def test_who_had_nobody_is_found_out(truth: Track) -> None:
    assert found(truth) is Finding.NOBODY


def test_another_badge_that_stood_joined_is_told_apart() -> None:
    alone = track((Stay("anna", "x", 0, 2000),))
    both = track((Stay("anna", "x", 800, 2000), Stay("bo", "x", 800, 2000)))
    assert found(alone, both) is Finding.BADGES
    late = track((Stay("anna", "x", 800, 2000), Stay("bo", "x", 960, 2000)))
    assert found(alone, late) is Finding.NOBODY
    other = track((Stay("anna", "x", 800, 2000), Stay("bo", "y", 800, 2000)))
    assert found(alone, other) is Finding.NOBODY


def test_who_went_away_and_left_their_badge_joined_where_others_met_is_told_apart() -> None:
    met = track((Stay("bo", "x", 800, 1200), Stay("cia", "x", 800, 1200)))
    assert found(met) is Finding.BADGES
    assert found(track((*met.stays[:1],))) is Finding.BADGES
    assert found(track(())) is Finding.NOBODY


@pytest.mark.parametrize(
    ("truth", "names"),
    [
        (pair("x", 700, 1000), {"anna"}),  # up to the very moment
        (pair("x", 1100, 1500), {"anna"}),  # for long, and the house did not see it
        (pair("x", 1100, 1300), set()),  # no longer than it takes to be seen
        (pair("x", 500, 900), set()),  # before
        (pair("y", 700, 1500), set()),  # elsewhere
    ],
)
def test_being_called_passive_while_in_company_is_a_wrong(truth: Track, names: set[str]) -> None:
    assert wronged([Passive("anna", "x", 1000, 2000)], truth, SETTLE_S) == names


def test_company_in_another_zone_is_counted_apart() -> None:
    passive = [Passive("anna", "x", 1000, 2000)]
    assert strayed(passive, pair("y", 700, 1500), SETTLE_S) == {"anna"}


def test_the_house_has_no_excuse_where_the_company_had_joined_too() -> None:
    passive, truth = [Passive("anna", "x", 1000, 2000)], pair("x", 700, 1000)
    both = track((Stay("anna", "x", 600, 2000), Stay("bo", "x", 600, 2000)))
    own = track((Stay("anna", "x", 600, 2000),))
    assert overlooked(passive, truth, both, SETTLE_S) == {"anna"}
    assert overlooked(passive, truth, own, SETTLE_S) == set()


def test_who_became_passive_by_a_death_is_told_apart_from_those_who_had_left() -> None:
    truth = track((Stay("anna", "x", 0, 2000), Stay("bo", "x", 0, 500), Stay("cia", None, 900, 1100)))
    passive = [Passive(who, "x", 1000, 2000) for who in ("anna", "bo", "cia", "dan")]
    assert by_death(passive, {"dan"}, truth) == (frozenset({"anna", "cia"}), frozenset({"bo"}))
