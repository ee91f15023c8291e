"""The same pulls against servers that we did not write: by cursor, by index only, and with no filter but `eq`."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kiosk.domain.ids import BadgeKey
from kiosk.store.roster import RosterReader
from tests.support.centre import House, badge_key
from tests.support.fault_proxy import FaultProxy, cut_reply, drop_reply, fault_proxy, status
from tests.support.scim_peer import Dress, Peer, running_peer

pytestmark = pytest.mark.parts

PULL_S = 60.0
PAGE = 20
MANY = range(1, PAGE * 2 + 8)
DEAD_CURSOR = (
    b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "scimType": "expiredCursor", "status": "400"}'
)


@pytest.fixture(params=list(Dress), ids=[one.name.lower() for one in Dress], scope="module")
def dress(request: pytest.FixtureRequest) -> Dress:
    """Return each dress code in turn."""
    chosen: Dress = request.param
    return chosen


@pytest.fixture(scope="module")
def server(dress: Dress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Return a server in that dress."""
    with running_peer(dress, tmp_path_factory.mktemp("peer")) as running:
        yield running


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few members be many pages."""
    monkeypatch.setattr("sync.lists.PAGE", PAGE)


@pytest.fixture
def peer(server: Peer) -> Iterator[Peer]:
    """Return the server with nobody enrolled."""
    yield server
    server.remove(*list(server.ids))


@pytest.fixture
def line(peer: Peer) -> Iterator[FaultProxy]:
    """Return a proxy in front of it, through which it has nothing but SCIM."""
    with fault_proxy(peer.port) as running:
        running.hidden = ("/roster/", "/events")
        yield running


@pytest.fixture
def house(tmp_path: Path, peer: Peer, line: FaultProxy) -> Iterator[House]:
    """Return a house that pulls from it."""
    folder = tmp_path / "house"
    folder.mkdir()
    one = House(folder, line.url, peer.token)
    yield one
    one.close()


def known(house: House, *numbers: int) -> set[int]:
    """Return those members whose badge leads to an active member."""
    reader = RosterReader(house.folder / "roster.db")
    found = {one: reader.holder_of_badge([BadgeKey(badge_key(one))]) for one in numbers}
    reader.close()
    return {number for number, one in found.items() if one is not None and one.member.active}


def pull(house: House, times: int = 1) -> None:
    """Let the next pulls come due and do them."""
    for _ in range(times):
        house.clock.advance(PULL_S)
        house.work()


def test_everybody_is_known_after_the_first_pull(house: House, peer: Peer, line: FaultProxy, dress: Dress) -> None:
    peer.enrol(*MANY)
    house.work()
    assert known(house, *MANY) == set(MANY)
    pages = [one for one in line.seen if one.startswith("/scim/v2/Users")]
    by_cursor = dress in {Dress.OURS, Dress.CURSOR}
    assert all(("cursor=" in one) is by_cursor for one in pages)


def test_nobody_who_stays_is_missed_while_others_come_and_go_between_the_pages(house: House, peer: Peer) -> None:
    peer.enrol(*MANY)
    house.work()
    house.clock.advance(PULL_S)
    staying = set(MANY)
    for number in range(1, 12):
        house.agent.step()
        peer.remove(number)
        peer.enrol(9000 + number)
        staying.discard(number)
    house.work()
    assert known(house, *MANY) >= staying
    pull(house, times=2)
    come = range(9001, 9012)
    assert known(house, *MANY, *come) == staying | set(come)


def test_who_is_removed_without_a_trace_passes_no_longer(house: House, peer: Peer) -> None:
    peer.enrol(1, 2, 3, 4)
    house.work()
    peer.remove(2)
    pull(house)
    assert known(house, 1, 2, 3, 4) == {1, 3, 4}


def test_a_list_cut_off_midway_revokes_nobody(house: House, peer: Peer, line: FaultProxy) -> None:
    peer.enrol(*MANY)
    house.work()
    peer.remove(1, 2)
    line.order(None, cut_reply, cut_reply, drop_reply, drop_reply, path="/scim/v2/Users")
    pull(house)
    assert line.fired
    assert known(house, *MANY) == set(MANY)
    for _ in range(3):
        house.clock.advance(400.0)
        house.work()
    assert known(house, *MANY) == set(MANY) - {1, 2}


def test_an_emptied_list_revokes_nobody(house: House, peer: Peer) -> None:
    peer.enrol(*range(1, 9))
    house.work()
    peer.remove(*range(1, 9))
    pull(house, times=2)
    assert known(house, *range(1, 9)) == set(range(1, 9))


def test_records_of_one_and_the_same_moment_all_arrive(house: House, peer: Peer) -> None:
    # Nothing is asked for by time: neither an equal stamp at a page's edge nor one that comes late can hide anybody.
    peer.enrol(*range(1, 51))
    house.work()
    peer.enrol(*range(51, 61))
    pull(house)
    assert known(house, *range(1, 61)) == set(range(1, 61))


def test_who_is_withdrawn_passes_no_longer_before_the_whole_list_is_read(
    house: House, peer: Peer, line: FaultProxy
) -> None:
    peer.enrol(*MANY)
    house.work()
    peer.change(7, active=False)
    # The first page asked for is the withdrawn; the list itself breaks.
    line.order(None, drop_reply, drop_reply, path="/scim/v2/Users")
    pull(house)
    line.heal()
    assert known(house, 7, 8) == {8}
    filters = [parse_qs(urlsplit(one).query)["filter"][0] for one in line.seen if "filter=" in one]
    assert filters
    assert all(re.fullmatch(r"\w+ eq \w+", one) for one in filters)


def test_a_server_that_refuses_filters_is_read_all_the_same(house: House, peer: Peer, line: FaultProxy) -> None:
    peer.enrol(*MANY)
    house.work()
    peer.change(7, active=False)
    line.order(status(400, body=b'{"scimType": "invalidFilter"}'), path="/scim/v2/Users")
    pull(house)
    line.heal()
    assert known(house, 7, 8) == {8}


def test_a_cursor_that_dies_midway_starts_the_list_anew(house: House, peer: Peer, line: FaultProxy) -> None:
    peer.enrol(*MANY)
    line.order(None, status(400, body=DEAD_CURSOR), path="/scim/v2/Users")
    house.work()
    line.heal()
    assert known(house, *MANY) == set()
    house.clock.advance(400.0)
    house.work()
    assert known(house, *MANY) == set(MANY)


def test_a_kill_between_two_pages_loses_nothing(house: House, peer: Peer, line: FaultProxy) -> None:
    peer.enrol(*MANY)
    while not any("/scim/v2/Users" in one for one in line.seen):
        house.agent.step()
    house.close()
    again = House(house.folder, line.url, peer.token, house.clock)
    again.work()
    assert known(again, *MANY) == set(MANY)
    again.close()
