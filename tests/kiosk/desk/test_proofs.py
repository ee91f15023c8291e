"""Badges that prove themselves, copies of them, and badges under a newer secret, at a real desk over real books."""

import sqlite3
from contextlib import closing

import pytest

from kiosk.desk.badges import COPIED_TOLD_S
from kiosk.desk.desk import Books, Desk
from kiosk.desk.keeping import Order
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import Proof, Uid, badge_key
from kiosk.domain.badge_books import ProofCounter
from kiosk.domain.erasure import Erasure
from kiosk.domain.events import BadgeCopied, BadgeRekeyed
from kiosk.domain.ids import BadgeKey
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.store.journal import Entry
from kiosk.tools.site import Site
from tests.kiosk.desk.badge_steps import (
    BO,
    EVA,
    IDS,
    NEW,
    OTHER_SECRET,
    add_badge,
    enrol,
    enrolled,
    recorded,
    set_status,
    tap,
)
from tests.support.books import LOST_UID, SECRET, UIDS, key_of
from tests.support.house import at

pytestmark = pytest.mark.slow


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


def test_a_badge_that_another_house_enrolled_as_verified_is_not_accepted_by_its_number_here(
    desk: Desk, site: Site
) -> None:
    add_badge(site, key_of(NEW), BO, BadgeLevel.VERIFIED)
    assert tap(desk, NEW, 0).reason is Reason.BADGE_COPIED
    assert tap(desk, NEW, 10, Proof(1, 3)).outcome is Outcome.ARRIVED
    assert tap(desk, NEW, 30, Proof(1, 3)).reason is Reason.BADGE_COPIED
    assert BadgeLevel.VERIFIED in {one.level for one in desk.badges_of(BO, EVA, "test", at(40))}


def test_a_counter_never_goes_down(books: Books) -> None:
    key = BadgeKey(key_of(NEW))
    for counter in (5, 9, 7):
        books.journal.append(Entry(counters=(ProofCounter(key, BO, counter),)))
    assert books.journal.badges.counter((key,)) == 9


def test_whoever_is_erased_leaves_no_badge_and_no_counter(desk: Desk, site: Site, books: Books) -> None:
    enrolled(desk, proof=Proof(1, 1))
    tap(desk, NEW, 30, Proof(1, 2))
    tap(desk, NEW, 60, Proof(1, 3))
    tap(desk, NEW, 66, Proof(1, 4))
    assert desk.erase(Order(member=BO, decision="dnr 2026-9", by=EVA), at(90)) is Erasure.ERASED
    assert books.journal.badges.of_member(BO) == ()
    assert books.journal.badges.counter((BadgeKey(key_of(NEW)),)) is None
    assert key_of(NEW).encode() not in (site.state_dir / "journal.db").read_bytes()
