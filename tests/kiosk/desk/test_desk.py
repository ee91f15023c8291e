"""The desk over real books: decide, record, and only then answer."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.house import replay
from kiosk.domain.ids import MEMBER, MemberId, ReaderId, RequestId, ZoneId, host
from kiosk.domain.instant import Instant
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import CheckIn, Confirm, JoinZone, Leave, Tap, Undo
from kiosk.domain.rule import DAY_S
from kiosk.domain.zones import ZoneState
from kiosk.store.journal import JournalReader
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.site import Site
from tests.support.books import LOST_UID, UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import FIRE, at, occupancy

pytestmark = pytest.mark.slow


def tap(uid: str, when: Instant, direction: Direction = Direction.BOTH) -> Tap:
    return Tap(
        id=RequestId("r"), at=when, reader=ReaderId("entrance"), direction=direction, uid=Uid(bytes.fromhex(uid))
    )


def join(desk: Desk, name: str, seconds: float) -> None:
    visit = desk.house.presences[MemberId(name)].visit
    desk.handle(JoinZone(id=RequestId("j"), at=at(seconds), visit=visit, zone=FIRE, by=MEMBER))


def test_a_known_badge_is_let_in_and_what_was_answered_is_on_disk(desk: Desk, site: Site) -> None:
    answer = desk.handle(tap(UIDS["Astrid"], at(0)))
    assert (answer.outcome, answer.name) == (Outcome.ARRIVED, "Astrid")
    assert [one.name.sv for one in answer.zones] == ["Lägerelden", "Rastplatsen"]
    reader = JournalReader(site.state_dir / "journal.db")
    assert len(reader.after(0)) == 1
    assert reader.house() == desk.house
    reader.close()


@pytest.mark.parametrize("name", UIDS)
def test_uids_of_every_length_and_with_zero_bytes_are_known_whole(desk: Desk, name: str) -> None:
    assert desk.handle(tap(UIDS[name], at(0))).name == name


def test_an_unknown_badge_gets_the_same_reference_every_time_and_its_uid_is_nowhere(desk: Desk, site: Site) -> None:
    first = desk.handle(tap("04FEDCBA987654", at(0)))
    again = desk.handle(tap("04FEDCBA987654", at(60)))
    assert (first.reason, first.reference) == (Reason.BADGE_UNKNOWN, again.reference)
    for file in site.state_dir.iterdir():
        assert b"FEDCBA98" not in file.read_bytes().upper()


def test_a_lost_badge_is_refused(desk: Desk) -> None:
    assert desk.handle(tap(LOST_UID, at(0))).reason is Reason.BADGE_LOST


def test_without_a_roster_everybody_is_sent_to_the_host(tmp_path: Path) -> None:
    desk, books = open_desk(make_site(tmp_path))
    assert desk.handle(tap(UIDS["Astrid"], at(0))).reason is Reason.ROSTER_MISSING
    close_books(books)


def test_two_who_join_one_zone_become_present_and_one_alone_does_not(desk: Desk) -> None:
    for second, name in enumerate(("Astrid", "Bo", "Carl")):
        desk.handle(tap(UIDS[name], at(second)))
    join(desk, "astrid", 10)
    join(desk, "bo", 11)
    for second in range(12, 200):
        desk.tick(at(second))
    states = {one.member: one.state for one in desk.house.inside()}
    assert states == {"astrid": State.PRESENT, "bo": State.PRESENT, "carl": State.ARRIVED}
    board = desk.board(at(200))
    assert (board.in_house, board.present) == (3, 2)
    assert (board.zones[0].joined, board.zones[0].taking_part) == (2, 2)


def test_a_lone_member_whose_sensors_surely_see_two_becomes_present(desk: Desk, site: Site) -> None:
    writer = ZonesWriter(site.state_dir / "zones.db")
    desk.handle(tap(UIDS["Astrid"], at(0)))
    join(desk, "astrid", 1)
    for second in range(2, 190, 30):
        sensed = occupancy(FIRE, ZoneState.OCCUPIED, at(second), low=2)
        writer.record(News(said=(Said(sensed, second),)), at(second))
        desk.tick(at(second))
    writer.close()
    assert desk.house.presences[MemberId("astrid")].state is State.PRESENT


def test_a_restarted_desk_takes_up_where_it_was(site: Site) -> None:
    first, books = open_desk(site)
    first.handle(tap(UIDS["Astrid"], at(0)))
    first.handle(tap(UIDS["Bo"], at(1)))
    close_books(books)
    second, books = open_desk(site)
    assert second.house == first.house
    assert second.handle(replace(tap(UIDS["Astrid"], at(60)))).outcome is Outcome.ALREADY_IN
    close_books(books)


def test_what_cannot_be_recorded_did_not_happen(desk: Desk, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        message = "database or disk is full"
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(books.journal, "append", full)
    with pytest.raises(sqlite3.OperationalError):
        desk.handle(tap(UIDS["Astrid"], at(0)))
    assert desk.house.inside() == ()
    monkeypatch.undo()
    assert desk.handle(tap(UIDS["Astrid"], at(1))).outcome is Outcome.ARRIVED


def test_whoever_came_in_by_a_badge_can_leave_by_it_after_the_roster_lost_them(desk: Desk, site: Site) -> None:
    desk.handle(tap(UIDS["Astrid"], at(0)))
    write_roster(site.state_dir / "roster.db", names=["Bo", "Carl", "Disa"])
    gone = desk.handle(tap(UIDS["Astrid"], at(60), Direction.OUT))
    assert (gone.outcome, gone.name) == (Outcome.LEFT, None)


def test_an_undone_arrival_can_be_tapped_afresh_at_once(desk: Desk) -> None:
    arrived = desk.handle(tap(UIDS["Astrid"], at(0)))
    assert arrived.visit
    undo = Undo(id=RequestId("u"), at=at(2), visit=arrived.visit, by=MEMBER)
    assert desk.handle(undo).outcome is Outcome.ARRIVAL_UNDONE
    again = desk.handle(tap(UIDS["Astrid"], at(3)))
    assert (again.outcome, again.repeated) == (Outcome.ARRIVED, False)


def test_the_second_of_two_is_offered_the_zone_where_the_first_waits(desk: Desk) -> None:
    desk.handle(tap(UIDS["Astrid"], at(0)))
    join(desk, "astrid", 1)
    offer = desk.handle(tap(UIDS["Bo"], at(10))).offer
    assert offer is not None
    assert (offer.zone, offer.waiting) == (FIRE, 1)


def test_closing_time_checks_everybody_out_and_they_are_forgotten_later(desk: Desk) -> None:
    desk.handle(tap(UIDS["Astrid"], at(0)))
    desk.tick(at(10 * 3600))
    assert desk.house.presences[MemberId("astrid")].closed_automatically
    desk.tick(at(35 * 3600))
    assert desk.house.presences == {}
    assert desk.handle(tap(UIDS["Astrid"], at(DAY_S))).outcome is Outcome.ARRIVED


def test_a_host_lets_in_confirms_and_sees_names_and_each_look_is_logged(desk: Desk, site: Site) -> None:
    eva = host("eva")
    answer = desk.handle(CheckIn(id=RequestId("c"), at=at(0), member=MemberId("astrid"), by=eva))
    assert answer.visit
    desk.handle(JoinZone(id=RequestId("j"), at=at(1), visit=answer.visit, zone=FIRE, by=eva))
    desk.handle(Confirm(id=RequestId("k"), at=at(2), visit=answer.visit, by=eva))
    for second in range(3, 190, 20):
        desk.tick(at(second))
    (person,) = desk.people(eva, "who has been drawn in", at(200))
    assert (person.name, person.state, person.zone) == ("Astrid", State.PRESENT, FIRE)
    with sqlite3.connect(site.state_dir / "journal.db") as connection:
        assert connection.execute("SELECT by, purpose FROM access").fetchall() == [
            ("host:eva", "who has been drawn in")
        ]
    connection.close()


def test_the_journal_replays_to_the_house_as_it_stands(desk: Desk, site: Site) -> None:
    for second, name in enumerate(("Astrid", "Bo")):
        desk.handle(tap(UIDS[name], at(second)))
    join(desk, "astrid", 3)
    join(desk, "bo", 4)
    for second in range(5, 200, 5):
        desk.tick(at(second))
    leaving = desk.house.presences[MemberId("bo")].visit
    desk.handle(Leave(id=RequestId("l"), at=at(201), visit=leaving, by=MEMBER))
    desk.tick(at(202))
    reader = JournalReader(site.state_dir / "journal.db")
    assert replay(one.event for one in reader.after(0)) == desk.house == reader.house()
    reader.close()


def test_a_zone_of_another_house_is_no_zone_here(desk: Desk) -> None:
    answer = desk.handle(tap(UIDS["Astrid"], at(0)))
    assert answer.visit
    joining = JoinZone(id=RequestId("j"), at=at(1), visit=answer.visit, zone=ZoneId("bastun"), by=MEMBER)
    assert desk.handle(joining).reason is Reason.ZONE_UNKNOWN


def test_a_damaged_roster_lets_everybody_out_and_sends_those_who_come_to_the_host(
    desk: Desk, site: Site, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.handle(tap(UIDS["Astrid"], at(0)))
    books.roster.close()
    whole = (site.state_dir / "roster.db").read_bytes()
    for one in site.state_dir.glob("roster.db-*"):
        one.unlink()
    (site.state_dir / "roster.db").write_bytes(b"no database " * 500)
    assert desk.handle(tap(UIDS["Bo"], at(10))).reason is Reason.ROSTER_MISSING
    assert desk.handle(tap(UIDS["Astrid"], at(20), Direction.OUT)).outcome is Outcome.LEFT
    assert desk.board(at(21)).roster_age_s is None
    assert [one.levelname for one in caplog.records if "cannot be read" in one.message] == ["ERROR"]
    (site.state_dir / "roster.db").write_bytes(whole)
    assert desk.handle(tap(UIDS["Bo"], at(30))).outcome is Outcome.ARRIVED
    assert "can be read again" in caplog.text


def test_damaged_zones_are_unknown_and_stop_no_tap(desk: Desk, site: Site) -> None:
    (site.state_dir / "zones.db").write_bytes(b"no database " * 500)
    answer = desk.handle(tap(UIDS["Astrid"], at(0)))
    assert answer.outcome is Outcome.ARRIVED
    assert {one.state for one in answer.zones} == {ZoneState.UNKNOWN}
    desk.tick(at(1))


@pytest.mark.parametrize("uid", ["08112233", "08FEDCBA"])
def test_of_a_phone_no_identifier_is_kept(desk: Desk, site: Site, uid: str) -> None:
    answer = desk.handle(tap(uid, at(0)))
    assert (answer.reason, answer.reference) == (Reason.CARD_RANDOM, None)
    reader = JournalReader(site.state_dir / "journal.db")
    (recorded,) = reader.after(0)
    assert getattr(recorded.event, "reference", None) is None
    assert getattr(recorded.event, "member", None) is None
    reader.close()
    kept = b"".join(one.read_bytes() for one in site.state_dir.iterdir() if one.is_file()).upper()
    assert uid.encode() not in kept
