"""A badge that one house enrols or reports lost is so in the other houses, by way of the centre."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.events import BadgeEnrolled, BadgeRekeyed, BadgeReportedLost
from kiosk.domain.ids import BadgeKey, EventId, MemberId, SiteId, host
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.store.outgoing import OutboxState
from kiosk.store.roster import RosterReader
from sync.centre.enrolment import Enrolment, NewBadge, NewMember
from tests.support.centre import AGENCY, House, RunningCentre, badge_key, member, visits

pytestmark = pytest.mark.parts

KEY = BadgeKey(badge_key(77))
WHO = MemberId(member(1).id)
KARIN = host("karin")


@pytest.fixture
def other(tmp_path: Path, centre: RunningCentre) -> Iterator[House]:
    """Return a second house, with a source of its own."""
    folder, source = tmp_path / "other", "se.samverket.ostersund"
    folder.mkdir()
    one = House(folder, centre.url, centre.registry.issue_token(SiteId("ostersund"), source), source=source)
    yield one
    one.close()


def status_at(house: House) -> BadgeStatus | None:
    """Return how the badge stands in that house's roster, or None if it leads to nobody."""
    reader = RosterReader(house.folder / "roster.db")
    holder = reader.holder_of_badge([KEY])
    reader.close()
    return None if holder is None or holder.badge is None else holder.badge.status


def withdrawn_at(number: int, house: House) -> NewMember:
    """Return that member with rights that ended just before now."""
    return NewMember(member(number).id, "Namn", AGENCY.id, revoked_at=house.clock().wall - timedelta(minutes=1))


def contact(centre: RunningCentre, *houses: House) -> None:
    """Let the houses be in touch with the centre, one after the other."""
    for one in houses:
        one.clock.advance(60.0)
        one.work()
        centre.registry.books.settle()


def test_a_badge_enrolled_in_one_house_opens_in_the_other_and_a_lost_one_in_neither(
    house: House, other: House, centre: RunningCentre
) -> None:
    centre.registry.enrol(Enrolment(members=(member(1, badge=False),)))
    contact(centre, house, other)
    enrolled = BadgeEnrolled(
        id=EventId("enrolled"), at=house.clock(), badge=KEY, key_version=1, member=WHO, level=BadgeLevel.UID, by=KARIN
    )
    house.happened([enrolled])
    contact(centre, house, other)
    assert status_at(other) is BadgeStatus.ACTIVE
    lost = BadgeReportedLost(id=EventId("lost"), at=other.clock(), badge=KEY, key_version=1, member=WHO, by=KARIN)
    other.happened([lost])
    contact(centre, other, house, other)
    assert [status_at(one) for one in (house, other)] == [BadgeStatus.LOST] * 2


def test_a_tap_accepted_offline_with_a_badge_lost_elsewhere_is_kept_and_doubted_once(
    house: House, other: House, centre: RunningCentre
) -> None:
    centre.registry.enrol(Enrolment(members=(member(1),)))
    contact(centre, house, other)
    lost = BadgeReportedLost(
        id=EventId("lost"), at=other.clock(), badge=BadgeKey(badge_key(1)), key_version=1, member=WHO, by=KARIN
    )
    other.happened([lost])
    house.clock.advance(600.0)
    house.happened(visits(1, start=house.clock().wall))
    contact(centre, other, house)
    for _ in range(2):
        house.clock.advance(3600.0)
        house.work()
    assert house.roster.outbox.counts()[OutboxState.DISPUTED] == 1
    assert sum(centre.registry.report().disputes.values()) == 1


def test_a_tap_under_rights_since_withdrawn_is_kept_and_doubted_once_whichever_arrived_first(
    house: House, other: House, centre: RunningCentre
) -> None:
    for number, one in enumerate((house, other), start=1):
        centre.registry.enrol(Enrolment(members=(member(number),)))
        withdrawn = Enrolment(members=(withdrawn_at(number, one),))
        one.happened(visits(1, first=number, start=one.clock().wall))
        if one is house:
            centre.registry.enrol(withdrawn)
        contact(centre, one)
        centre.registry.enrol(withdrawn)
        centre.registry.books.settle()
        for _ in range(2):
            one.clock.advance(3600.0)
            one.work()
        assert one.roster.outbox.counts()[OutboxState.DISPUTED] == 1
    report = centre.registry.report()
    assert sorted(report.disputes.values()) == [1, 1]
    assert report.distinct == 6


def test_a_badge_that_must_prove_itself_in_one_house_must_in_the_other_and_under_its_newer_key(
    house: House, other: House, centre: RunningCentre
) -> None:
    newer = BadgeKey(badge_key(78))
    centre.registry.enrol(Enrolment(members=(member(1, badge=False),)))
    contact(centre, house, other)
    enrolled = BadgeEnrolled(
        id=EventId("e"), at=house.clock(), badge=KEY, key_version=1, member=WHO, level=BadgeLevel.VERIFIED, by=KARIN
    )
    house.happened([enrolled])
    contact(centre, house, other)
    assert badges_at(other) == [(KEY, 1, BadgeLevel.VERIFIED)]
    rekeyed = BadgeRekeyed(
        id=EventId("r"), at=other.clock(), badge=newer, key_version=2, member=WHO, was=KEY, level=BadgeLevel.VERIFIED
    )
    other.happened([rekeyed])
    contact(centre, other, house, other)
    assert badges_at(house) == badges_at(other) == [(newer, 2, BadgeLevel.VERIFIED)]
    assert status_at(house) is None, "the old key is nobody's"
    assert drifts(house) == drifts(other) == 0, "house and centre agree on what a verified badge is"


@pytest.mark.parametrize("is_told_elsewhere", [True, False])
def test_a_badge_that_gets_a_newer_key_while_it_is_reported_lost_is_lost_in_both_houses(
    house: House, other: House, centre: RunningCentre, *, is_told_elsewhere: bool
) -> None:
    newer = BadgeKey(badge_key(78))
    one = member(1, badge=False)
    centre.registry.enrol(Enrolment(members=(NewMember(one.id, one.name, one.agency, badges=(NewBadge(KEY),)),)))
    contact(centre, house, other)
    rekeyed = BadgeRekeyed(
        id=EventId("r"), at=house.clock(), badge=newer, key_version=2, member=WHO, was=KEY, level=BadgeLevel.UID
    )
    house.happened([rekeyed])
    if is_told_elsewhere:
        older = BadgeReportedLost(id=EventId("l"), at=other.clock(), badge=KEY, key_version=1, member=WHO, by=KARIN)
        other.happened([older])
    else:
        overtaking = BadgeReportedLost(
            id=EventId("l"), at=house.clock(), badge=newer, key_version=2, member=WHO, by=KARIN, was=KEY
        )
        house.happened([overtaking])
    contact(centre, house, other, house, other)
    assert [statuses_at(one) for one in (house, other)] == [{newer: BadgeStatus.LOST}] * 2


def statuses_at(house: House) -> dict[BadgeKey, BadgeStatus]:
    """Return the member's badges in that house's roster, and how they stand."""
    with closing(RosterReader(house.folder / "roster.db")) as reader:
        return {one.key: one.status for one in reader.badges_of(WHO)}


def badges_at(house: House) -> list[tuple[BadgeKey, int, BadgeLevel]]:
    """Return the member's badges in that house's roster."""
    reader = RosterReader(house.folder / "roster.db")
    found = [(one.key, one.key_version, one.level) for one in reader.badges_of(WHO)]
    reader.close()
    return found


def drifts(house: House) -> int:
    """Return how many records were found not to be as the centre has them."""
    with closing(sqlite3.connect(house.folder / "roster.db")) as file:
        return int(file.execute("SELECT drifted FROM contact").fetchone()[0])
