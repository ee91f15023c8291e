"""The newest picture, its viewers, and the stream they look at it through."""

import asyncio
from typing import Any

import pytest

from kiosk.board.live import PING, Live, Picture, as_event
from kiosk.board.stream import EventStream
from tests.kiosk.board.small_desk import small_board
from tests.support.house import at

pytestmark = pytest.mark.anyio


def number(picture: Picture) -> str:
    return str(picture.board.in_house) if picture.board else "none"


async def test_a_viewer_gets_the_newest_picture_and_misses_those_in_between() -> None:
    live = Live(gap_s=0.05)
    events = live.events(number)
    assert await anext(events) == as_event("none")
    for in_house in (1, 2, 3):
        live.heard(at(in_house), small_board(in_house=in_house))
    assert await anext(events) == as_event("3")


async def test_a_viewer_gets_no_two_pictures_within_the_gap() -> None:
    live = Live(gap_s=0.2)
    events = live.events(number)
    await anext(events)
    live.heard(at(0), small_board(in_house=1))
    asked_s = asyncio.get_running_loop().time()
    assert await anext(events) == as_event("1")
    assert asyncio.get_running_loop().time() - asked_s >= 0.19


async def test_a_picture_that_looks_the_same_is_not_sent_again() -> None:
    live = Live(gap_s=0.01, ping_s=0.05)
    events = live.events(number)
    live.heard(at(0), small_board(in_house=1))
    assert await anext(events) == as_event("1")
    live.heard(at(1), small_board(in_house=1))
    assert await anext(events) == PING


async def test_closing_ends_every_stream_at_once() -> None:
    live = Live()
    events = live.events(number)
    await anext(events)
    live.close()
    assert [one async for one in events] == []
    assert not live.take_seat()


async def test_seats_are_bounded_and_free_again_when_left() -> None:
    live = Live(viewers_max=2)
    assert [live.take_seat() for _ in range(3)] == [True, True, False]
    live.leave_seat()
    assert live.take_seat()


async def test_the_picture_stays_when_contact_is_lost_and_since_when_stays_too() -> None:
    live = Live()
    live.heard(at(0), small_board())
    live.lost(at(10))
    live.lost(at(20))
    lost = live.picture
    live.heard(at(30))
    found = live.picture
    assert (lost.board, lost.lost) == (small_board(), at(10))
    assert (found.board, found.lost) == (small_board(), None)


async def test_a_viewer_who_takes_nothing_is_given_up_and_the_seat_is_free() -> None:
    live = Live()
    assert live.take_seat()

    async def send(_message: Any) -> None:
        await asyncio.Event().wait()

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    await EventStream(live, live.events(number), send_s=0.05)({}, receive, send)
    assert live.viewers == 0


async def test_a_viewer_who_leaves_frees_the_seat() -> None:
    live = Live()
    assert live.take_seat()
    sent = asyncio.Event()

    async def send(_message: Any) -> None:
        sent.set()

    async def receive() -> dict[str, str]:
        await sent.wait()
        return {"type": "http.disconnect"}

    await EventStream(live, live.events(number))({}, receive, send)
    assert live.viewers == 0


async def test_an_event_keeps_every_line_of_the_picture() -> None:
    assert as_event("a\nb") == "event: picture\ndata: a\ndata: b\n\n"
