"""A badge that is lost is lost under every key that it has, had, or is getting while secrets change."""

from collections.abc import Callable

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import Uid, badge_key, reference
from kiosk.domain.events import BadgeFound, BadgeRekeyed, BadgeReportedLost
from kiosk.domain.ids import BadgeKey, EventId, RequestId
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import ImportBadge
from kiosk.store.journal import Entry
from kiosk.tools.site import Site
from tests.kiosk.desk.badge_steps import (
    ASTRID,
    BO,
    EVA,
    IDS,
    OTHER_SECRET,
    find,
    lose,
    recorded,
    rekey_in_roster,
    set_status,
    tap,
)
from tests.support.books import SECRET, UIDS, key_of
from tests.support.house import at

pytestmark = pytest.mark.slow

UID = UIDS["Bo"]
OLD = BadgeKey(key_of(UID))
NEW = badge_key(OTHER_SECRET, Uid(bytes.fromhex(UID)))
Told = Callable[[Desk, float], object]
WAYS: dict[str, Told] = {
    "by the member": lose,
    "by the older code": lambda desk, now: lose(desk, now, member=None, code=reference(OLD)),
    "by the newer code": lambda desk, now: lose(desk, now, member=None, code=reference(NEW)),
    "by the member and the older code": lambda desk, now: lose(desk, now, code=reference(OLD)),
    "by the member and the newer code": lambda desk, now: lose(desk, now, code=reference(NEW)),
}


@pytest.fixture
def rotated(site: Site, books: Books) -> Desk:
    """Return a desk that knows a newer secret too, at which Bo's badge has just got its newer key."""
    desk = Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS)
    assert tap(desk, UID, 0).outcome is Outcome.ARRIVED
    tap(desk, UID, 10)
    tap(desk, UID, 16)
    (event,) = recorded(site, BadgeRekeyed)
    assert isinstance(event, BadgeRekeyed)
    assert (event.badge, event.was) == (NEW, OLD)
    return desk


@pytest.mark.parametrize("way", WAYS)
def test_a_loss_told_in_any_way_refuses_the_badge_at_once_under_both_keys(
    rotated: Desk, site: Site, books: Books, way: str
) -> None:
    told = WAYS[way](rotated, 30)
    assert getattr(told, "outcome", None) is Outcome.BADGE_LOST
    assert tap(rotated, UID, 31).reason is Reason.BADGE_LOST
    (event,) = recorded(site, BadgeReportedLost)
    assert isinstance(event, BadgeReportedLost)
    assert (event.badge, event.was) == (NEW, OLD), "the centre may know it by the older key alone"
    for secrets in ({1: SECRET}, {2: OTHER_SECRET}):
        assert tap(Desk(site, books, secrets, IDS), UID, 60).reason is Reason.BADGE_LOST


@pytest.mark.parametrize("code", [OLD, NEW])
def test_a_lost_badge_is_found_again_by_either_code(rotated: Desk, site: Site, code: BadgeKey) -> None:
    lose(rotated, 30)
    assert find(rotated, 40, member=None, code=reference(code)).outcome is Outcome.BADGE_FOUND
    assert tap(rotated, UID, 41).outcome is Outcome.ARRIVED
    (event,) = recorded(site, BadgeFound)
    assert isinstance(event, BadgeFound)
    assert (event.badge, event.was) == (NEW, OLD)


def test_a_badge_between_two_keys_is_one_badge_of_its_member(rotated: Desk, site: Site) -> None:
    assert [one.key for one in rotated.badges_of(BO, EVA, "test", at(30))] == [NEW]
    set_status(site, UID, BadgeStatus.LOST)
    assert [(one.key, one.status) for one in rotated.badges_of(BO, EVA, "test", at(40))] == [(NEW, BadgeStatus.LOST)]
    assert len(rotated.badges_of(ASTRID, EVA, "test", at(50))) == 2


def test_a_loss_that_the_centre_tells_under_the_older_key_refuses_the_newer_one_also_without_the_older_secret(
    rotated: Desk, site: Site, books: Books
) -> None:
    set_status(site, UID, BadgeStatus.LOST)
    for secrets in ({1: SECRET, 2: OTHER_SECRET}, {2: OTHER_SECRET}):
        assert tap(Desk(site, books, secrets, IDS), UID, 60).reason is Reason.BADGE_LOST
    assert find(rotated, 70).outcome is Outcome.BADGE_FOUND
    assert tap(rotated, UID, 71).outcome is Outcome.ARRIVED, "what was found here holds here at once"


def test_a_new_key_alone_is_no_word_against_a_loss_that_the_centre_tells_under_it(rotated: Desk, site: Site) -> None:
    rekey_in_roster(site, OLD, NEW)
    set_status(site, NEW, BadgeStatus.LOST)
    rotated.tick(at(30))
    assert tap(rotated, UID, 31).reason is Reason.BADGE_LOST


def test_a_badge_lost_before_its_new_key_stays_lost_when_the_roster_gets_the_new_key(
    desk: Desk, site: Site, books: Books
) -> None:
    lose(desk, 0)
    rekey_in_roster(site, OLD, NEW)  # another house saw it first
    assert tap(Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS), UID, 30).reason is Reason.BADGE_LOST


def test_a_badge_that_got_its_new_key_elsewhere_is_found_by_the_code_that_the_reader_shows(
    desk: Desk, site: Site, books: Books
) -> None:
    lose(desk, 0)
    rekey_in_roster(site, OLD, NEW)
    rotated = Desk(site, books, {1: SECRET, 2: OTHER_SECRET}, IDS)
    shown = tap(rotated, UID, 30)
    assert (shown.reason, shown.reference) == (Reason.BADGE_LOST, reference(NEW))
    assert find(rotated, 40, member=None, code=shown.reference).outcome is Outcome.BADGE_FOUND
    assert tap(rotated, UID, 60).outcome is Outcome.ARRIVED


def test_what_was_said_last_of_a_badge_counts_under_whichever_key(books: Books) -> None:
    def said(kind: type[BadgeReportedLost | BadgeFound], key: BadgeKey) -> BadgeStatus:
        event = kind(id=EventId(IDS()), at=at(0), badge=key, key_version=1, member=BO, by=EVA)
        books.journal.append(Entry(happened=(event,)))
        own = books.journal.badges.of_keys((NEW, OLD))
        assert own is not None
        return own.badge.status

    assert said(BadgeReportedLost, OLD) is BadgeStatus.LOST
    assert said(BadgeFound, NEW) is BadgeStatus.ACTIVE
    assert said(BadgeReportedLost, OLD) is BadgeStatus.LOST


def test_a_badge_is_not_tied_to_another_under_its_older_key(rotated: Desk) -> None:
    request = ImportBadge(id=RequestId("i"), at=at(30), badge=OLD, key_version=1, member=ASTRID, by=EVA)
    assert rotated.handle(request).reason is Reason.BADGE_TAKEN


def test_of_two_changes_of_key_the_one_that_the_centre_knows_is_told(rotated: Desk, site: Site, books: Books) -> None:
    third = bytes(range(2, 34))
    desk = Desk(site, books, {1: SECRET, 2: OTHER_SECRET, 3: third}, IDS)
    assert tap(desk, UID, 60).outcome is Outcome.ARRIVED
    lose(desk, 90)
    (event,) = recorded(site, BadgeReportedLost)
    assert isinstance(event, BadgeReportedLost)
    assert (event.badge, event.was) == (badge_key(third, Uid(bytes.fromhex(UID))), OLD)
    assert tap(rotated, UID, 120).reason is Reason.BADGE_LOST


def test_once_the_centre_has_the_new_key_only_its_word_counts(rotated: Desk, site: Site, books: Books) -> None:
    rekey_in_roster(site, OLD, NEW)
    rotated.tick(at(30))
    assert books.journal.badges.of_member(BO) == ()
    assert [(one.key, one.level) for one in rotated.badges_of(BO, EVA, "test", at(40))] == [(NEW, BadgeLevel.UID)]
