"""What becomes of badges that houses enrol, lose and find: so in all houses, and taps with a lost one are doubted."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from kiosk.domain.ids import SiteId
from kiosk.tools.ids import Ids
from sync.centre.events import Told, read_event
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry
from sync.centre.storage import disputes
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE, ManualClock
from tests.support.centre_events import START, Body, arrived, event

OTHER: dict[str, Any] = {"source": "se.samverket.ostersund", "site": "ostersund"}
BEARERS = {
    SOURCE: Bearer(Role.HOUSE, SITE, SOURCE),
    OTHER["source"]: Bearer(Role.HOUSE, SiteId(OTHER["site"]), OTHER["source"]),
}
KEY = "a" * 64


@pytest.fixture
def clock() -> ManualClock:
    """Return the centre's clock."""
    return ManualClock(START + timedelta(hours=12))


@pytest.fixture
def centre(database: str, clock: ManualClock) -> Iterator[Registry]:
    """Return a centre with one agency and no members."""
    registry = Registry(database, clock, Ids())
    registry.enrol(Enrolment(agencies=(NewAgency("skatteverket", "Skatteverket", 40),)))
    yield registry
    registry.close()


def member(number: int = 1, **more: Any) -> Enrolment:
    """Return the member of that number, to be enrolled."""
    return Enrolment(members=(NewMember(f"m{number:06}", f"Exempel {number}", "skatteverket", **more),))


def tell(centre: Registry, *bodies: Body) -> list[str]:
    """Tell the centre, let it keep its books, and return the verdicts."""
    read = [read_event(msgspec.Raw(msgspec.json.encode(one)), BEARERS[one["source"]]) for one in bodies]
    assert all(isinstance(one, Told) for one in read), read
    verdicts = centre.events.keep([one for one in read if isinstance(one, Told)], centre.clock())
    centre.books.settle()
    return [one.verdict.value for one in verdicts]


def rows(centre: Registry, table: str) -> list[tuple[Any, ...]]:
    """Return all rows of a table, sorted."""
    with centre.happenings.reading() as work:
        return sorted(work.rows(f"SELECT * FROM {table}"))  # noqa: S608 - our own names


def disputed(centre: Registry) -> list[tuple[str, str]]:
    """Return the doubted events of both houses, with the reason."""
    found = [one for source in BEARERS for one in disputes.after(centre.happenings, source, 0, 100)]
    return sorted((one.event, one.reason) for one in found)


def badge(what: str, sequence: int, number: int = 1, key: str = KEY, **more: Any) -> Body:
    """Return an event of a badge."""
    return event(f"badge.{what}", sequence, number=number, visit=None, badge=key, key_version=2, **more)


def held(centre: Registry) -> list[tuple[str, str]]:
    """Return the badges of the first member as houses are told."""
    told = centre.roster.changes(centre.roster.epoch(), 0, 100)
    (one,) = [one for one in told.changes if one["id"] == "m000001"]  # type: ignore[union-attr] # nothing is forgotten here
    found = next(value for name, value in one["resource"].items() if name.endswith(":User"))
    return [(badge["value"][0], badge["status"]) for badge in found.get("badges") or []]


def test_a_badge_enrolled_lost_and_found_in_one_house_is_so_in_all(centre: Registry) -> None:
    centre.enrol(member(1))
    seen = []
    for sequence, what in enumerate(("enrolled", "lost", "found", "withdrawn", "found"), start=1):
        one = {**badge(what, sequence), "id": f"badge-{sequence}"}
        before = centre.roster.version()
        tell(centre, one)
        seen.append(held(centre))
        assert (centre.roster.version().position > before.position) == (sequence < 5)
    assert seen == [[("a", one)] for one in ("active", "lost", "active", "withdrawn", "withdrawn")]


def test_a_badge_has_one_holder(centre: Registry) -> None:
    centre.enrol(member(1))
    centre.enrol(member(2, badges=(NewBadge("b" * 64),)))
    tell(centre, badge("enrolled", 1, key="b" * 64))
    tell(centre, badge("enrolled", 2, number=7))
    assert held(centre) == []
    assert [row[1] for row in rows(centre, "findings")] == ["badge-of-another-member", "badge-of-unknown-member"]


def test_a_badge_lost_in_one_house_makes_a_later_tap_in_another_doubted_once_in_every_order(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    lost = badge("lost", 1, at=START + timedelta(hours=1))
    before = arrived(1, badge=KEY, at=START + timedelta(minutes=59), identifier="before", **OTHER)
    after = arrived(2, badge=KEY, number=2, at=START + timedelta(hours=2), identifier="after", **OTHER)
    after["data"]["member"] = before["data"]["member"]
    states = []
    for order in itertools.permutations([lost, before, after, lost, after]):
        for one in order:
            tell(centre, one)
        states.append((disputed(centre), rows(centre, "events")[0][:2]))
        tell(centre, *order)
        assert disputed(centre) == states[-1][0], "a rerun adds nothing"
        with centre.happenings.transaction() as work:
            for table in ("events", "disputes", "visits", "losses", "streams", "tallies", "overlapping"):
                work.run(f"DELETE FROM {table}")  # noqa: S608 - our own names
    assert {one for one, _ in states[0][0]} == {"after"}
    assert all(found == states[0][0] for found, _ in states)


def test_a_tap_with_a_badge_that_is_known_to_be_lost_is_doubted_in_the_answer(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    tell(centre, badge("lost", 1))
    assert tell(centre, arrived(1, badge=KEY, at=START + timedelta(hours=2), **OTHER)) == ["disputed"]
    other_badge = arrived(2, badge="c" * 64, number=2, at=START + timedelta(hours=2), **OTHER)
    by_host = arrived(3, number=3, at=START + timedelta(hours=2), **OTHER)
    assert tell(centre, other_badge, by_host) == ["accepted", "accepted"]


def test_a_tap_after_the_badge_was_found_is_not_doubted(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    tell(centre, badge("found", 2, at=START + timedelta(hours=2)), badge("lost", 1, at=START + timedelta(hours=1)))
    tell(centre, arrived(3, badge=KEY, at=START + timedelta(hours=3)))
    assert disputed(centre) == []
    assert held(centre) == [("a", "active")]


def test_a_loss_that_travels_ahead_of_the_enrolment_holds(centre: Registry) -> None:
    centre.enrol(member(1))
    lost, enrolled = badge("lost", 2, at=START + timedelta(hours=2)), badge("enrolled", 1, at=START)
    tell(centre, lost)
    tell(centre, enrolled)
    assert held(centre) == [("a", "lost")]


def test_a_badge_that_the_registrar_blocks_is_lost_from_then_on(centre: Registry, clock: ManualClock) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    centre.enrol(member(1, badges=(NewBadge(KEY, status="lost"),)))
    tell(centre, arrived(1, badge=KEY, at=clock.now.wall - timedelta(minutes=1)))
    assert disputed(centre) == []
    tell(centre, arrived(2, badge=KEY, number=2, at=clock.now.wall + timedelta(minutes=1)))
    assert [one for one, _ in disputed(centre)] == ["arrived-2"]


def test_a_copied_badge_is_something_to_look_at_and_changes_nothing(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY, level="verified"),)))
    before = centre.roster.version()
    tell(centre, badge("copied", 1))
    assert centre.roster.version() == before
    assert [row[1] for row in rows(centre, "findings")] == ["badge-copied"]


def test_a_badge_never_has_to_prove_less_than_it_had_to(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    levels = []
    for sequence, level in enumerate(("uid", "verified", "uid"), start=1):
        one = badge("enrolled", sequence, level=level, identifier=f"badge-{sequence}")
        tell(centre, one)
        told = centre.roster.changes(centre.roster.epoch(), 0, 100)
        (whole,) = [one for one in told.changes if one["id"] == "m000001"]  # type: ignore[union-attr] # nothing is forgotten here
        found = next(value for name, value in whole["resource"].items() if name.endswith(":User"))
        levels.append(found["badges"][0].get("level"))
    assert levels == [None, "verified", "verified"]


NEWER, NEWEST = "b" * 64, "c" * 64


def rekeyed(sequence: int, key: str = NEWER, was: str = KEY, **more: Any) -> Body:
    """Return that the badge got another key."""
    return badge("rekeyed", sequence, key=key, was=was, identifier=f"rekeyed-{key[0]}", **more)


def lost(sequence: int, key: str = KEY, **more: Any) -> Body:
    """Return that the badge was lost, as the other house tells it."""
    return badge("lost", sequence, key=key, at=START + timedelta(hours=1), **{**OTHER, **more})


def test_a_loss_under_the_older_key_is_one_under_the_newer_in_every_order(centre: Registry) -> None:
    taps = [
        arrived(5 + number, badge=key, number=5 + number, at=START + timedelta(hours=2), member="m000001")
        for number, key in enumerate((KEY, NEWER))
    ]
    for order in itertools.permutations([rekeyed(1), lost(1), *taps]):
        centre.enrol(member(1, badges=(NewBadge(KEY),)))
        for one in order:
            tell(centre, one)
        assert held(centre) == [("b", "lost")]
        assert [one for one, _ in disputed(centre)] == ["arrived-5", "arrived-6"]
        with centre.happenings.transaction() as work:
            for table in ("events", "disputes", "visits", "losses", "kin", "streams", "tallies", "overlapping"):
                work.run(f"DELETE FROM {table}")  # noqa: S608 - our own names


def test_a_loss_that_overtakes_the_change_of_key_blocks_both_keys_at_once(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    tell(centre, badge("lost", 2, key=NEWER, was=KEY, identifier="lost"))
    assert held(centre) == [("b", "lost")]
    tell(centre, rekeyed(1))
    assert held(centre) == [("b", "lost")]
    assert tell(centre, arrived(3, badge=KEY, at=START + timedelta(hours=2))) == ["disputed"]


def test_a_badge_lost_under_one_key_is_found_under_the_other(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY, level="verified"),)))
    tell(centre, rekeyed(1), lost(1))
    tell(centre, badge("found", 2, key=NEWER, was=KEY, at=START + timedelta(hours=2)))
    assert held(centre) == [("b", "active")]
    assert tell(centre, arrived(3, badge=KEY, at=START + timedelta(hours=3))) == ["accepted"]


def test_of_several_keys_the_newest_secrets_is_kept_in_every_order(centre: Registry) -> None:
    first, second = rekeyed(1), {**rekeyed(2, NEWEST, NEWER), "source": OTHER["source"]}
    second["data"] = {**second["data"], "site": OTHER["site"], "key_version": 3}
    for order in ((first, second), (second, first)):
        centre.enrol(member(1, badges=(NewBadge(KEY),)))
        tell(centre, order[0])
        tell(centre, order[1])
        assert held(centre) == [("c", "active")]
        tell(centre, lost(3))
        assert held(centre) == [("c", "lost")]
        with centre.happenings.transaction() as work:
            for table in ("events", "losses", "kin"):
                work.run(f"DELETE FROM {table}")  # noqa: S608 - our own names


def test_what_the_registrar_says_of_an_older_key_is_said_of_the_badge(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    tell(centre, rekeyed(1))
    centre.enrol(member(1, badges=(NewBadge(KEY, status="lost"), NewBadge(NEWER), NewBadge("d" * 64))))
    assert sorted(held(centre)) == [("b", "lost"), ("d", "active")]
    assert tell(centre, arrived(2, badge=NEWER, at=START + timedelta(days=2))) == ["disputed"]
    centre.enrol(member(1, badges=(NewBadge(KEY, status="withdrawn"),)))
    assert held(centre) == [("b", "withdrawn")]
    tell(centre, badge("found", 3, key=NEWER, at=START + timedelta(days=3)))
    assert held(centre) == [("b", "withdrawn")]


def test_two_members_badges_are_never_taken_for_one(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    centre.enrol(member(2, badges=(NewBadge(NEWER),)))
    tell(centre, rekeyed(1))
    tell(centre, lost(1))
    assert held(centre) == [("a", "lost")]
    assert ("badge-of-another-member", "m000001") in [row[1:3] for row in rows(centre, "findings")]
    assert tell(centre, arrived(2, badge=NEWER, number=2, at=START + timedelta(hours=2))) == ["accepted"]
    assert rows(centre, "kin") == []


def test_a_badge_is_not_enrolled_again_under_another_of_its_keys(centre: Registry) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    centre.enrol(member(2))
    tell(centre, rekeyed(1))
    tell(centre, badge("enrolled", 2, number=2, key=KEY))
    assert held(centre) == [("b", "active")]
    assert [row[1:3] for row in rows(centre, "findings")] == [("badge-of-another-member", "m000002")]


def test_that_two_keys_are_one_badges_is_forgotten_once_nobody_has_it(centre: Registry, clock: ManualClock) -> None:
    centre.enrol(member(1, badges=(NewBadge(KEY),)))
    tell(centre, rekeyed(1))
    clock.advance(400 * 86400.0)
    centre.let_go(clock.now.wall - timedelta(days=396))
    assert len(rows(centre, "kin")) == 2
    centre.enrol(member(1))
    centre.let_go(clock.now.wall - timedelta(days=396))
    assert rows(centre, "kin") == []
