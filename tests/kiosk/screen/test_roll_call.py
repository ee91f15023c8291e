"""A host's roll call in the real program: begun, ticked, left, come back to, and ended; by key and by touch."""

import queue
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.board import RunningCall
from kiosk.domain.ids import VisitId
from kiosk.domain.roll_call import RollCall, counted, met
from kiosk.door.messages import SayAnswer, SayBoard, SayError
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall, ShowRollCall, TellRollCall
from kiosk.screen.pages import Answered, Waiting
from kiosk.screen.place import Place, Times
from kiosk.screen.roll_pages import RollEnd, RollList, RollReport, RollStart
from kiosk.screen.rolling import RETURNS_S, ROLL_CALL_S
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.sounds import Utterance
from tests.kiosk.screen.examples import PEOPLE, PLACE, answer, board, later, roll_call
from tests.kiosk.screen.running import RunningScreen, screen
from tests.support.fake_desk import FakeDesk
from tests.support.sounds import RememberedSounds

pytestmark = pytest.mark.slow

VISIT = VisitId("visit-1")
HOST = replace(answer(Outcome.ALREADY_IN), may_call_roll=True)


async def begin(shown: RunningScreen, desk: FakeDesk, call: RollCall) -> None:
    """Let a host call the roll, live."""
    await shown.shows(Waiting)
    desk.say(SayAnswer(HOST))
    await shown.shows(Answered)
    await shown.pilot.press("e")
    await shown.shows(RollStart)
    await shown.pilot.press("1")
    ask = desk.next_asked()
    assert isinstance(ask, OpenRollCall)
    assert (ask.is_drill, ask.visit, ask.by) == (False, VISIT, None)
    desk.say(SayRollCall(ask.id, call, "Siv"))
    await shown.shows(RollList)
    await shown.wait(1)  # the key that began it is also one of the list's, and struck twice it counts once


def running(call: RollCall) -> RunningCall:
    """Return what the desk tells everybody of the roll call."""
    return RunningCall(
        id=call.id, is_drill=call.is_drill, sought=call.sought, found=call.found, presses=len(call.ticks)
    )


@pytest.mark.anyio
async def test_a_hosts_badge_one_key_and_the_kind_of_roll_call_bring_everybody_in_the_house(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        text = shown.text()
        for part in ("SKARPT LÄGE", "4 av 4 är kvar att hitta.", "Kim Lind, gäst", "osäker", "Lägerelden, 14:31"):
            assert part in text
        order = [text.index(name) for name in ("Astrid Berg", "Kim Lind", "Cecilia Dahl", "Bo Ek")]
        assert order == sorted(order)


@pytest.mark.anyio
async def test_whoever_is_no_host_is_offered_none_and_the_key_does_nothing(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ALREADY_IN)))
        await shown.shows(Answered)
        await shown.pilot.press("e")
        assert isinstance(shown.app.page, Answered)
        assert "Upprop" not in shown.text()


@pytest.mark.anyio
async def test_a_tick_is_shown_at_once_told_to_the_desk_and_taken_back_by_the_same_key(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        await shown.pilot.press("1")
        ask = desk.next_asked()
        assert isinstance(ask, TellRollCall)
        assert [(one.person, one.host, one.is_taken_back) for one in ask.ticks] == [("visit-1", "Siv", False)]
        assert "✓ Astrid Berg" in shown.text()
        await shown.pilot.press("1")  # struck twice is once
        with pytest.raises(queue.Empty):
            desk.asked.get_nowait()
        await shown.wait(1)
        await shown.pilot.press("1")
        back = desk.next_asked()
        assert isinstance(back, TellRollCall)
        assert [(one.id, one.is_taken_back) for one in back.ticks] == [(ask.ticks[0].id, True)]
        assert "✓ Astrid Berg" not in shown.text()


@pytest.mark.anyio
async def test_whoever_is_ticked_by_touch_stays_where_they_are_until_the_list_begins_again(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door, size=(35, 11)) as shown:
        await begin(shown, desk, roll_call())
        assert "3 kvar" not in shown.text()
        row = next(y for y, line in enumerate(shown.text().split("\n")) if "Astrid Berg" in line)
        await shown.pilot.click(offset=(9, row))
        await shown.pilot.pause()
        assert shown.text().index("✓ Astrid Berg") < shown.text().index("Kim Lind")
        assert "3 kvar av 4" in shown.text()
        await shown.pilot.press("m")
        await shown.pilot.pause()
        assert "Bo Ek" in shown.text()
        await shown.wait(1)
        await shown.pilot.press("m")
        await shown.pilot.pause()
        page = shown.app.page
        assert isinstance(page, RollList)
        assert [one.name for one in page.shown] == ["Kim Lind", "Cecilia Dahl"]


@pytest.mark.parametrize("size", [(35, 11), (23, 7), (80, 24)])
@pytest.mark.anyio
async def test_the_keys_are_those_of_the_people_that_are_seen_and_all_can_be_reached(
    size: tuple[int, int], door: Path, desk: FakeDesk
) -> None:
    many = tuple(replace(PEOPLE[0], visit=VisitId(f"v{at}"), name=f"Person {at}") for at in range(1, 12))
    seen: set[str] = set()
    async with screen(door, size=size) as shown:
        await begin(shown, desk, roll_call(people=many))
        for _turn in range(15):
            page = shown.app.page
            assert isinstance(page, RollList)
            here = [one.name for one in page.shown]
            assert [name for name in here if f"{name} " not in shown.text() and f"{name}\n" not in shown.text()] == []
            seen |= set(here)
            beyond = str(len(here) + 1)
            await shown.pilot.press(beyond)
            with pytest.raises(queue.Empty):
                desk.asked.get_nowait()
            await shown.wait(1)
            await shown.pilot.press("m")
            if len(seen) == len(many):
                break
        assert seen == {one.name for one in many}


@pytest.mark.anyio
async def test_ticks_made_elsewhere_are_asked_for_when_the_house_tells_of_them(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        elsewhere = roll_call("visit-4")
        desk.say(SayBoard(replace(board(), roll_call=running(elsewhere))))
        await shown.wait(1)
        ask = desk.next_asked()
        assert isinstance(ask, TellRollCall)
        assert ask.ticks == ()
        desk.say(SayRollCall(ask.id, elsewhere))
        await shown.until(lambda page: isinstance(page, RollList) and page.left == 3)
        assert "✓ Cecilia Dahl" in shown.text()


@pytest.mark.anyio
async def test_a_live_one_begun_elsewhere_takes_the_place_of_a_drill_and_nothing_late_brings_the_drill_back(
    door: Path, desk: FakeDesk
) -> None:
    drill = roll_call("visit-1", is_drill=True)
    live = replace(roll_call(), id="call-2", began=later(1).wall)
    async with screen(door) as shown:
        await begin(shown, desk, drill)
        desk.say(SayBoard(replace(board(), roll_call=running(live))))
        await shown.wait(1)
        told, asked = desk.next_asked(), desk.next_asked()
        assert isinstance(told, TellRollCall)
        assert isinstance(asked, ShowRollCall)
        assert asked.call == "call-2"
        desk.say(SayRollCall(asked.id, live))
        await shown.until(lambda page: isinstance(page, RollList) and not page.is_drill)
        desk.say(SayRollCall(told.id, drill))
        await shown.wait(1)
        assert "SKARPT LÄGE" in shown.text()
        assert "✓" not in shown.text()
        await shown.pilot.press("1")
        tick = desk.next_asked()
        assert isinstance(tick, TellRollCall)
        assert (tick.call.id, tick.ticks[0].host) == ("call-2", "Siv")


@pytest.mark.anyio
async def test_a_roll_call_that_runs_already_is_joined_without_a_question(door: Path, desk: FakeDesk) -> None:
    drill = roll_call("visit-1", is_drill=True)
    desk.board = replace(board(), roll_call=running(drill))
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(HOST))
        await shown.shows(Answered)
        await shown.pilot.press("e")
        ask = desk.next_asked()
        assert isinstance(ask, OpenRollCall)
        assert ask.is_drill
        desk.say(SayRollCall(ask.id, drill, "Siv"))
        await shown.shows(RollList)
        assert "ÖVNING" in shown.text()


@pytest.mark.anyio
async def test_a_badge_is_answered_at_once_and_then_the_same_list_is_there_again(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        await shown.pilot.press("1")
        desk.say(SayAnswer(replace(answer(Outcome.LEFT), name="Bo Ek")))
        await shown.answers(Outcome.LEFT)
        assert "Astrid Berg" not in shown.text()
        await shown.wait(PLACE.times.answer_s)
        await shown.shows(RollList)
        assert "✓ Astrid Berg" in shown.text()
        await shown.wait(ROLL_CALL_S - 1)
        assert isinstance(shown.app.page, RollList)


@pytest.mark.anyio
async def test_names_leave_the_screen_by_themselves_and_say_so_before(door: Path, desk: FakeDesk) -> None:
    sounds = RememberedSounds()
    async with screen(door, sounds=sounds) as shown:
        await begin(shown, desk, roll_call())
        await shown.wait(ROLL_CALL_S - 20.5)
        assert "Sidan stängs om 20 sekunder. Tryck för mer tid." in shown.text()
        assert (Earcon.WARNING,) in [parts for parts, _volume in sounds.played]
        await shown.pilot.press("x")
        await shown.wait(ROLL_CALL_S - 1)
        assert "Astrid Berg" in shown.text()
        await shown.wait(1)
        await shown.shows(Waiting)
        assert "Astrid" not in shown.text()


@pytest.mark.anyio
async def test_answers_without_end_do_not_keep_the_names_up(door: Path, desk: FakeDesk) -> None:
    slow = replace(PLACE, times=Times(answer_s=100.0, reading_s=100.0))
    async with screen(door, slow) as shown:
        await begin(shown, desk, roll_call())
        for _answer in range(int(RETURNS_S // slow.times.answer_s) + 1):
            desk.say(SayAnswer(answer(Outcome.LEFT)))
            await shown.answers(Outcome.LEFT)
            await shown.wait(slow.times.answer_s)
        await shown.shows(Waiting)


@pytest.mark.anyio
async def test_the_end_is_asked_about_and_its_report_says_who_is_missing(door: Path, desk: FakeDesk) -> None:
    call = roll_call("visit-1")
    async with screen(door) as shown:
        await begin(shown, desk, call)
        await shown.pilot.press("e")
        await shown.shows(RollEnd)
        await shown.pilot.press("enter")
        await shown.shows(RollList)
        await shown.wait(1)
        await shown.pilot.press("e")
        await shown.shows(RollEnd)
        await shown.pilot.press("j")
        ask = desk.next_asked()
        assert isinstance(ask, EndRollCall)
        assert (ask.call, ask.by) == ("call-1", "host:Siv")
        desk.say(SayRollCall(ask.id, replace(call, ended=call.began)))
        await shown.shows(RollReport)
        assert "1 av 4 är hittade." in shown.text()
        assert all(name in shown.text() for name in ("Kim Lind", "Bo Ek", "Cecilia Dahl"))
        await shown.wait(1)
        await shown.pilot.press("enter")
        await shown.shows(Waiting)


@pytest.mark.anyio
async def test_while_the_desk_is_away_ticks_are_kept_and_told_when_it_is_back(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        desk.close()
        await shown.until(lambda page: isinstance(page, RollList) and not page.can_ask)
        await shown.pilot.press("2")
        assert "✓ Kim Lind" in shown.text()
        assert "Disken svarar inte. Bockarna sparas här." in shown.text()
        with FakeDesk(door, board()) as again:
            await shown.until(lambda page: isinstance(page, RollList) and page.can_ask)
            ask = again.next_asked()
            assert isinstance(ask, TellRollCall)
            assert (ask.call.id, [one.person for one in ask.ticks]) == ("call-1", ["visit-1/guest-1"])


@pytest.mark.anyio
async def test_a_desk_that_cannot_begin_it_is_told_and_it_can_be_tried_again(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(HOST))
        await shown.shows(Answered)
        await shown.pilot.press("e", "1")
        ask = desk.next_asked()
        assert isinstance(ask, OpenRollCall)
        desk.say(SayError(ask.id, "the desk is busy: ask again"))
        await shown.until(lambda page: isinstance(page, RollStart) and page.is_refused)
        assert "Det gick inte. Försök igen, eller använd tavlan." in shown.text()
        await shown.wait(1)
        await shown.pilot.press("1")
        assert isinstance(desk.next_asked(), OpenRollCall)


@pytest.mark.anyio
async def test_a_page_that_was_left_does_not_come_back_when_the_desk_answers_late(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await begin(shown, desk, roll_call())
        await shown.pilot.press("enter")
        await shown.shows(Waiting)
        desk.say(SayRollCall("late", roll_call("visit-1")))
        await shown.wait(1)
        assert isinstance(shown.app.page, Waiting)


@pytest.mark.parametrize(("place", "has_names"), [(PLACE, False), (replace(PLACE, names_spoken=True), True)])
@pytest.mark.anyio
async def test_speech_says_counts_and_keys_and_names_only_in_a_headset(
    place: Place, *, has_names: bool, door: Path, desk: FakeDesk
) -> None:
    sounds = RememberedSounds()
    async with screen(door, replace(place, can_speak=True), sounds=sounds) as shown:
        await begin(shown, desk, roll_call())
        await shown.pilot.press("t")
        await shown.pilot.pause()
        told = " ".join(one.text for one in sounds.played[-1][0] if isinstance(one, Utterance))
        assert "4 av 4 är kvar att hitta." in told
        assert "Tryck 1: " in told
        assert ("Astrid Berg, Lägerelden" in told) is has_names
        assert ("bocka av rad 1" in told) is not has_names


def test_a_list_that_two_devices_have_is_the_same_whoever_tells_first() -> None:
    here, there = roll_call("visit-1"), roll_call("visit-3", people=PEOPLE[:3])
    ended = replace(there, ended=there.began)
    one, other = met(here, ended), met(ended, here)
    assert (one.ticks, one.ended, one.found) == (other.ticks, other.ended, other.found)
    assert one.found == 2
    assert counted(replace(here, rows=())).found == here.found
