"""Badges at a real desk over real books: enrolled, lost, found, and listed for hosts."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.desk.desk import Books, Desk
from kiosk.desk.shown import SHOWN_MAX, SHOWN_S
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import keys_named, reference
from kiosk.domain.events import BadgeEnrolled, BadgeReportedLost, TapRefused
from kiosk.domain.ids import BadgeKey, MemberId, RequestId
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import ImportBadge
from kiosk.tools.site import Site
from tests.kiosk.desk.badge_steps import (
    ASTRID,
    BO,
    EVA,
    IDS,
    NEW,
    acknowledged,
    confirmed,
    enrol,
    enrolled,
    find,
    lose,
    recorded,
    set_status,
    tap,
)
from tests.support.books import LOST_UID, SECRET, UIDS, close_books, key_of, open_desk
from tests.support.house import at

pytestmark = pytest.mark.slow


def test_an_unknown_badge_is_enrolled_by_its_reference_after_two_presentations(desk: Desk, site: Site) -> None:
    code = tap(desk, NEW, 0).reference
    assert enrol(desk, code, 5).reason is Reason.BADGE_SHOWN_ONCE
    assert tap(desk, NEW, 10).reference == code
    done = enrol(desk, code, 20)
    assert (done.outcome, done.level, done.reference) == (Outcome.BADGE_ENROLLED, BadgeLevel.UID, code)
    came = tap(desk, NEW, 21)
    assert (came.outcome, came.name) == (Outcome.ARRIVED, "Bo")
    (event,) = recorded(site, BadgeEnrolled)
    assert isinstance(event, BadgeEnrolled)
    assert (event.badge, event.member, event.by) == (key_of(NEW), BO, EVA)


def test_two_presentations_within_the_guard_time_are_two(desk: Desk) -> None:
    code = tap(desk, NEW, 0).reference
    assert tap(desk, NEW, 2).repeated
    assert enrol(desk, code, 3).outcome is Outcome.BADGE_ENROLLED


def test_a_card_that_makes_up_its_number_is_never_tied_to_anybody(desk: Desk) -> None:
    random = tap(desk, "08A1B2C3", 0)
    assert (random.reason, random.reference) == (Reason.CARD_RANDOM, None)
    first, second = tap(desk, "80A1B2C3", 10).reference, tap(desk, "80C3B2A1", 20).reference
    assert first != second
    assert {enrol(desk, code, 30).reason for code in (first, second)} == {Reason.BADGE_SHOWN_ONCE}


def test_a_badge_that_somebody_has_is_not_tied_again(desk: Desk) -> None:
    code = enrolled(desk).reference
    assert enrol(desk, code, 60, ASTRID).reason is Reason.REFERENCE_UNKNOWN
    lost = tap(desk, LOST_UID, 70).reference
    tap(desk, LOST_UID, 80)
    assert enrol(desk, lost, 90).reason is Reason.BADGE_TAKEN
    again = ImportBadge(
        id=RequestId("i"), at=at(95), badge=BadgeKey(key_of(UIDS["Astrid"])), key_version=1, member=BO, by=EVA
    )
    assert desk.handle(again).reason is Reason.BADGE_TAKEN


def test_nobody_who_is_not_a_member_gets_a_badge(desk: Desk) -> None:
    assert enrolled(desk, member=MemberId("nobody")).reason is Reason.MEMBER_UNKNOWN


def test_a_badge_out_of_a_list_is_tied_without_being_shown(desk: Desk) -> None:
    request = ImportBadge(id=RequestId("i"), at=at(0), badge=BadgeKey(key_of(NEW)), key_version=1, member=BO, by=EVA)
    assert desk.handle(request).outcome is Outcome.BADGE_ENROLLED
    assert tap(desk, NEW, 10).name == "Bo"


def test_a_member_may_have_several_badges_and_each_opens(desk: Desk) -> None:
    enrolled(desk, member=ASTRID)
    assert tap(desk, UIDS["Astrid"], 30).outcome is Outcome.ARRIVED
    assert tap(desk, NEW, 60).outcome is Outcome.ALREADY_IN


def test_a_lost_badge_is_refused_at_once_and_a_found_one_opens_again(desk: Desk, site: Site) -> None:
    enrolled(desk)
    tap(desk, UIDS["Bo"], 30)
    code = reference(BadgeKey(key_of(UIDS["Bo"])))
    assert lose(desk, 31).reason is Reason.BADGE_AMBIGUOUS
    assert lose(desk, 32, code=code).outcome is Outcome.BADGE_LOST
    refused = tap(desk, UIDS["Bo"], 33)
    assert (refused.outcome, refused.repeated) == (Outcome.ALREADY_IN, False), "who came in by it can still leave"
    tap(desk, UIDS["Bo"], 40)
    assert tap(desk, UIDS["Bo"], 60).reason is Reason.BADGE_LOST
    assert find(desk, 61).outcome is Outcome.BADGE_FOUND
    assert tap(desk, UIDS["Bo"], 62).outcome is Outcome.ARRIVED
    assert len(recorded(site, BadgeReportedLost)) == 1


def test_whoever_finds_a_lost_badge_names_it_by_what_the_reader_shows(desk: Desk) -> None:
    code = tap(desk, LOST_UID, 0).reference
    assert find(desk, 10, member=None, code=code).outcome is Outcome.BADGE_FOUND
    assert tap(desk, LOST_UID, 20).name == "Astrid"
    assert find(desk, 30, member=None, code="AAA-AAA").reason is Reason.BADGE_NOT_FOUND


def test_history_stays_with_the_person_whose_badge_was_lost(desk: Desk) -> None:
    tap(desk, UIDS["Bo"], 0)
    visit = desk.house.presences[BO].visit
    lose(desk, 10)
    enrolled(desk, 20)
    assert tap(desk, NEW, 60).outcome is Outcome.ALREADY_IN
    assert desk.house.presences[BO].visit == visit


def test_what_the_house_knows_goes_before_the_roster_until_the_centre_has_it(desk: Desk, site: Site) -> None:
    lose(desk, 0)
    desk.tick(at(1))
    assert tap(desk, UIDS["Bo"], 2).reason is Reason.BADGE_LOST, "the roster still has it as valid"
    set_status(site, UIDS["Bo"], BadgeStatus.LOST)
    desk.tick(at(10))
    set_status(site, UIDS["Bo"], BadgeStatus.ACTIVE)
    assert tap(desk, UIDS["Bo"], 20).outcome is Outcome.ARRIVED, "the centre had it, and gave it back"


def test_a_badge_lost_elsewhere_after_it_was_found_here_is_refused_once_the_centre_had_our_word(
    desk: Desk, site: Site
) -> None:
    set_status(site, UIDS["Bo"], BadgeStatus.LOST)
    find(desk, 0)
    desk.tick(at(1))
    assert tap(desk, UIDS["Bo"], 2).outcome is Outcome.ARRIVED, "found here, and the centre does not know yet"
    acknowledged(site, 1)
    desk.tick(at(10))
    desk.tick(at(11))
    assert tap(desk, UIDS["Bo"], 20).outcome is Outcome.ALREADY_IN, "the roster is from before it came to the centre"
    confirmed(site, 30)
    desk.tick(at(31))
    tap(desk, UIDS["Bo"], 40)
    tap(desk, UIDS["Bo"], 46)
    assert tap(desk, UIDS["Bo"], 60).reason is Reason.BADGE_LOST, "reported lost again, by another house"


def test_a_withdrawal_by_the_centre_goes_before_what_the_house_knows(desk: Desk, site: Site) -> None:
    lose(desk, 0)
    find(desk, 1)
    set_status(site, UIDS["Bo"], BadgeStatus.WITHDRAWN)
    assert tap(desk, UIDS["Bo"], 2).reason is Reason.BADGE_WITHDRAWN


def test_what_was_enrolled_and_lost_is_known_after_a_power_cut(desk: Desk, site: Site, books: Books) -> None:
    enrolled(desk)
    lose(desk, 30, code=reference(BadgeKey(key_of(UIDS["Bo"]))))
    afresh = Desk(site, books, {1: SECRET}, IDS)
    assert tap(afresh, UIDS["Bo"], 40).reason is Reason.BADGE_LOST
    assert tap(afresh, NEW, 50).name == "Bo"


def test_the_references_last_shown_are_listed_for_a_host_and_forgotten_in_time(desk: Desk) -> None:
    code = tap(desk, NEW, 0).reference
    tap(desk, NEW, 10)
    (one,) = desk.unknown_badges(at(20))
    assert (one.reference, one.times, one.at, one.reader) == (code, 2, at(10), "entrance")
    assert desk.unknown_badges(at(10 + SHOWN_S)) != ()
    assert desk.unknown_badges(at(11 + SHOWN_S)) == ()


def test_only_so_many_references_are_remembered_the_last_ones(desk: Desk) -> None:
    codes = [tap(desk, f"04{number:012X}", number).reference for number in range(1, SHOWN_MAX + 2)]
    listed = [one.reference for one in desk.unknown_badges(at(60))]
    assert listed == list(reversed(codes))[:SHOWN_MAX]


def test_whoever_looks_at_a_members_badges_is_written_down(desk: Desk, site: Site) -> None:
    badges = desk.badges_of(ASTRID, EVA, "lost badge", at(0))
    assert {one.status for one in badges} == {BadgeStatus.ACTIVE, BadgeStatus.LOST}
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as file:
        assert file.execute("SELECT by, about, purpose FROM access").fetchall() == [(EVA, "astrid", "lost badge")]


def test_an_unknown_tap_leaves_its_reference_in_the_journal_and_nothing_else(desk: Desk, site: Site) -> None:
    code = tap(desk, NEW, 0).reference
    (event,) = recorded(site, TapRefused)
    assert isinstance(event, TapRefused)
    assert event.reference == code
    assert key_of(NEW).encode() not in (site.state_dir / "journal.db-wal").read_bytes()


def test_a_roster_from_before_badges_had_levels_is_read_all_the_same(site: Site) -> None:
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute("ALTER TABLE badges DROP COLUMN level")
        file.commit()
    desk, books = open_desk(site, IDS)
    assert tap(desk, UIDS["Astrid"], 0).outcome is Outcome.ARRIVED
    assert len(desk.badges_of(ASTRID, EVA, "test", at(1))) == 2
    close_books(books)


def test_a_badge_is_lost_and_found_by_its_code_alone_also_when_nobody_has_shown_it(desk: Desk) -> None:
    code = reference(BadgeKey(key_of(UIDS["Bo"])))
    assert lose(desk, 0, member=None, code=code).outcome is Outcome.BADGE_LOST
    assert tap(desk, UIDS["Bo"], 10).reason is Reason.BADGE_LOST
    enrolled(desk, 20)
    assert lose(desk, 60, member=None, code=reference(BadgeKey(key_of(NEW)))).outcome is Outcome.BADGE_LOST
    assert find(desk, 70, member=None, code=code).outcome is Outcome.BADGE_FOUND
    assert find(desk, 80, member=None, code="?").reason is Reason.BADGE_NOT_FOUND


@given(st.binary(min_size=32, max_size=32))
def test_a_code_names_the_keys_that_begin_with_it_and_no_others(value: bytes) -> None:
    key = BadgeKey(value.hex())
    between = keys_named(reference(key))
    assert between is not None
    low, high = between
    assert low <= key <= high
    assert reference(low) == reference(high) == reference(key)
    outside = [f"{int(low, 16) - 1:064x}" if int(low, 16) else None, f"{int(high, 16) + 1:064x}"]
    assert all(reference(BadgeKey(one)) != reference(key) for one in outside if one is not None and len(one) == 64)
