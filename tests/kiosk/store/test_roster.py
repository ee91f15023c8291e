"""The desk's view of the roster: quick, whole, and there before the sync service is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.ids import AgencyId, BadgeKey, BootId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Agency, Badge, BadgeStatus, Holder, Language, Member
from kiosk.store.brake import LOST_ALWAYS_BELIEVED
from kiosk.store.enrolment import Enrolled, Page, Refusal
from kiosk.store.errors import AlreadyOpenError
from kiosk.store.intake import Place
from kiosk.store.roster import ASKED_MAX, RosterReader, RosterWriter
from kiosk.store.schedule import Appointment

pytestmark = pytest.mark.slow

NOW = Instant(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), BootId("boot-1"), 100.0)
AGENCY = Agency(AgencyId("skatteverket"), "Skatteverket", 40)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RosterWriter]:
    """Return the writing side of a new roster."""
    one = RosterWriter(tmp_path / "roster.db")
    yield one
    one.close()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RosterReader]:
    """Return a reader of the same file."""
    one = RosterReader(tmp_path / "roster.db")
    yield one
    one.close()


def key(number: int) -> BadgeKey:
    """Return a badge key."""
    return BadgeKey(f"{number:064x}")


def person(number: int, status: BadgeStatus = BadgeStatus.ACTIVE) -> Enrolled:
    """Return a member with one badge."""
    member = Member(MemberId(f"m{number:06}"), f"Exempel {number}", AGENCY.id)
    return Enrolled(member, (Badge(key(number), 1, member.id, status),))


def take_in(writer: RosterWriter, *people: Enrolled, at: Instant = NOW) -> int:
    """Put a whole list in force and return how many members are known."""
    writer.intake.begin(Place("members", centre_version="v"), at)
    writer.intake.take(Page(agencies=(AGENCY,), people=people), Place("end"))
    return writer.intake.apply(is_whole=True).members


def test_before_there_is_a_file_nobody_is_known_and_nothing_fails(reader: RosterReader) -> None:
    assert reader.holder_of_badge([key(1)]) is None
    assert reader.holder_of_member(MemberId("m000001")) is None
    assert reader.people([MemberId("m000001")]) == {}
    assert reader.age_s(NOW) is None
    assert reader.version() == ""


def test_a_file_that_has_no_shape_yet_is_as_none(tmp_path: Path, reader: RosterReader) -> None:
    (tmp_path / "roster.db").touch()
    assert reader.holder_of_badge([key(1)]) is None


def test_a_file_that_comes_later_is_found(tmp_path: Path, reader: RosterReader) -> None:
    assert reader.version() == ""
    writer = RosterWriter(tmp_path / "roster.db")
    take_in(writer, person(1))
    assert reader.holder_of_badge([key(1)]) is not None
    writer.close()


def test_everything_known_of_a_holder_comes_back(writer: RosterWriter, reader: RosterReader) -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    member = Member(MemberId("m1"), "Exempel", AGENCY.id, False, None, until, Language.EN)  # noqa: FBT003 - the order of the fields
    badge = Badge(key(7), 3, member.id, BadgeStatus.LOST)
    take_in(writer, Enrolled(member, (badge,)))
    assert reader.holder_of_badge([key(7)]) == Holder(member, AGENCY, badge)
    assert reader.holder_of_member(member.id) == Holder(member, AGENCY)


def test_no_key_and_an_unknown_key_lead_to_nobody(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1))
    assert reader.holder_of_badge([]) is None
    assert reader.holder_of_badge([key(2), key(3)]) is None


def test_more_people_than_one_question_holds_are_found(writer: RosterWriter, reader: RosterReader) -> None:
    everybody = [person(number) for number in range(ASKED_MAX + 50)]
    take_in(writer, *everybody)
    assert len(reader.people(one.member.id for one in everybody)) == ASKED_MAX + 50


def test_age_is_measured_by_the_clock_that_does_not_step(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1))
    stepped_back = Instant(datetime(1970, 1, 1, tzinfo=UTC), BootId("boot-1"), 160.0)
    assert reader.age_s(stepped_back) == 60.0
    writer.intake.confirm(Instant(NOW.wall, BootId("boot-1"), 150.0))
    assert reader.age_s(stepped_back) == 10.0


def test_the_version_names_the_content(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1), person(2))
    first = reader.version()
    take_in(writer, person(1), person(2, BadgeStatus.LOST))
    second = reader.version()
    take_in(writer, person(1), person(2))
    assert first == reader.version() != second


def test_a_list_not_yet_whole_is_not_seen(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1))
    writer.intake.begin(Place("members"), NOW)
    writer.intake.take(Page(people=(person(2),)), Place("members", cursor="next"))
    assert set(reader.people([MemberId("m000001"), MemberId("m000002")])) == {"m000001"}
    writer.intake.abandon()
    assert writer.intake.place() is None


def test_the_place_and_the_page_move_together(writer: RosterWriter, tmp_path: Path) -> None:
    writer.intake.begin(Place("members", paging="index"), NOW)
    writer.intake.take(Page(people=(person(1),)), Place("members", start_index=201, paging="index"))
    writer.close()
    again = RosterWriter(tmp_path / "roster.db")
    assert again.intake.place() == Place("members", start_index=201, paging="index")
    assert again.intake.taken("members") == 1
    again.close()


def test_a_few_may_go_at_once_but_not_all(writer: RosterWriter) -> None:
    assert take_in(writer, *(person(number) for number in range(LOST_ALWAYS_BELIEVED + 1))) == LOST_ALWAYS_BELIEVED + 1
    assert take_in(writer, person(0)) == 1
    assert take_in(writer) == 1


def test_a_badge_that_two_members_hold_stays_with_the_first(writer: RosterWriter, reader: RosterReader) -> None:
    second = Enrolled(person(2).member, (Badge(key(1), 1, MemberId("m000002")),))
    take_in(writer, person(1), second)
    holder = reader.holder_of_badge([key(1)])
    assert holder is not None
    assert holder.member.id == "m000001"


def test_a_badge_that_moves_to_another_member_moves_whole(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1), person(2))
    take_in(writer, Enrolled(person(1).member), Enrolled(person(2).member, (Badge(key(1), 1, MemberId("m000002")),)))
    holder = reader.holder_of_badge([key(1)])
    assert holder is not None
    assert holder.member.id == "m000002"
    assert reader.holder_of_badge([key(2)]) is None


def test_a_refused_record_keeps_its_member(writer: RosterWriter, reader: RosterReader) -> None:
    take_in(writer, person(1), person(2))
    writer.intake.begin(Place("members"), NOW)
    refused = (Refusal("member", "m000002", "why"),)
    writer.intake.take(Page(agencies=(AGENCY,), people=(person(1),), refused=refused), Place("end"))
    applied = writer.intake.apply(is_whole=True)
    assert (applied.members, applied.gone, applied.refused) == (2, 0, 1)
    assert reader.holder_of_badge([key(2)]) is not None


@pytest.mark.usefixtures("writer")
def test_the_roster_has_one_writer(tmp_path: Path) -> None:
    with pytest.raises(AlreadyOpenError, match="already has a writer"):
        RosterWriter(tmp_path / "roster.db")


def test_a_wait_goes_on_after_a_restart_whose_clock_came_back_in_the_past(writer: RosterWriter, tmp_path: Path) -> None:
    writer.schedule.put("push", Appointment(NOW, 120.0, "why", 3))
    writer.close()
    again = RosterWriter(tmp_path / "roster.db")
    in_the_past = Instant(datetime(1970, 1, 1, tzinfo=UTC), BootId("boot-2"), 5.0)
    again.schedule.rebase(in_the_past)
    kept = again.schedule.get("push")
    assert kept == Appointment(in_the_past, 120.0, "why", 3)
    assert kept.wait_s(Instant(in_the_past.wall, BootId("boot-2"), 125.0)) == 0.0
    again.close()
