"""The centre lets go of who came and when, after its time; that an event was told is known for ever."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from deploy.command import main
from kiosk.tools.ids import Ids
from sync.centre.events import Told, read_event
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry
from sync.centre.storage import disputes, retention, streams
from sync.centre.storage.shape import SHAPES
from sync.centre.storage.tokens import Bearer, Role
from sync.centre.watch import KEPT_DAYS, Watch
from tests.support.centre import SITE, SOURCE, ManualClock
from tests.support.centre_events import START, Body, arrived, event, visits
from tests.support.centre_served import served

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PERSONAL = ("events", "visits", "disputes", "findings", "doubts", "losses", "overlapping", "batches", "rechecks", "kin")
BEARER = Bearer(Role.HOUSE, SITE, SOURCE)


@pytest.fixture
def clock() -> ManualClock:
    """Return the centre's clock."""
    return ManualClock(START + timedelta(hours=12))


@pytest.fixture
def centre(database: str, clock: ManualClock) -> Iterator[Registry]:
    """Return a centre with an agency, and a member whose rights are withdrawn and whose badge is lost."""
    registry = Registry(database, clock, Ids())
    registry.enrol(Enrolment(agencies=(NewAgency("skatteverket", "Skatteverket", 40),)))
    yield registry
    registry.close()


def withdrawn(number: int) -> Enrolment:
    """Return that member, whose rights ended before anything happened."""
    badge = NewBadge(f"{number:064x}", status="lost")
    one = NewMember(f"m{number:06}", "Namn", "skatteverket", badges=(badge,), revoked_at=START - timedelta(days=1))
    return Enrolment(members=(one,))


def tell(centre: Registry, *bodies: Body) -> list[str]:
    """Tell the centre, let it keep its books, and return the verdicts."""
    read = [read_event(msgspec.Raw(msgspec.json.encode(one)), BEARER) for one in bodies]
    verdicts = centre.events.keep([one for one in read if isinstance(one, Told)], centre.clock())
    centre.books.settle()
    return [one.verdict.value for one in verdicts]


def said_of(centre: Registry, text: str) -> list[str]:
    """Return the tables that say it anywhere."""
    with centre.happenings.reading() as work:
        kept = {table: work.rows(f"SELECT * FROM {table}") for table in PERSONAL}  # noqa: S608 - our own names
    return [table for table, rows in kept.items() if any(text in str(value) for row in rows for value in row)]


def before(clock: ManualClock, days: float) -> datetime:
    """Return the moment so many days ago."""
    return clock().wall - timedelta(days=days)


def a_year(centre: Registry, clock: ManualClock) -> list[Body]:
    """Let two visits of a member without rights be told, and two of another fourteen months later; return the first."""
    centre.enrol(withdrawn(1))
    old = visits(2)
    for one in old:
        one["data"]["member"] = "m000001"
    tell(centre, *old, event("badge.lost", 7, visit=None, badge="b" * 64, key_version=1, number=1))
    clock.advance(425 * 86400.0)
    at = clock().wall
    tell(centre, *(arrived(7 + number, number=10 + number, at=at) for number in (1, 2)))
    return old


def test_who_came_long_ago_is_nowhere_and_who_came_lately_is_as_before(centre: Registry, clock: ManualClock) -> None:
    a_year(centre, clock)
    centre.resources.delete(centre.provider.resource_types[0], "m000001")
    clock.advance(400 * 86400.0)
    tell(centre, arrived(10, number=20, at=clock().wall))
    assert set(said_of(centre, "m000001")) >= {"events", "visits", "disputes", "doubts"}
    centre.let_go(before(clock, KEPT_DAYS))
    assert said_of(centre, "m000001") == []
    assert set(said_of(centre, "m000020")) >= {"events", "visits"}
    assert centre.kept_too_long(before(clock, KEPT_DAYS)) == {}


def test_what_was_let_go_of_is_still_a_duplicate_or_a_conflict_and_still_counted(
    centre: Registry, clock: ManualClock
) -> None:
    old = a_year(centre, clock)
    counted = centre.report()
    done = centre.let_go(before(clock, KEPT_DAYS))
    assert done["events"] == 7
    assert tell(centre, *old) == ["disputed", "duplicate", "duplicate"] * 2
    other = {**old[1], "time": "2026-11-23T09:00:00.000Z"}
    assert tell(centre, other) == ["conflict"]
    after = centre.report()
    assert (after.events, after.missing) == (counted.events, counted.missing)
    with centre.happenings.reading() as work:
        (stream,) = streams.streams(work, SOURCE)
    assert (stream.first, stream.highest, stream.forks) == (1, 9, 0)


def test_disputes_are_numbered_on_after_the_old_ones_are_gone(centre: Registry, clock: ManualClock) -> None:
    a_year(centre, clock)
    last = max(one.number for one in disputes.after(centre.happenings, SOURCE, 0, 100))
    centre.let_go(before(clock, KEPT_DAYS))
    centre.enrol(withdrawn(30))
    tell(centre, arrived(30, number=30, at=clock().wall))
    (new,) = disputes.after(centre.happenings, SOURCE, last, 100)
    assert (new.number, new.event) == (last + 1, "arrived-30")


def test_many_are_let_go_of_in_steps(centre: Registry, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(centre, *visits(5))
    clock.advance(86400.0)
    monkeypatch.setattr(retention, "STEP_MAX", 4)
    assert centre.let_go(before(clock, 0.5))["events"] == 15
    assert centre.let_go(before(clock, 0.5)) == {}


def test_what_a_clock_gone_wrong_left_behind_goes_when_all_is_looked_at_anew(
    centre: Registry, clock: ManualClock
) -> None:
    clock.advance(400 * 86400.0)
    centre.let_go(before(clock, 100))
    clock.advance(-300 * 86400.0)
    tell(centre, *visits(1))
    clock.advance(300 * 86400.0)
    centre.let_go(before(clock, 100))
    assert centre.kept_too_long(before(clock, 100)) == {"events": 3}
    centre.let_go(before(clock, 100), anew=True)
    assert centre.kept_too_long(before(clock, 100)) == {}


def test_the_watch_lets_go_by_itself(centre: Registry, clock: ManualClock) -> None:
    tell(centre, *visits(1))
    clock.advance(10 * 86400.0)
    assert centre.kept_too_long(before(clock, 5))
    Watch(centre, kept_days=5).let_go()
    assert centre.kept_too_long(before(clock, 5)) == {}


def test_the_command_says_what_is_left_and_answers_no_until_it_is_gone(
    centre: Registry,
    clock: ManualClock,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("deploy.commands.centre.SystemClock", lambda: clock)
    tell(centre, *visits(1))
    clock.advance(400 * 86400.0)
    command = ["centre", "retention", "--database", database]
    assert main([*command, "--prove"]) == 1
    assert "1 visits" in capsys.readouterr().out
    assert main(command) == 0
    assert main([*command, "--prove"]) == 0
    assert "nothing" in capsys.readouterr().out


@pytest.mark.parts
def test_of_whoever_is_removed_by_scim_the_name_goes_at_once_and_what_was_told_of_them_at_its_time(
    database: str, tmp_path: Path
) -> None:
    key = "f" * 64
    with served(database, tmp_path) as centre:
        centre.registry.enrol(Enrolment(agencies=(NewAgency("fri", "Fri", 5, approves=False),)))
        provider, house = centre.agency("fri"), centre.house()
        user = {"schemas": [USER], "userName": "karin.kvist", "displayName": "Karin Kvist", "active": True}
        who = provider.scim("POST", "/Users", user).json()["id"]
        badge = event("badge.enrolled", 1, visit=None, member=who, badge=key, key_version=1, level="uid")
        lost = event("badge.lost", 2, visit=None, member=who, badge=key, key_version=1)
        came = arrived(3, member=who, agency="fri", badge=key, at=centre.registry.clock().wall)
        verdicts = house.tell(badge, lost, came).json()["verdicts"]
        assert [one["verdict"] for one in verdicts] == ["accepted", "accepted", "accepted"]
        centre.registry.books.settle()
        assert set(tables_with(centre.registry, key)) >= {"resources", "badges", "losses", "events", "visits"}
        assert provider.scim("DELETE", f"/Users/{who}").status_code == 204
        centre.registry.books.settle()
        assert tables_with(centre.registry, "Karin", "karin") == []
        assert {"events", "visits"} <= set(tables_with(centre.registry, who)), "who came stays for as long as it may"
        assert not {"resources", "unique_values", "badges"} & set(tables_with(centre.registry, who, key))
        after_all = centre.registry.clock().wall + timedelta(days=1)
        centre.registry.roster.forget(after_all)
        centre.registry.let_go(after_all)
        assert tables_with(centre.registry, who, key) == []
        assert centre.registry.kept_too_long(after_all) == {}


def tables_with(centre: Registry, *texts: str) -> list[str]:
    """Return the tables of the centre, out of all there are, that say one of these texts anywhere."""
    tables = sorted(set(re.findall(r"CREATE TABLE (\w+)", "".join(SHAPES))))
    with centre.happenings.reading() as work:
        kept = {one: str(work.rows(f"SELECT * FROM {one}")) for one in tables}  # noqa: S608 - our own names
    return [table for table, rows in kept.items() if any(one in rows for one in texts)]
