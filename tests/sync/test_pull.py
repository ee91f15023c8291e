"""The roster follows any SCIM server's lists, and no list that fails, is cut off or comes short revokes anybody."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from kiosk.domain.ids import BadgeKey, MemberId
from kiosk.domain.members import BadgeStatus, Language
from kiosk.store.intake import Place
from kiosk.store.roster import RosterReader
from sync.centre import schemas
from sync.centre.registry import Enrolment, NewBadge, NewMember
from sync.lists import PAGE, ROUNDS_MAX
from tests.support.asking import request
from tests.support.centre import AGENCY, House, RunningCentre, badge_key, member
from tests.support.fault_proxy import Fault, FaultProxy, cut_reply, drop_reply, garble_reply, portal, status
from tests.support.scim_lists import enrol, known, listing, user

pytestmark = pytest.mark.parts

PULL_S = 60.0
INDEX_ONLY = (
    b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "patch": {"supported": true},'
    b' "filter": {"supported": true, "maxResults": 200}}'
)


@pytest.fixture(autouse=True)
def only_scim(proxy: FaultProxy) -> None:
    """Let the centre be one that has nothing but SCIM and the events."""
    proxy.hidden = ("/roster/", "/events/")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RosterReader]:
    """Return the desk's view of the house's roster."""
    one = RosterReader(tmp_path / "roster.db")
    yield one
    one.close()


def key(number: int) -> tuple[BadgeKey, ...]:
    """Return the keys that a tap by that member is looked up under."""
    return (BadgeKey(badge_key(number)),)


def pull(house: House) -> None:
    """Let the next pull come due and do it."""
    house.clock.advance(PULL_S)
    house.work()


def scim(centre: RunningCentre, method: str, path: str, body: object) -> httpx2.Response:
    """Write to the centre's SCIM service as a registrar."""
    headers = {"Authorization": f"Bearer {centre.registrar}", "Content-Type": "application/scim+json"}
    url = f"{centre.url}/scim/v2{path}"
    return request(method, url, headers=headers, content=json.dumps(body))


def test_a_badge_leads_to_its_member_and_agency(house: House, centre: RunningCentre, reader: RosterReader) -> None:
    enrol(centre, 1, 2)
    assert reader.age_s(house.clock()) is None
    house.work()
    holder = reader.holder_of_badge(key(2))
    assert holder is not None
    assert (holder.member.name, holder.agency.name, holder.agency.seats) == ("Exempel 2", AGENCY.name, AGENCY.seats)
    assert holder.badge is not None
    assert holder.badge.status is BadgeStatus.ACTIVE
    assert reader.age_s(house.clock()) == 0.0
    assert reader.version()


def test_a_list_of_many_pages_arrives_whole(house: House, centre: RunningCentre, reader: RosterReader) -> None:
    numbers = range(1, PAGE * 2 + 51)
    enrol(centre, *numbers)
    house.work()
    assert known(reader, *numbers) == set(numbers)


def test_a_change_written_by_scim_is_in_the_house_at_the_next_pull(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, 1)
    house.work()
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "replace", "path": "active", "value": False},
            {"op": "replace", "path": "preferredLanguage", "value": "en-GB"},
        ],
    }
    assert scim(centre, "PATCH", "/Users/m000001", patch).status_code == 204
    pull(house)
    holder = reader.holder_of_badge(key(1))
    assert holder is not None
    assert not holder.member.active
    assert holder.member.language is Language.EN


def test_a_deleted_member_is_unknown_after_the_next_pull(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3)
    house.work()
    assert scim(centre, "DELETE", "/Users/m000002", None).status_code == 204
    pull(house)
    assert known(reader, 1, 2, 3) == {1, 3}
    assert reader.holder_of_badge(key(2)) is None


def test_a_badge_taken_from_a_member_leads_nowhere(house: House, centre: RunningCentre, reader: RosterReader) -> None:
    enrol(centre, 1)
    house.work()
    centre.registry.enrol(Enrolment(members=(member(1, badge=False),)))
    pull(house)
    assert reader.holder_of_badge(key(1)) is None
    assert known(reader, 1) == {1}


def test_a_lost_key_outranks_an_active_one_of_the_same_badge(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    badges = (NewBadge(badge_key(1), 1, "lost"), NewBadge(badge_key(2), 2))
    centre.registry.enrol(Enrolment(members=(NewMember("m1", "Exempel", AGENCY.id, badges=badges),)))
    house.work()
    holder = reader.holder_of_badge([BadgeKey(badge_key(2)), BadgeKey(badge_key(1))])
    assert holder is not None
    assert holder.badge is not None
    assert (holder.badge.status, holder.badge.key_version) == (BadgeStatus.LOST, 1)


@pytest.mark.parametrize("fault", [drop_reply, cut_reply, garble_reply, portal, status(503), status(404), status(401)])
def test_a_list_that_fails_midway_changes_nothing(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, fault: Fault
) -> None:
    numbers = range(1, PAGE + 51)
    enrol(centre, *numbers)
    house.work()
    before = reader.version()
    enrol(centre, 9999)
    proxy.order(None, fault, fault, path="/scim/v2/Users")
    pull(house)
    assert reader.version() == before
    assert known(reader, *numbers, 9999) == set(numbers)
    house.clock.advance(400.0)
    house.work()
    house.clock.advance(400.0)
    house.work()
    assert proxy.fired
    assert known(reader, 1, 9999) == {1, 9999}


def test_an_emptied_list_revokes_nobody_and_does_not_count_as_fresh(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3)
    house.work()
    for number in (1, 2, 3):
        centre.registry.resources.delete(schemas.USER, member(number).id)
    pull(house)
    assert known(reader, 1, 2, 3) == {1, 2, 3}
    assert reader.age_s(house.clock()) == PULL_S
    enrol(centre, 1, 2, 3)
    pull(house)
    assert reader.age_s(house.clock()) == 0.0


def test_a_list_short_of_half_the_members_is_held_but_what_it_says_holds(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, *range(1, 21))
    house.work()
    for number in range(1, 12):
        centre.registry.resources.delete(schemas.USER, member(number).id)
    withdrawn = NewMember("m000020", "Exempel 20", AGENCY.id, active=False)
    centre.registry.enrol(Enrolment(members=(withdrawn,)))
    pull(house)
    assert known(reader, *range(1, 21)) == set(range(1, 21))
    holder = reader.holder_of_member(MemberId("m000020"))
    assert holder is not None
    assert not holder.member.active


def test_an_emptied_list_is_believed_once_a_host_has_said_that_it_is_meant(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3)
    house.work()
    for number in (1, 2, 3):
        centre.registry.resources.delete(schemas.USER, member(number).id)
    pull(house)
    assert known(reader, 1, 2, 3) == {1, 2, 3}
    code = house.roster.replica.held_removal()
    assert house.roster.intake.lift(code)
    pull(house)
    assert known(reader, 1, 2, 3) == set()
    enrol(centre, 1, 2, 3)
    pull(house)
    for number in (1, 2, 3):
        centre.registry.resources.delete(schemas.USER, member(number).id)
    pull(house)
    assert not house.roster.intake.lift(code), "what was said of the first is not said of the second"
    pull(house)
    assert known(reader, 1, 2, 3) == {1, 2, 3}


def test_a_server_that_only_pages_by_index_is_read_until_twice_the_same(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    numbers = range(1, PAGE + 51)
    enrol(centre, *numbers)
    proxy.order(status(200, body=INDEX_ONLY), path="/scim/v2/ServiceProviderConfig")
    house.work()
    proxy.heal()
    assert known(reader, *numbers) == set(numbers)
    pages = [one for one in proxy.seen if one.startswith("/scim/v2/Users")]
    assert all("startIndex=" in one for one in pages)
    assert len(pages) == 4


def test_a_server_that_always_sends_half_a_list_revokes_nobody(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, *range(1, 11))
    house.work()
    enrol(centre, 11)
    shortened = listing([user(number) for number in (9, 10, 12)], total=11)
    proxy.always(status(200, body=shortened), path="/scim/v2/Users")
    pull(house)
    proxy.heal()
    assert known(reader, *range(1, 13)) == {*range(1, 11), 12}
    assert len([one for one in proxy.seen if one.startswith("/scim/v2/Users")]) == 1 + ROUNDS_MAX


def test_a_list_without_end_is_given_up(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.lists.RECORDS_MAX", 50)
    enrol(centre, 1)
    proxy.always(status(200, body=listing([user(1)], next_cursor="again")), path="/scim/v2/Users")
    house.work()
    proxy.heal()
    assert reader.age_s(house.clock()) is None
    assert house.roster.intake.place() is None


def test_a_dead_cursor_starts_the_list_anew_and_the_old_roster_answers_meanwhile(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    numbers = range(1, PAGE + 51)
    enrol(centre, *numbers)
    house.work()
    enrol(centre, 9999)
    dead = b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "scimType": "expiredCursor", "status": "400"}'
    proxy.order(None, status(400, body=dead), path="/scim/v2/Users")
    pull(house)
    proxy.heal()
    assert known(reader, 1, 9999) == {1}
    pull(house)
    assert known(reader, 1, 9999) == {1, 9999}


def test_a_record_that_cannot_be_read_is_put_aside_and_its_member_stays_as_known(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, tmp_path: Path
) -> None:
    enrol(centre, 1, 2)
    house.work()
    enrol(centre, 3)
    broken = {**user(2), "displayName": ""}
    stranger = user(5, agency="nobody")
    page = listing([user(1), broken, user(3), {"id": 7}, {"userName": "no id"}, stranger], total=6)
    proxy.always(status(200, body=page), path="/scim/v2/Users")
    pull(house)
    proxy.heal()
    assert known(reader, 1, 2, 3, 5) == {1, 2, 3}
    holder = reader.holder_of_member(MemberId("m000002"))
    assert holder is not None
    assert holder.member.name == "Exempel 2"
    refused = refusals(tmp_path)
    assert ("member", "m000002") in refused
    assert ("member", "m000005") in refused


def test_a_kill_between_two_pages_leaves_the_whole_old_roster_and_the_pull_goes_on(
    house: House, tmp_path: Path, centre: RunningCentre, proxy: FaultProxy
) -> None:
    numbers = range(1, PAGE * 2 + 1)
    enrol(centre, *numbers)
    house.agent.step()
    house.agent.step()
    house.agent.step()
    house.close()
    before = RosterReader(tmp_path / "roster.db")
    assert known(before, *numbers) == set()
    before.close()
    again = House(tmp_path, proxy.url, centre.token, house.clock)
    again.work()
    after = RosterReader(tmp_path / "roster.db")
    assert known(after, *numbers) == set(numbers)
    after.close()
    again.close()
    assert len([one for one in proxy.seen if one.startswith("/scim/v2/Users")]) == 2


def test_a_kill_after_the_last_page_and_before_it_holds_starts_the_list_anew(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    enrol(centre, 1)
    house.roster.intake.begin(Place("end"), house.clock())
    house.work()
    assert known(reader, 1) == {1}
    assert reader.age_s(house.clock()) == 0.0


def refusals(folder: Path) -> set[tuple[str, str]]:
    """Return kind and id of the records put aside."""
    connection = sqlite3.connect(folder / "roster.db")
    try:
        return set(connection.execute("SELECT kind, id FROM refused"))
    finally:
        connection.close()
