"""What a house reads of the roster: changes in the order of the commits, removals, digests, and the centre's epoch."""

import hashlib
import json
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre import schemas
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry
from sync.centre.storage.roster import Changes, Gone
from tests.support.centre import AGENCY, member
from tests.support.centre_served import Asking, Served, served

MEMBERSHIP = "urn:samverk:params:scim:schemas:membership:1.0:User"


@pytest.fixture
def centre(database: str, tmp_path: Path) -> Iterator[Served]:
    """Return a running centre."""
    with served(database, tmp_path) as running:
        yield running


@pytest.fixture
def registry(database: str) -> Iterator[Registry]:
    """Return an open centre with one agency."""
    registry = Registry(database, SystemClock(), Ids())
    registry.enrol(Enrolment(agencies=(AGENCY,)))
    yield registry
    registry.close()


def since(registry: Registry, position: int, *, limit: int = 500, withdrawals: bool = False) -> Changes:
    """Return the changes after that position."""
    found = registry.roster.changes(registry.roster.epoch(), position, limit, withdrawals=withdrawals)
    assert isinstance(found, Changes)
    return found


def told(found: Changes) -> list[tuple[str, bool, bool]]:
    """Return of each change what it is of, whether that is gone, and whether it takes something away."""
    return [(one["id"], one["gone"], one["withdraws"]) for one in found.changes]


def test_each_resource_is_told_once_with_its_latest_state(registry: Registry) -> None:
    registry.enrol(Enrolment(members=(member(1), member(2))))
    registry.enrol(Enrolment(members=(NewMember("m000001", "Ny", AGENCY.id),)))
    found = since(registry, 0)
    assert sorted(one["id"] for one in found.changes) == ["m000001", "m000002", "skatteverket"]
    positions = [one["position"] for one in found.changes]
    assert positions == sorted(set(positions))
    (one,) = [one for one in found.changes if one["id"] == "m000001"]
    assert one["resource"]["displayName"] == "Ny"
    assert told(since(registry, found.position)) == []


def test_pages_go_on_where_the_one_before_ended(registry: Registry) -> None:
    registry.enrol(Enrolment(members=tuple(member(number) for number in range(1, 12))))
    whole, position, seen = since(registry, 0), 0, []
    while True:
        page = since(registry, position, limit=4)
        seen += page.changes
        position = page.position
        if not page.more:
            break
        assert len(page.changes) == 4
    assert seen == whole.changes
    assert position == whole.position


def test_what_is_written_again_alike_is_no_news(registry: Registry) -> None:
    registry.enrol(Enrolment(members=(member(1),)))
    before = registry.roster.version()
    registry.enrol(Enrolment(members=(member(1),)))
    assert registry.roster.version().position == before.position


@pytest.mark.parametrize(
    ("after", "withdraws"),
    [
        ({"active": False}, True),
        ({"badges": ()}, True),
        ({"badges": (NewBadge("c" * 64, status="lost"),)}, True),
        ({"agency": "annan"}, True),
        ({"name": "Nytt Namn"}, False),
        ({"badges": (NewBadge("c" * 64), NewBadge("d" * 64))}, False),
    ],
)
def test_a_withdrawal_is_known_as_one_even_behind_a_later_change(
    registry: Registry, after: dict[str, Any], *, withdraws: bool
) -> None:
    registry.enrol(Enrolment(agencies=(NewAgency("annan", "Annan", 3),)))
    plain: dict[str, Any] = {"id": "m1", "name": "Ett Namn", "agency": AGENCY.id, "badges": (NewBadge("c" * 64),)}
    registry.enrol(Enrolment(members=(NewMember(**plain),)))
    position = since(registry, 0).position
    registry.enrol(Enrolment(members=(NewMember(**{**plain, **after}),)))
    registry.enrol(Enrolment(members=(NewMember(**{**plain, **after, "language": "en"}),)))
    found = {one["id"]: one["withdraws"] for one in since(registry, position).changes}
    assert found["m1"] is withdraws
    assert [one["id"] for one in since(registry, position, withdrawals=True).changes] == (["m1"] if withdraws else [])


def test_withdrawals_alone_can_be_read_before_a_long_list(registry: Registry) -> None:
    registry.enrol(Enrolment(members=tuple(member(number) for number in range(1, 30))))
    position = since(registry, 0).position
    registry.enrol(Enrolment(members=tuple(NewMember(f"n{number}", "Ny", AGENCY.id) for number in range(30))))
    for number in range(1, 8):
        registry.resources.delete(schemas.USER, f"m{number:06}")
    seen, after = [], position
    while True:
        page = since(registry, after, limit=3, withdrawals=True)
        seen += told(page)
        after = page.position
        if not page.more:
            break
    assert seen == [(f"m{number:06}", True, True) for number in range(1, 8)]


def test_a_removal_is_told_until_it_is_forgotten_and_then_the_whole_roster_must_be_read(registry: Registry) -> None:
    registry.enrol(Enrolment(members=(member(1), member(2))))
    position = since(registry, 0).position
    registry.resources.delete(schemas.USER, "m000001")
    assert ("m000001", True, True) in told(since(registry, position))
    later = registry.clock().wall + timedelta(seconds=1)
    assert registry.roster.forget(later) == 1
    epoch = registry.roster.epoch()
    head = registry.roster.version()
    gone = registry.roster.changes(epoch, position, 10)
    assert gone == Gone("horizon", epoch, head.position, head.horizon)
    assert head.horizon > position
    assert isinstance(registry.roster.changes(epoch, head.horizon, 10), Changes)
    assert registry.roster.forget(later) == 0


def test_a_removed_member_that_comes_back_is_told_as_there(registry: Registry) -> None:
    registry.enrol(Enrolment(members=(member(1),)))
    registry.resources.delete(schemas.USER, "m000001")
    position = since(registry, 0).position
    registry.enrol(Enrolment(members=(member(1),)))
    assert ("m000001", False, True) not in told(since(registry, position))
    assert "m000001" in [one["id"] for one in since(registry, position).changes]


def test_another_epoch_or_a_position_that_was_never_reached_means_reading_all(registry: Registry) -> None:
    epoch, head = registry.roster.epoch(), registry.roster.version().position
    assert registry.roster.changes("another", head, 10) == Gone("epoch", epoch, head, 0)
    assert registry.roster.changes("", head, 10) == Gone("epoch", epoch, head, 0)
    assert registry.roster.changes(epoch, head + 1, 10) == Gone("ahead", epoch, head, 0)
    assert isinstance(registry.roster.changes("", 0, 10), Changes)
    assert registry.roster.restored()
    assert registry.roster.epoch() != epoch
    assert isinstance(registry.roster.changes(epoch, head, 10), Gone)


def by_hand(records: list[dict[str, Any]]) -> str:
    """Work out the roster's digest as the protocol describes it, from the resources a house is given."""
    buckets = [0] * 256
    for one in records:
        found = one["resource"]
        if one["kind"] == "agency":
            content = [
                "agency",
                one["id"],
                found["displayName"],
                found["seats"],
                found.get("atOnce"),
                found.get("policy", "warn"),
            ]
        else:
            membership = found[MEMBERSHIP]
            times = [membership.get(name) for name in ("validFrom", "validUntil")]
            times = [one and f"{one.removesuffix('Z')[:19]}.000000Z" for one in times]
            badges = sorted([it["value"], it["keyVersion"], it["status"]] for it in membership.get("badges", []))
            language = "en" if found.get("preferredLanguage", "").startswith("en") else "sv"
            content = [
                "member",
                one["id"],
                found["displayName"],
                membership["agency"],
                found.get("active", True),
                *times,
                language,
                badges,
            ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        key = hashlib.sha256(f"{one['kind']}/{one['id']}".encode()).digest()[0]
        buckets[key] ^= int(hashlib.sha256(text.encode()).hexdigest()[:16], 16)
    return hashlib.sha256("".join(f"{it:016x}" for it in buckets).encode()).hexdigest()[:32]


def test_a_house_works_out_the_same_digest_from_what_it_is_given(registry: Registry) -> None:
    start = SystemClock()().wall.replace(microsecond=0)
    registry.enrol(Enrolment(agencies=(NewAgency("a", "Å-verket", 9, at_once=2, policy="deny"),)))
    people = [
        NewMember("m1", "Åsa Öberg", "a", "en", badges=(NewBadge("e" * 64, 2), NewBadge("d" * 64, status="lost"))),
        NewMember("m2", 'Per "Pelle" \\ Ek', "a", valid_from=start, valid_until=start + timedelta(days=9)),
        NewMember("m3", "Utan", AGENCY.id, active=False),
        NewMember("m4", "Återkallad", AGENCY.id, valid_until=start + timedelta(days=9), revoked_at=start),
        NewMember("m5", "Sökt", AGENCY.id, approved=False),
    ]
    registry.enrol(Enrolment(members=(*people, *(member(number) for number in range(1, 40)))))
    registry.resources.delete(schemas.USER, "m000007")
    head = registry.roster.version()
    records = [one for bucket in range(256) for one in registry.roster.bucket(bucket)[1]]
    assert by_hand(records) == head.digest
    (revoked,) = [one["resource"][MEMBERSHIP] for one in records if one["id"] == "m4"]
    assert revoked["validUntil"] == start.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    assert len(records) == head.count == 2 + 5 + 38
    assert by_hand([one for one in since(registry, 0).changes if not one["gone"]]) == head.digest


def test_any_change_of_a_record_changes_its_bucket_and_no_other(registry: Registry) -> None:
    registry.enrol(Enrolment(members=tuple(member(number) for number in range(1, 60))))
    chance = random.Random(5)  # noqa: S311 - chance that can be repeated
    for number in chance.sample(range(1, 60), 6):
        before = registry.roster.version()
        registry.enrol(Enrolment(members=(NewMember(f"m{number:06}", f"Bytt {number}", AGENCY.id),)))
        after = registry.roster.version()
        changed = [bucket for bucket in range(256) if before.buckets[bucket] != after.buckets[bucket]]
        assert len(changed) == 1
        assert f"m{number:06}" in [one["id"] for one in registry.roster.bucket(changed[0])[1]]
        assert before.digest != after.digest


def test_how_many_are_enrolled_is_told_of_an_agency_when_it_changes(registry: Registry) -> None:
    registry.enrol(Enrolment(members=(member(1), member(2), NewMember("m3", "Sökt", AGENCY.id, approved=False))))
    found = since(registry, 0)
    (agency,) = [one["resource"] for one in found.changes if one["kind"] == "agency"]
    assert agency["enrolled"] == 2
    registry.approve("m3")
    (agency,) = [one["resource"] for one in since(registry, found.position).changes if one["kind"] == "agency"]
    assert agency["enrolled"] == 3


@pytest.mark.parts
def test_positions_rise_with_the_commits_when_many_write_at_once(postgres: str) -> None:
    """A reader that keeps up while four connections write must never pass by a change that is committed later."""
    registries = [Registry(postgres, SystemClock(), Ids()) for _ in range(4)]
    registries[0].enrol(Enrolment(agencies=(AGENCY,)))
    done = threading.Event()

    def write(which: int) -> None:
        for number in range(15):
            # Each transaction writes several, so that it is open for a while after its first position.
            some = tuple(NewMember(f"w{which}-{number}-{one}", "Namn", AGENCY.id) for one in range(3))
            registries[which].enrol(Enrolment(members=some))

    writers = [threading.Thread(target=write, args=(which,)) for which in range(3)]
    seen: list[str] = []
    position = 0
    for one in writers:
        one.start()
    while not done.is_set():
        if not any(one.is_alive() for one in writers):
            done.set()
        found = registries[3].roster.changes("" if not position else registries[3].roster.epoch(), position, 500)
        assert isinstance(found, Changes)
        seen += [one["id"] for one in found.changes if one["kind"] == "member"]
        position = found.position
    for one in writers:
        one.join()
    for each in registries:
        each.close()
    assert len(seen) == len(set(seen)) == 3 * 15 * 3


@pytest.mark.parts
def test_all_of_it_is_asked_over_http(centre: Served) -> None:
    centre.registry.enrol(Enrolment(members=(member(1),)))
    house = centre.house()
    version = house.get("/roster/version").json()
    assert set(version) == {"version", "epoch", "position", "horizon", "count", "digest"}
    assert version["count"] == 2
    changes = house.get("/roster/changes?after=0&limit=1").json()
    assert (changes["more"], len(changes["changes"])) == (True, 1)
    rest = house.get(f"/roster/changes?epoch={changes['epoch']}&after={changes['position']}").json()
    assert (rest["more"], rest["position"]) == (False, version["position"])
    assert house.get("/roster/changes?epoch=another&after=1").status_code == 410
    assert house.get("/roster/changes?epoch=another&after=1").json()["reason"] == "epoch"
    digest = house.get("/roster/digest").json()
    assert len(digest["buckets"]) == 256
    buckets = [number for number, one in enumerate(digest["buckets"]) if one != "0" * 16]
    ids = [one["id"] for number in buckets for one in house.get(f"/roster/digest/{number}").json()["records"]]
    assert sorted(ids) == ["m000001", "skatteverket"]


@pytest.mark.parts
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/roster/changes?after=-1", 400),
        ("/roster/changes?after=x", 400),
        ("/roster/changes?limit=0", 400),
        ("/roster/changes?limit=501", 400),
        ("/roster/changes?only=some", 400),
        ("/roster/digest/256", 404),
        ("/roster/digest/x", 404),
        ("/events/disputes?limit=501", 400),
        ("/nowhere", 404),
    ],
)
def test_a_question_out_of_bounds_is_refused_in_json(path: str, status: int, tmp_path: Path) -> None:
    with served(str(tmp_path / "centre.db"), tmp_path) as centre:
        answer = centre.house().get(path)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parts
def test_a_house_that_has_read_further_than_the_roster_goes_shows_that_it_was_restored(centre: Served) -> None:
    house: Asking = centre.house()
    head = house.get("/roster/version").json()
    said = json.dumps({"centre_epoch": head["epoch"], "position": head["position"]})
    assert house.get("/roster/version", **{"Samverk-House": said}).json()["epoch"] == head["epoch"]
    said = json.dumps({"centre_epoch": head["epoch"], "position": head["position"] + 1})
    renewed = house.get("/roster/version", **{"Samverk-House": said}).json()["epoch"]
    assert renewed != head["epoch"]
    assert house.get("/roster/version", **{"Samverk-House": said}).json()["epoch"] == renewed
