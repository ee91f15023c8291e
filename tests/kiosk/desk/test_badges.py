"""Badges at a real desk over real books: enrolled, lost, found, proved, copied, and known under a new secret."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.desk.badges import COPIED_TOLD_S
from kiosk.desk.desk import Books, Desk
from kiosk.desk.shown import SHOWN_MAX, SHOWN_S
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Proof, Uid, badge_key, reference
from kiosk.domain.events import BadgeCopied, BadgeEnrolled, BadgeRekeyed, BadgeReportedLost, TapRefused
from kiosk.domain.ids import BadgeKey, MemberId, ReaderId, RequestId, host
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Direction, EnrolBadge, ImportBadge, ReportBadgeFound, ReportBadgeLost, Tap
from kiosk.store.journal import JournalReader
from kiosk.tools.site import Site
from tests.support.books import LOST_UID, SECRET, UIDS, close_books, key_of, make_site, open_desk, write_roster
from tests.support.house import CountedIds, at

EVA = host("eva")
NEW = "04FEDCBA987654"
ASTRID, BO = MemberId("astrid"), MemberId("bo")
OTHER_SECRET = bytes(range(1, 33))
IDS = CountedIds()
"""One row of ids: a desk that is opened again over the same books goes on with it."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write_roster(tmp_path / "roster.db")
    return make_site(tmp_path)


@pytest.fixture
def books(site: Site) -> Iterator[Books]:
    _desk, books = open_desk(site)
    yield books
    close_books(books)


@pytest.fixture
def desk(site: Site, books: Books) -> Desk:
    return Desk(site, books, {1: SECRET}, IDS)


def tap(desk: Desk, uid: str, seconds: float, proof: Proof | None = None) -> Answer:
    shown = Uid(bytes.fromhex(uid))
    entrance = ReaderId("entrance")
    return desk.handle(
        Tap(id=RequestId("t"), at=at(seconds), reader=entrance, direction=Direction.BOTH, uid=shown, proof=proof)
    )


def enrol(desk: Desk, code: str | None, seconds: float, member: MemberId = BO) -> Answer:
    return desk.handle(EnrolBadge(id=RequestId("e"), at=at(seconds), reference=code or "?", member=member, by=EVA))


def enrolled(desk: Desk, seconds: float = 0, member: MemberId = BO, proof: Proof | None = None) -> Answer:
    """Let a new badge be shown twice and tied to the member."""
    code = tap(desk, NEW, seconds, proof).reference
    tap(desk, NEW, seconds + 10, proof)
    return enrol(desk, code, seconds + 20, member)


def lose(desk: Desk, seconds: float, member: MemberId | None = BO, code: str | None = None) -> Answer:
    return desk.handle(ReportBadgeLost(id=RequestId("l"), at=at(seconds), member=member, reference=code, by=EVA))


def find(desk: Desk, seconds: float, member: MemberId | None = BO, code: str | None = None) -> Answer:
    return desk.handle(ReportBadgeFound(id=RequestId("f"), at=at(seconds), member=member, reference=code, by=EVA))


def recorded(site: Site, kind: type) -> list[object]:
    with closing(JournalReader(site.state_dir / "journal.db")) as journal:
        return [one.event for one in journal.after(0) if isinstance(one.event, kind)]


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


def test_a_verified_badge_is_never_accepted_by_its_number_alone(desk: Desk, site: Site) -> None:
    assert enrolled(desk, proof=Proof(1)).level is BadgeLevel.VERIFIED
    assert tap(desk, NEW, 30, Proof(1)).outcome is Outcome.ARRIVED
    copied = tap(desk, NEW, 31)
    assert (copied.reason, copied.name, copied.visit) == (Reason.BADGE_COPIED, None, None)
    assert tap(desk, NEW, 32, Proof(1)).outcome is Outcome.ARRIVED, "the badge itself is answered as before"
    assert desk.board(at(33)).copied_at == at(31)
    assert desk.board(at(31 + COPIED_TOLD_S + 1)).copied_at is None
    (event,) = recorded(site, BadgeCopied)
    assert isinstance(event, BadgeCopied)
    assert (event.badge, event.reader) == (key_of(NEW), "entrance")


def test_a_verified_badge_stays_so_when_the_centre_has_it_as_any_other(desk: Desk, site: Site) -> None:
    enrolled(desk, proof=Proof(1))
    add_badge(site, key_of(NEW), BO)
    desk.tick(at(60))
    assert tap(desk, NEW, 61).reason is Reason.BADGE_COPIED
    set_status(site, NEW, BadgeStatus.LOST)
    assert tap(desk, NEW, 80, Proof(1)).reason is Reason.BADGE_LOST, "and how it stands is the centre's word by then"


def test_a_badge_that_proved_itself_only_once_is_enrolled_by_its_number(desk: Desk) -> None:
    code = tap(desk, NEW, 0, Proof(1)).reference
    tap(desk, NEW, 10)
    assert enrol(desk, code, 20).level is BadgeLevel.UID


@pytest.mark.parametrize("counter", [12, 11, 0])
def test_a_replayed_or_lower_counter_is_refused_also_after_a_power_cut(
    desk: Desk, site: Site, books: Books, counter: int
) -> None:
    code = tap(desk, NEW, 0, Proof(1, 10)).reference
    tap(desk, NEW, 10, Proof(1, 11))
    enrol(desk, code, 20)
    assert tap(desk, NEW, 30, Proof(1, 12)).outcome is Outcome.ARRIVED
    afresh = Desk(site, books, {1: SECRET}, IDS)
    assert tap(afresh, NEW, 60, Proof(1, counter)).reason is Reason.BADGE_COPIED
    assert tap(afresh, NEW, 70, Proof(1, 13)).outcome is Outcome.ALREADY_IN


def test_the_counter_of_the_enrolment_is_used_up(desk: Desk) -> None:
    code = tap(desk, NEW, 0, Proof(1, 10)).reference
    tap(desk, NEW, 10, Proof(1, 11))
    enrol(desk, code, 20)
    assert tap(desk, NEW, 30, Proof(1, 10)).reason is Reason.BADGE_COPIED


def test_the_counter_moves_with_every_proof_also_within_the_guard_time_and_when_refused(desk: Desk) -> None:
    enrolled(desk, proof=Proof(1, 1))
    assert tap(desk, NEW, 30, Proof(1, 5)).outcome is Outcome.ARRIVED
    assert tap(desk, NEW, 31, Proof(1, 6)).repeated
    assert tap(desk, NEW, 50, Proof(1, 6)).reason is Reason.BADGE_COPIED


def test_counter_and_visit_are_in_one_transaction(desk: Desk, site: Site, books: Books) -> None:
    enrolled(desk, proof=Proof(1, 1))
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as file:
        file.execute("CREATE TRIGGER cut BEFORE INSERT ON counters BEGIN SELECT RAISE(ABORT, 'power'); END")
        file.execute("CREATE TRIGGER cut2 BEFORE UPDATE ON counters BEGIN SELECT RAISE(ABORT, 'power'); END")
        file.commit()
        with pytest.raises(sqlite3.IntegrityError):
            tap(desk, NEW, 30, Proof(1, 2))
        file.execute("DROP TRIGGER cut")
        file.execute("DROP TRIGGER cut2")
        file.commit()
    assert books.journal.house().inside() == ()
    assert tap(Desk(site, books, {1: SECRET}, IDS), NEW, 40, Proof(1, 2)).outcome is Outcome.ARRIVED


def test_a_badge_is_known_under_every_live_secret_and_gets_the_newest_key_at_its_next_tap(
    desk: Desk, site: Site, books: Books
) -> None:
    enrolled(desk, proof=Proof(1, 1))
    rotated = Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS)
    assert tap(rotated, UIDS["Astrid"], 30).outcome is Outcome.ARRIVED
    assert tap(rotated, NEW, 40, Proof(1, 2)).outcome is Outcome.ARRIVED
    events = [one for one in recorded(site, BadgeRekeyed) if isinstance(one, BadgeRekeyed)]
    new_keys = [badge_key(OTHER_SECRET, Uid(bytes.fromhex(uid))) for uid in (UIDS["Astrid"], NEW)]
    assert [(one.badge, one.was, one.key_version) for one in events] == [
        (new_keys[0], key_of(UIDS["Astrid"]), 2),
        (new_keys[1], key_of(NEW), 2),
    ]
    tap(rotated, NEW, 60, Proof(1, 3))
    assert len(recorded(site, BadgeRekeyed)) == 2, "once a badge"
    only_new = Desk(site, books, {2: OTHER_SECRET}, IDS)
    assert tap(only_new, NEW, 80, Proof(1, 3)).reason is Reason.BADGE_COPIED, "level and counter went along"
    assert tap(only_new, UIDS["Astrid"], 90).outcome is Outcome.ALREADY_IN


def test_what_the_centre_blocked_under_an_old_secret_stays_blocked_under_the_new(site: Site, books: Books) -> None:
    rotated = Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS)
    tap(rotated, UIDS["Astrid"], 0)
    tap(rotated, UIDS["Astrid"], 60)
    tap(rotated, UIDS["Astrid"], 62)
    tap(rotated, UIDS["Astrid"], 66)
    set_status(site, UIDS["Astrid"], BadgeStatus.LOST)
    assert tap(rotated, UIDS["Astrid"], 100).reason is Reason.BADGE_LOST


def test_a_refused_badge_does_not_get_a_new_key(desk: Desk, site: Site, books: Books) -> None:
    assert tap(desk, LOST_UID, 0).reason is Reason.BADGE_LOST
    rotated = Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS)
    assert tap(rotated, LOST_UID, 30).reason is Reason.BADGE_LOST
    assert recorded(site, BadgeRekeyed) == []


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


def set_status(site: Site, uid: str, status: BadgeStatus) -> None:
    """Let the roster have the badge like that."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute("UPDATE badges SET status = ? WHERE key = ?", (status.value, key_of(uid)))
        file.commit()


def add_badge(site: Site, key: str, member: MemberId, level: BadgeLevel = BadgeLevel.UID) -> None:
    """Let the roster have the badge too."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute(
            "INSERT INTO badges (key, key_version, member, status, level) VALUES (?, 1, ?, 'active', ?)",
            (key, member, level),
        )
        file.commit()


def test_a_badge_that_another_house_enrolled_as_verified_is_not_accepted_by_its_number_here(
    desk: Desk, site: Site
) -> None:
    add_badge(site, key_of(NEW), BO, BadgeLevel.VERIFIED)
    assert tap(desk, NEW, 0).reason is Reason.BADGE_COPIED
    assert tap(desk, NEW, 10, Proof(1, 3)).outcome is Outcome.ARRIVED
    assert tap(desk, NEW, 30, Proof(1, 3)).reason is Reason.BADGE_COPIED
    assert BadgeLevel.VERIFIED in {one.level for one in desk.badges_of(BO, EVA, "test", at(40))}


def test_a_roster_from_before_badges_had_levels_is_read_all_the_same(site: Site) -> None:
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute("ALTER TABLE badges DROP COLUMN level")
        file.commit()
    desk, books = open_desk(site, IDS)
    assert tap(desk, UIDS["Astrid"], 0).outcome is Outcome.ARRIVED
    assert len(desk.badges_of(ASTRID, EVA, "test", at(1))) == 2
    close_books(books)
