"""What the centre lacks is sent again, what it surely has may be let go, and no number is ever used by two lives."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.events import BadgeReportedLost
from kiosk.domain.ids import BadgeKey, EventId, MemberId, host
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader
from kiosk.store.resend import GAPS_TOLD, Dispute
from sync.answers import Got
from sync.compare import EVERY_S
from tests.support.centre import SOURCE, House, RunningCentre, badge_key, visits
from tests.support.fault_proxy import Fault, FaultProxy, drop_reply, status

pytestmark = pytest.mark.parts

FILES = ("journal.db", "roster.db")
DAY_S = 86400.0


def kept_at(folder: Path) -> list[tuple[str, int]]:
    """Return id and sequence of every event that the centre keeps."""
    with closing(sqlite3.connect(folder / "centre.db")) as centre:
        return centre.execute("SELECT id, sequence FROM events ORDER BY sequence, id").fetchall()


def copy(source: Path, target: Path) -> None:
    """Make the target the same database as the source, whoever has either open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def tell(house: House, *numbers: int) -> None:
    """Let these visits happen and be told."""
    for number in numbers:
        house.happened(visits(1, first=number))
    house.clock.advance(5.0)
    house.work()


def streams(house: House) -> list[dict[str, object]]:
    """Return what the centre says it holds of this house."""
    answer = house.client.get("/events/state")
    assert isinstance(answer, Got)
    found: list[dict[str, object]] = json.loads(answer.body)["streams"]
    return found


@pytest.fixture
def images(tmp_path: Path, proxy: FaultProxy, centre: RunningCentre) -> Callable[[House], Callable[[], House]]:
    """Return how an image of a house's card is taken; the result puts it back into a new device."""

    def take(house: House) -> Callable[[], House]:
        kept = tmp_path / "image"
        kept.mkdir()
        for one in FILES:
            with closing(sqlite3.connect(tmp_path / one)) as live, closing(sqlite3.connect(kept / one)) as copy:
                live.backup(copy)

        def put_back() -> House:
            device = tmp_path / "device"
            shutil.copytree(kept, device)
            return House(device, proxy.url, centre.token, house.clock)

        return put_back

    return take


def test_a_centre_put_back_from_a_backup_is_sent_again_what_it_lacks(house: House, tmp_path: Path) -> None:
    tell(house, 1, 2, 3, 4)
    copy(tmp_path / "centre.db", tmp_path / "backup.db")
    tell(house, 5, 6, 7, 8, 9, 10)
    copy(tmp_path / "backup.db", tmp_path / "centre.db")
    assert len(kept_at(tmp_path)) == 12
    house.clock.advance(EVERY_S)
    house.work()
    assert [sequence for _, sequence in kept_at(tmp_path)] == list(range(1, 31))
    assert OutboxState.WAITING not in house.roster.outbox.counts()


def test_a_new_life_of_the_centre_is_compared_at_once(house: House, tmp_path: Path, proxy: FaultProxy) -> None:
    copy(tmp_path / "centre.db", tmp_path / "backup.db")
    tell(house, *range(1, 11))
    copy(tmp_path / "backup.db", tmp_path / "centre.db")
    answer = house.client.get("/roster/version")
    assert isinstance(answer, Got)
    state = json.loads(answer.body) | {"epoch": "another-life"}
    proxy.order(status(200, body=json.dumps(state).encode()), path="/roster/version")
    house.clock.advance(60.0)
    house.work()
    proxy.heal()
    assert len(kept_at(tmp_path)) == 30


def test_a_gap_at_the_centre_is_filled(house: House, tmp_path: Path, proxy: FaultProxy) -> None:
    tell(house, *range(1, 11))
    lacking = {"epoch": "", "first": 1, "contiguous": 2, "highest": 30, "gaps": [[3, 4], [17, 17]], "forks": 0}
    state = json.dumps({"epoch": "e", "source": SOURCE, "streams": [lacking]}).encode()
    missing = json.dumps({"missing": ["a-1", "l-2"], "epoch": "e"}).encode()
    asked = len(proxy.seen)
    proxy.always(status(200, body=state), path="/events/state")
    house.clock.advance(EVERY_S)
    while "/events/state" not in proxy.seen[asked:]:
        house.agent.step()
    proxy.heal()
    proxy.order(status(200, body=missing), path="/events/missing")
    house.work()
    proxy.heal()
    with closing(sqlite3.connect(tmp_path / "roster.db")) as roster:
        again = roster.execute("SELECT sequence, state FROM outbox WHERE attempts > 1 ORDER BY 1").fetchall()
    assert len(again) == 2
    assert {state for _, state in again} == {"duplicate"}
    assert proxy.seen.count("/events/missing") == 1


def test_a_house_put_back_from_an_image_goes_on_in_a_new_epoch_and_nothing_is_overwritten(
    house: House, tmp_path: Path, images: Callable[[House], Callable[[], House]]
) -> None:
    tell(house, *range(1, 6))
    put_back = images(house)
    tell(house, *range(6, 11))
    house.clock.advance(3 * DAY_S)
    first_life = kept_at(tmp_path)
    house.close()
    again = put_back()
    tell(again, 101, 102, 103)
    kept = kept_at(tmp_path)
    assert set(first_life) <= set(kept)
    assert len(kept) == len(first_life) + 9
    assert len({sequence for _, sequence in kept}) == len(kept), "no number was used twice"
    found = {str(one["epoch"]): one for one in streams(again)}
    assert len(found) == 2
    assert all(one["forks"] == 0 for one in found.values())
    assert again.roster.outbox.numbering().epoch in found
    again.close()


def test_an_image_whose_house_went_further_than_its_former_self_is_noticed_too(
    house: House, tmp_path: Path, images: Callable[[House], Callable[[], House]]
) -> None:
    put_back = images(house)
    tell(house, 1, 2)
    house.close()
    again = put_back()
    tell(again, *range(101, 111))
    kept = kept_at(tmp_path)
    assert len(kept) == 36
    assert len({sequence for _, sequence in kept}) == 36
    assert again.roster.outbox.numbering().epoch
    again.close()


def test_very_many_lost_badges_that_overtake_a_backlog_are_no_sign_of_another_life(
    house: House, tmp_path: Path, proxy: FaultProxy, centre: RunningCentre
) -> None:
    scattered = 2 * GAPS_TOLD
    for number in range(1, scattered + 1):
        lost = BadgeReportedLost(
            id=EventId(f"lost-{number}"), at=house.clock(), badge=BadgeKey(badge_key(number)), key_version=1,
            member=MemberId("m000001"), by=host("karin"),
        )  # fmt: skip
        house.happened([*visits(1, first=number), lost])
    proxy.always(status(503), path="/events/state")
    house.work()
    proxy.heal()
    house.clock.advance(400.0)
    while centre.registry.report().distinct < scattered:
        house.agent.step()
    centre.registry.books.settle()
    assert len(streams(house)[0]["gaps"]) == GAPS_TOLD, "and there are more"  # type: ignore[arg-type] # JSON
    house.close()
    again = House(tmp_path, proxy.url, centre.token, house.clock)
    again.work_until_idle()
    assert again.roster.outbox.numbering().epoch == ""
    assert [sequence for _, sequence in kept_at(tmp_path)] == list(range(1, 4 * scattered + 1))
    assert set(again.roster.outbox.counts()) == {OutboxState.ACCEPTED}
    again.close()


def test_what_was_held_in_the_image_and_told_since_is_not_told_twice(
    house: House, tmp_path: Path, images: Callable[[House], Callable[[], House]]
) -> None:
    far = visits(1, start=house.clock().wall)
    house.happened(far)
    house.work()
    assert len(house.roster.outbox.held()) == 1
    put_back = images(house)
    house.clock.advance(1200.0)
    house.work()
    assert len(kept_at(tmp_path)) == 3
    house.close()
    again = put_back()
    tell(again, 50)
    assert len(kept_at(tmp_path)) == 6
    assert OutboxState.CONFLICT not in again.roster.outbox.counts()
    again.close()


def test_two_devices_with_one_card_lose_nothing(
    house: House, tmp_path: Path, images: Callable[[House], Callable[[], House]]
) -> None:
    tell(house, *range(1, 6))
    twin = images(house)()
    tell(twin, *range(101, 106))
    tell(house, *range(6, 10))
    for one in (twin, house, twin, house):
        one.clock.advance(EVERY_S)
        one.work()
    ids = {name for name, _ in kept_at(tmp_path)}
    assert len(ids) == 42
    for one in (house, twin):
        assert set(one.roster.outbox.counts()) <= {OutboxState.ACCEPTED, OutboxState.DUPLICATE}
    assert house.roster.outbox.numbering().epoch, "whoever finds its numbers used goes on in a new epoch"
    twin.close()


@pytest.mark.parametrize("fault", [drop_reply, status(500), status(503), status(401)])
def test_nothing_is_sent_before_it_is_known_that_its_numbers_are_free(
    house: House, tmp_path: Path, proxy: FaultProxy, fault: Fault
) -> None:
    house.happened(visits(1))
    proxy.always(fault, path="/events/state")
    for _ in range(5):
        house.work()
        house.clock.advance(400.0)
    proxy.heal()
    assert kept_at(tmp_path) == []
    house.work_until_idle()
    assert len(kept_at(tmp_path)) == 3


def test_what_the_centre_surely_has_is_let_go_after_its_time_and_its_numbers_are_never_used_again(
    house: House, tmp_path: Path
) -> None:
    house.happened(visits(5))
    house.work()
    house.clock.advance(13 * DAY_S)
    house.work()
    assert sum(house.roster.outbox.counts().values()) == 15
    house.clock.advance(2 * DAY_S)
    house.work()
    assert house.roster.outbox.counts() == {}
    house.happened(visits(1, first=50))
    house.work()
    assert [sequence for _, sequence in kept_at(tmp_path)] == list(range(1, 19))


def test_what_the_centre_has_lost_is_not_let_go_however_old(house: House, tmp_path: Path) -> None:
    tell(house, 1, 2, 3)
    copy(tmp_path / "centre.db", tmp_path / "backup.db")
    tell(house, 4, 5)
    copy(tmp_path / "backup.db", tmp_path / "centre.db")
    house.clock.advance(30 * DAY_S)
    house.work()
    assert [sequence for _, sequence in kept_at(tmp_path)] == list(range(1, 16))


def test_sent_is_not_confirmed_and_unconfirmed_is_never_let_go(house: House, tmp_path: Path, proxy: FaultProxy) -> None:
    house.happened(visits(5))
    house.work()
    proxy.always(status(503), path="/events/state")
    for _ in range(4):
        house.clock.advance(10 * DAY_S)
        house.work()
    proxy.heal()
    assert sum(house.roster.outbox.counts().values()) == 15
    assert len(kept_at(tmp_path)) == 15


def test_a_dispute_is_shown_once_however_often_it_is_told(house: House, tmp_path: Path, proxy: FaultProxy) -> None:
    house.happened(visits(1))
    house.work()
    told = {"number": 1, "id": "a-1", "reason": "withdrawn the day before", "at": "2026-11-23T08:00:00Z"}
    page = json.dumps({"disputes": [told, told], "next": 1, "more": False, "epoch": "e"}).encode()
    for _ in range(2):
        proxy.order(status(200, body=page), path="/events/disputes")
        house.clock.advance(EVERY_S)
        house.work()
        proxy.heal()
    reader = OutboxReader(tmp_path / "roster.db")
    disputes = [(one.event_id, one.number) for one in reader.disputes()]
    reader.close()
    assert disputes == [("a-1", 1)]
    assert house.roster.outbox.counts()[OutboxState.DISPUTED] == 1


def test_a_dispute_goes_with_the_event_that_it_is_about(house: House, tmp_path: Path) -> None:
    house.happened(visits(1))
    house.work()
    at = house.clock().wall.isoformat()
    house.roster.resend.dispute(
        [Dispute(EventId("a-1"), "withdrawn", at, 1), Dispute(EventId("old"), "known late", at, 2)], 2
    )
    for days, kept in ((13, {"a-1", "old"}), (2, set())):
        house.clock.advance(days * DAY_S)
        house.work()
        with closing(OutboxReader(tmp_path / "roster.db")) as reader:
            assert {one.event_id for one in reader.disputes()} == kept


def test_a_server_that_cannot_compare_is_sent_everything(house: House, tmp_path: Path, proxy: FaultProxy) -> None:
    proxy.hidden = ("/events/", "/roster/")
    house.happened(visits(2))
    house.work()
    assert len(kept_at(tmp_path)) == 6
    assert SOURCE
