"""Events reach the centre once in effect, whatever happens on the way, and none is lost by failing."""

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.events import BadgeEnrolled, BadgeReportedLost
from kiosk.domain.ids import BadgeKey, EventId, MemberId, host
from kiosk.domain.members import BadgeLevel
from kiosk.store.outgoing import OutboxState
from sync.agent import compose
from sync.batches import FIRST
from sync.centre.enrolment import Enrolment
from sync.client import RETRY_AFTER_MAX_S
from sync.plan import Identity
from sync.push import QUARANTINED_IN_A_ROW_MAX
from tests.support.centre import SITE, SOURCE, House, RunningCentre, badge_key, member, site_in, visits
from tests.support.fault_proxy import (
    Exchange,
    Fault,
    FaultProxy,
    broken_gzip,
    cut_reply,
    drop_reply,
    drop_request,
    garble_reply,
    portal,
    raw,
    redirect_to,
    status,
)
from tests.support.http_lines import Reply

pytestmark = pytest.mark.parts


def kept_at(centre: RunningCentre) -> tuple[int, int]:
    """Return how many events the centre keeps, and how many sequences it lacks."""
    report = centre.registry.report()
    return report.distinct, report.missing.get(SOURCE, 0)


def test_every_event_of_a_visit_is_at_the_centre_once(house: House, centre: RunningCentre) -> None:
    house.happened(visits(100))
    house.work()
    assert kept_at(centre) == (300, 0)
    assert house.roster.outbox.counts() == {OutboxState.ACCEPTED: 300}


@pytest.mark.parametrize("fault", [drop_reply, drop_request, cut_reply, garble_reply, broken_gzip])
def test_an_answer_lost_on_every_first_attempt_still_counts_each_event_once(
    house: House, centre: RunningCentre, proxy: FaultProxy, fault: Fault
) -> None:
    house.happened(visits(100))
    # The client asks once more at once when a connection breaks, so the second attempt is harmed too.
    proxy.order(fault, fault, None, fault, fault, None, fault, fault, path="/events")
    house.work_until_idle()
    proxy.heal()
    assert kept_at(centre) == (300, 0)
    assert OutboxState.WAITING not in house.roster.outbox.counts()


def test_a_resend_after_a_lost_answer_is_counted_as_duplicates(
    house: House, centre: RunningCentre, proxy: FaultProxy
) -> None:
    house.happened(visits(10))
    proxy.order(drop_reply, path="/events")
    house.work_until_idle()
    proxy.heal()
    assert kept_at(centre) == (30, 0)
    assert house.roster.outbox.counts() == {OutboxState.DUPLICATE: 30}


@pytest.mark.parametrize("code", [400, 401, 403, 404, 408, 409, 410, 413, 415, 422, 429, 500, 502, 503, 504])
def test_no_answer_takes_an_event_away(house: House, centre: RunningCentre, proxy: FaultProxy, code: int) -> None:
    house.happened(visits(4))
    proxy.always(status(code), path="/events")
    house.work()
    proxy.heal()
    counts = house.roster.outbox.counts()
    assert sum(counts.values()) == 12
    assert counts.get(OutboxState.INVALID, 0) <= 3
    house.work_until_idle()
    assert kept_at(centre)[0] >= 9


@pytest.mark.parametrize("code", [429, 503])
def test_a_wait_that_the_centre_asks_for_is_kept_to_the_second(
    house: House, centre: RunningCentre, proxy: FaultProxy, code: int
) -> None:
    house.happened(visits(1))
    proxy.order(status(code, ("Retry-After", "120")), path="/events")
    house.work()
    proxy.heal()
    house.clock.advance(119.9)
    house.work()
    assert kept_at(centre)[0] == 0
    house.clock.advance(0.1)
    house.work()
    assert kept_at(centre)[0] == 3


@pytest.mark.parametrize(("until", "wait_s"), [("08:00:30", 30.0), ("08:00:01", 1.0)])
def test_a_wait_given_as_a_date_is_measured_from_the_answers_own_date(
    house: House, centre: RunningCentre, proxy: FaultProxy, until: str, wait_s: float
) -> None:
    house.happened(visits(1))
    dates = f"Date: Fri, 01 Jan 1999 08:00:00 GMT\r\nRetry-After: Fri, 01 Jan 1999 {until} GMT\r\n"
    proxy.order(raw(f"HTTP/1.1 503 Busy\r\n{dates}Content-Length: 0\r\n\r\n".encode()), path="/events")
    house.work()
    proxy.heal()
    push = house.roster.schedule.get("push")
    assert push is not None
    assert push.delay_s == wait_s
    house.clock.advance(wait_s)
    house.work()
    assert kept_at(centre)[0] == 3


def test_no_wait_that_is_asked_for_is_longer_than_a_day(house: House, proxy: FaultProxy) -> None:
    house.happened(visits(1))
    proxy.order(status(429, ("Retry-After", "999999999999")), path="/events")
    house.work()
    proxy.heal()
    push = house.roster.schedule.get("push")
    assert push is not None
    assert push.delay_s == RETRY_AFTER_MAX_S


def test_an_event_this_version_does_not_know_stops_nothing_that_waits_already(
    house: House, centre: RunningCentre, tmp_path: Path
) -> None:
    house.happened(visits(1))
    house.agent.project.step(house.agent.journal)
    house.happened(visits(1, first=2))
    connection = sqlite3.connect(tmp_path / "journal.db")
    connection.execute("UPDATE events SET type = 'unheard_of' WHERE seq = 5")
    connection.commit()
    connection.close()
    house.work()
    assert kept_at(centre) == (3, 0)
    assert house.roster.outbox.place() == 3


def test_a_restart_neither_forgets_a_wait_nor_lengthens_it(
    house: House, tmp_path: Path, centre: RunningCentre, proxy: FaultProxy
) -> None:
    house.happened(visits(1))
    proxy.order(status(503, ("Retry-After", "120")), path="/events")
    house.work()
    proxy.heal()
    house.clock.advance(60.0)
    house.close()
    again = House(tmp_path, proxy.url, centre.token, house.clock)
    again.clock.advance(59.0)
    again.work()
    assert kept_at(centre)[0] == 0
    again.clock.advance(1.0)
    again.work()
    assert kept_at(centre)[0] == 3
    again.close()


def test_a_batch_that_is_too_large_is_halved_until_it_passes(
    house: House, centre: RunningCentre, proxy: FaultProxy
) -> None:
    house.happened(visits(40))
    proxy.order(status(413), status(413), path="/events")
    house.work()
    proxy.heal()
    assert kept_at(centre) == (120, 0)


@pytest.mark.parametrize("fault", [portal, redirect_to("http://127.0.0.1:9/sign-in")])
def test_a_sign_in_page_is_no_acknowledgement_and_is_not_followed(
    house: House, centre: RunningCentre, proxy: FaultProxy, fault: Fault
) -> None:
    house.happened(visits(2))
    proxy.always(fault)
    house.work()
    asked = len(proxy.seen)
    proxy.heal()
    assert asked <= 2
    assert house.roster.outbox.counts() == {OutboxState.WAITING: 6}
    house.work_until_idle()
    assert kept_at(centre) == (6, 0)


def test_a_redirection_to_another_server_never_brings_it_the_token(house: House, proxy: FaultProxy) -> None:
    from tests.support.fault_proxy import fault_proxy  # noqa: PLC0415 - a second server, only here

    with fault_proxy(1) as stranger:
        proxy.always(redirect_to(stranger.url))
        house.happened(visits(1))
        house.work()
        proxy.heal()
        assert stranger.seen == []


def test_one_invalid_event_among_a_hundred_is_put_aside_and_stops_nothing(
    house: House, centre: RunningCentre, tmp_path: Path
) -> None:
    house.happened(visits(40))
    house.agent.project.step(house.agent.journal)
    spoil(tmp_path, sequence=50)
    house.work()
    assert house.roster.outbox.counts() == {OutboxState.ACCEPTED: 119, OutboxState.INVALID: 1}
    assert kept_at(centre)[0] == 119
    (put_aside,) = [row for row in stored(tmp_path) if row[1] == "invalid"]
    assert put_aside[0] == 50
    assert put_aside[2]


def test_other_content_under_a_kept_id_is_a_conflict_and_overwrites_nothing(
    house: House, centre: RunningCentre, tmp_path: Path
) -> None:
    house.happened(visits(1))
    house.work()
    with sqlite3.connect(tmp_path / "centre.db") as before:
        first = before.execute("SELECT body FROM events ORDER BY sequence").fetchall()
    before.close()
    connection = sqlite3.connect(tmp_path / "roster.db")
    connection.execute(
        "UPDATE outbox SET state = 'waiting', body = replace(body, 'm000001', 'm000009') WHERE sequence = 1"
    )
    connection.commit()
    connection.close()
    house.clock.advance(5.0)
    house.work()
    assert house.roster.outbox.counts() == {OutboxState.ACCEPTED: 2, OutboxState.CONFLICT: 1}
    after = sqlite3.connect(tmp_path / "centre.db")
    assert after.execute("SELECT body FROM events ORDER BY sequence").fetchall() == first
    after.close()
    assert centre.registry.report().distinct == 3


def test_an_unknown_token_stops_sending_until_it_is_accepted(house: House, centre: RunningCentre) -> None:
    house.happened(visits(1))
    centre.registry.tokens.withdraw(SITE)
    house.work()
    assert house.roster.outbox.counts() == {OutboxState.WAITING: 3}
    waits = house.roster.schedule.get("compare")
    assert waits is not None
    assert "401" in waits.why


def test_what_waits_for_long_waits_under_a_pseudonym_and_is_told_under_its_name(
    house: House, centre: RunningCentre, proxy: FaultProxy, tmp_path: Path
) -> None:
    centre.registry.enrol(Enrolment(members=(member(1),)))
    house.agent.close()
    identity = Identity(SITE, SOURCE, push_every_s=5.0, pull_every_s=60.0)
    site = site_in(tmp_path, proxy.url)
    house.agent = compose(site, identity, house.client, house.clock, pseudonym_key=b"k" * 32)
    house.work()
    house.happened(visits(1))
    proxy.always(status(503), path="/events")
    for days in (1, 31):
        house.clock.advance(days * 86400.0)
        house.work()
    assert not query(tmp_path / "roster.db", "SELECT 1 FROM outbox WHERE body LIKE '%m000001%'")
    proxy.heal()
    house.work_until_idle()
    assert len(query(tmp_path / "centre.db", "SELECT 1 FROM events WHERE body LIKE '%m000001%'")) == 3


def test_what_leaves_the_house_names_no_zone_and_no_company(house: House, tmp_path: Path) -> None:
    house.happened(visits(3))
    house.work()
    for (body,) in query(tmp_path / "centre.db", "SELECT body FROM events"):
        said = json.loads(body)
        assert set(said["data"]) <= {"site", "visit", "member", "clock", "agency", "badge", "closed_at", "undoes"}
        assert "lagerelden" not in body


def test_batches_grow_while_the_line_is_quick(house: House, proxy: FaultProxy) -> None:
    house.happened(visits(100))
    house.work()
    # 100, then 200.
    assert FIRST == 100
    assert proxy.seen.count("/events") == 2


def test_a_lost_badge_is_told_before_a_long_backlog_and_the_rest_keeps_its_order(
    house: House, tmp_path: Path, proxy: FaultProxy, centre: RunningCentre
) -> None:
    house.happened(visits(100))
    lost = BadgeReportedLost(
        id=EventId("lost"), at=house.clock(), badge=BadgeKey(badge_key(1)), key_version=1, member=MemberId("m000001"),
        by=host("karin"),
    )  # fmt: skip
    house.happened([lost])
    proxy.always(status(503), path="/events/state")
    house.work()
    proxy.heal()
    house.clock.advance(400.0)
    while not centre.registry.report().distinct:
        house.agent.step()
    assert query(tmp_path / "centre.db", "SELECT id, sequence FROM events") == [("lost", 201)]
    house.work_until_idle()
    assert kept_at(centre) == (301, 0)
    assert set(house.roster.outbox.counts()) == {OutboxState.ACCEPTED}


async def picky(exchange: Exchange) -> None:
    """Answer as a centre that refuses a batch whole, whenever a badge was enrolled in it."""
    if b"badge.enrolled" in gzip.decompress(exchange.request.body):
        await exchange.answer(Reply(422, (("Content-Type", "application/json"),), b'{"error": "as ordered"}'))
    else:
        await exchange.answer(await exchange.forward())


def enrolments(house: House, count: int) -> list[BadgeEnrolled]:
    """Return so many badges that were tied to members."""
    return [
        BadgeEnrolled(
            id=EventId(f"e-{number}"), at=house.clock(), badge=BadgeKey(badge_key(number)), key_version=1,
            member=MemberId("m000001"), level=BadgeLevel.UID, by=host("karin"),
        )
        for number in range(count)
    ]  # fmt: skip


def test_many_events_in_a_row_that_a_centre_refuses_whole_stop_none_of_those_after_them(
    house: House, proxy: FaultProxy, centre: RunningCentre
) -> None:
    many = QUARANTINED_IN_A_ROW_MAX * 2 + 1
    *first, last = enrolments(house, many)
    house.happened([*visits(1), *first, *visits(2, first=2)])
    proxy.always(status(503), path="/events/state")
    house.work()
    house.happened([last])  # the newest that waits is one of them
    house.work()
    proxy.heal()
    proxy.always(picky, path="/events")
    for _ in range(2 * many):
        house.work()
        house.clock.advance(400.0)
    proxy.heal()
    assert kept_at(centre) == (9, many - 1), "nothing but what it refuses is lacking there, and the newest above it"
    assert house.roster.outbox.counts() == {OutboxState.ACCEPTED: 9, OutboxState.INVALID: many}


def test_a_centre_that_refuses_everything_has_no_more_than_a_few_events_put_aside(
    house: House, proxy: FaultProxy, centre: RunningCentre
) -> None:
    house.happened(visits(20))
    proxy.always(status(422), path="/events")
    for _ in range(20):
        house.work()
        house.clock.advance(400.0)
    proxy.heal()
    assert house.roster.outbox.counts()[OutboxState.INVALID] == QUARANTINED_IN_A_ROW_MAX
    house.work_until_idle()
    assert kept_at(centre)[0] == 60 - QUARANTINED_IN_A_ROW_MAX


def spoil(folder: Path, sequence: int) -> None:
    """Make the waiting event of that sequence one that the centre cannot accept."""
    connection = sqlite3.connect(folder / "roster.db")
    connection.execute(
        "UPDATE outbox SET body = replace(body, '\"clock\"', '\"klocka\"') WHERE sequence = ?", [sequence]
    )
    connection.commit()
    connection.close()


def stored(folder: Path) -> list[tuple[int, str, str]]:
    """Return sequence, state and reason of everything in the outbox."""
    return query(folder / "roster.db", "SELECT sequence, state, reason FROM outbox ORDER BY sequence")


def query(path: Path, question: str) -> list[Any]:
    """Return the rows."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()
