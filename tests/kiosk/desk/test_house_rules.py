"""What the desk adds to the rule: offers are recorded before they are said, names and counts are kept apart."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.direction import Direction
from kiosk.domain.events import Arrived, Happened, OfferMade, RuleTaken
from kiosk.domain.house import replay
from kiosk.domain.ids import MemberId, host
from kiosk.domain.instant import ClockState
from kiosk.domain.members import Language
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import (
    AnswerExit,
    CheckIn,
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    JoinZone,
    LetGuestIn,
    MetSomebody,
    PlanActivity,
)
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Words
from kiosk.store.journal import JournalReader
from kiosk.tools.site import Site
from tests.kiosk.desk.test_desk import join, tap
from tests.support.books import LOST_UID, UIDS, close_books, make_site, open_desk
from tests.support.day import new_id
from tests.support.house import FIRE, START, CountedIds, at

pytestmark = pytest.mark.slow

EVA = host("eva")
Kind = TypeVar("Kind", bound=Happened)


@pytest.fixture
def opened(site: Site) -> Iterator[tuple[Desk, Books]]:
    desk, books = open_desk(site)
    yield desk, books
    close_books(books)


@pytest.fixture
def desk(opened: tuple[Desk, Books]) -> Desk:
    return opened[0]


def recorded(site: Site, kind: type[Kind]) -> list[Kind]:
    reader = JournalReader(site.state_dir / "journal.db")
    found = [one.event for one in reader.after(0) if isinstance(one.event, kind)]
    reader.close()
    return found


def arrive(desk: Desk, name: str, seconds: float) -> Answer:
    return desk.handle(tap(UIDS[name], at(seconds)))


def later_ids() -> CountedIds:
    """Return ids that an earlier run of the desk has not used."""
    ids = CountedIds()
    for _ in range(100):
        ids()
    return ids


def plan(title: str, starts_min: float) -> PlanActivity:
    starts_at = START + timedelta(minutes=starts_min)
    words = Words(title, title)
    ends_at = starts_at + timedelta(hours=1)
    return PlanActivity(id=new_id(), at=at(4), zone=FIRE, title=words, starts_at=starts_at, ends_at=ends_at, by=EVA)


def test_an_offer_is_on_disk_before_it_is_said(desk: Desk, site: Site) -> None:
    arrive(desk, "Astrid", 0)
    join(desk, "astrid", 1)
    assert recorded(site, OfferMade) == []
    offer = arrive(desk, "Bo", 10).offer
    assert offer is not None
    (made,) = recorded(site, OfferMade)
    assert (made.zone, made.member) == (offer.zone, MemberId("bo"))


def test_the_same_answer_said_again_carries_the_same_offer_and_makes_no_new_one(desk: Desk, site: Site) -> None:
    arrive(desk, "Astrid", 0)
    join(desk, "astrid", 1)
    first = arrive(desk, "Bo", 10)
    again = arrive(desk, "Bo", 12)
    assert again.repeated
    assert again.offer == first.offer is not None
    assert len(recorded(site, OfferMade)) == 1


def test_only_those_who_let_others_read_their_name_are_named_and_only_while_the_visit_lasts(desk: Desk) -> None:
    astrid = arrive(desk, "Astrid", 0)
    assert astrid.visit
    join(desk, "astrid", 1)
    quiet = arrive(desk, "Bo", 10).offer
    desk.handle(ChooseNaming(id=new_id(), at=at(20), visit=astrid.visit, shown=True, by=EVA))
    named = arrive(desk, "Carl", 30).offer
    assert quiet is not None
    assert named is not None
    assert (quiet.names, named.names) == ((), ("Astrid",))


def test_naming_oneself_ends_with_the_visit(desk: Desk) -> None:
    first = arrive(desk, "Astrid", 0)
    assert first.visit
    chosen = desk.handle(ChooseNaming(id=new_id(), at=at(1), visit=first.visit, shown=True, by=EVA))
    assert chosen.named
    arrive(desk, "Astrid", 60)
    assert arrive(desk, "Astrid", 66).outcome is Outcome.LEFT
    assert not arrive(desk, "Astrid", 600).named


def test_an_activity_is_offered_with_its_local_time(desk: Desk) -> None:
    desk.handle(plan("Digital myndighetspost", starts_min=30))
    offer = arrive(desk, "Astrid", 10).offer
    assert offer is not None
    assert offer.starts_at is not None
    assert (f"{offer.starts_at:%H:%M}", offer.joined) == ("08:30", 0)


def test_a_host_who_lets_somebody_in_makes_no_offer_that_they_could_ignore(desk: Desk, site: Site) -> None:
    arrive(desk, "Astrid", 0)
    join(desk, "astrid", 1)
    answer = desk.handle(CheckIn(id=new_id(), at=at(9), member=MemberId("bo"), by=EVA))
    assert (answer.outcome, answer.offer) == (Outcome.ARRIVED, None)
    assert recorded(site, OfferMade) == []


def test_who_wants_no_offers_reads_so_and_gets_none_after_a_restart_either(site: Site) -> None:
    desk, books = open_desk(site)
    visit = arrive(desk, "Astrid", 0).visit
    assert visit
    chosen = desk.handle(ChooseOffers(id=new_id(), at=at(1), visit=visit, wanted=False, by=EVA))
    assert chosen.offers is Offers.ENDED
    close_books(books)
    desk, books = open_desk(site, later_ids())
    arrive(desk, "Bo", 20)
    join(desk, "bo", 21)
    assert arrive(desk, "Astrid", 60).offer is None
    close_books(books)


def test_the_chosen_language_goes_before_the_one_on_the_roster(desk: Desk) -> None:
    first = arrive(desk, "Astrid", 0)
    assert first.visit
    desk.handle(ChooseLanguage(id=new_id(), at=at(1), visit=first.visit, language=Language.EN, by=EVA))
    assert (first.language, arrive(desk, "Astrid", 60).language) == (Language.SV, Language.EN)


def test_a_guests_name_is_beside_the_journal_and_never_in_it(desk: Desk, site: Site) -> None:
    visit = arrive(desk, "Astrid", 0).visit
    assert visit
    answer = desk.handle(LetGuestIn(id=new_id(), at=at(1), visit=visit, name="  Gunhild Gäst ", by=EVA))
    assert answer.guest is not None
    connection = sqlite3.connect(site.state_dir / "journal.db")
    payloads = " ".join(row[0] for row in connection.execute("SELECT payload FROM events"))
    kept = connection.execute("SELECT guest, name FROM guest_names").fetchall()
    connection.close()
    assert "Gunhild" not in payloads
    assert kept == [(answer.guest, "Gunhild Gäst")]
    people = desk.people(EVA, "who is here", at(2))
    assert [(one.name, one.guest_of) for one in people] == [("Astrid", None), ("Gunhild Gäst", "Astrid")]
    assert (desk.board(at(3)).in_house, desk.board(at(3)).guests) == (2, 1)


def test_the_answer_at_the_exit_is_a_count_and_no_event(desk: Desk, site: Site) -> None:
    before = len(recorded(site, Happened))
    for met in (MetSomebody.YES, MetSomebody.YES, MetSomebody.NO):
        assert desk.handle(AnswerExit(id=new_id(), at=at(1), met=met)).outcome is Outcome.THANKED
    connection = sqlite3.connect(site.state_dir / "journal.db")
    counts = connection.execute("SELECT month, first, count FROM tallies WHERE kind = 'met_somebody'").fetchall()
    connection.close()
    assert sorted(counts) == [("2026-11", "no", 1), ("2026-11", "yes", 2)]
    assert len(recorded(site, Happened)) == before


def test_the_numbers_of_the_rule_are_recorded_when_they_change_and_only_then(site: Site) -> None:
    desk, books = open_desk(site)
    desk.tick(at(1))
    desk.tick(at(2))
    assert len(recorded(site, RuleTaken)) == 1
    close_books(books)
    changed = make_site(site.state_dir, "[rule]\nsettle_s = 60\n")
    desk, books = open_desk(changed, later_ids())
    desk.tick(at(3))
    close_books(books)
    first, second = recorded(site, RuleTaken)
    assert (first.numbers["settle_s"], second.numbers["settle_s"]) == (Rule().settle_s, 60)


def test_an_arrival_says_which_roster_it_rested_on_and_how_old_it_was(desk: Desk, site: Site) -> None:
    arrive(desk, "Astrid", 90)
    (arrived,) = recorded(site, Arrived)
    assert arrived.basis is not None
    assert arrived.basis.roster
    assert arrived.basis.roster_age_s == 90


def test_a_restart_takes_up_guests_choices_and_activities_as_they_were(site: Site) -> None:
    desk, books = open_desk(site)
    desk.tick(at(0))
    visit = arrive(desk, "Astrid", 1).visit
    assert visit
    desk.handle(LetGuestIn(id=new_id(), at=at(2), visit=visit, name="Gun", by=EVA))
    desk.handle(ChooseLanguage(id=new_id(), at=at(3), visit=visit, language=Language.EN, by=EVA))
    desk.handle(plan("Samtal", starts_min=60))
    before = desk.house
    assert all((before.guests, before.preferences, before.activities, before.rule_numbers))
    close_books(books)
    desk, books = open_desk(site, later_ids())
    assert desk.house == before
    assert replay(recorded(site, Happened)) == desk.house
    close_books(books)


def test_a_member_and_their_guest_in_one_zone_have_met_somebody(desk: Desk) -> None:
    visit = arrive(desk, "Astrid", 0).visit
    assert visit
    desk.handle(LetGuestIn(id=new_id(), at=at(1), visit=visit, name="Gun", by=EVA))
    desk.handle(JoinZone(id=new_id(), at=at(2), visit=visit, zone=FIRE, by=EVA))
    for seconds in range(3, 300, 20):
        desk.tick(at(seconds))
    assert desk.house.presences[MemberId("astrid")].state is State.PRESENT


def test_an_unset_clock_closes_nobody(desk: Desk) -> None:
    arrive(desk, "Astrid", 0)
    desk.tick(replace(at(40 * 3600), clock=ClockState.UNSET))
    assert desk.house.presences[MemberId("astrid")].inside


def test_a_lost_badge_of_somebody_who_is_in_checks_nobody_out(desk: Desk) -> None:
    arrive(desk, "Astrid", 0)
    for direction in Direction:
        found = desk.handle(tap(LOST_UID, at(60), direction))
        assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.BADGE_LOST)
    assert desk.house.presences[MemberId("astrid")].inside


@pytest.mark.parametrize(
    ("minutes_late", "direction", "expected"),
    [
        (5, Direction.BOTH, Outcome.LEFT),
        (5, Direction.OUT, Outcome.LEFT),
        (5, Direction.IN, Outcome.ARRIVED),
        (121, Direction.BOTH, Outcome.ARRIVED),
    ],
)
def test_whoever_was_just_checked_out_at_closing_time_leaves_by_the_next_tap(
    desk: Desk, minutes_late: float, direction: Direction, expected: Outcome
) -> None:
    arrive(desk, "Astrid", 0)
    closing_s = 10 * 3600
    desk.tick(at(closing_s))
    answer = desk.handle(tap(UIDS["Astrid"], at(closing_s + 60 * minutes_late), direction))
    assert answer.outcome is expected
    astrid = desk.house.presences[MemberId("astrid")]
    assert (astrid.inside, astrid.uncertain) == (expected is Outcome.ARRIVED, False)


def test_a_morning_after_an_outage_nobody_is_said_goodbye_to_when_they_come(desk: Desk) -> None:
    arrive(desk, "Astrid", 0)
    morning = at(24 * 3600)
    desk.tick(morning)
    assert desk.house.presences[MemberId("astrid")].uncertain
    assert desk.handle(tap(UIDS["Astrid"], at(24 * 3600 + 60))).outcome is Outcome.ARRIVED
