"""A member's own choices, the question at the exit, time limits and speech, in the real program."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.ids import RequestId
from kiosk.domain.members import Language
from kiosk.domain.requests import MetSomebody
from kiosk.door.messages import Ask, AskAnswerExit, AskChooseLanguage, AskChooseNaming, AskChooseOffers, SayAnswer
from kiosk.screen.pages import About, Answered, Waiting
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.sounds import Utterance
from tests.kiosk.screen.examples import NOW, PLACE, answer
from tests.kiosk.screen.running import screen
from tests.support.fake_desk import FakeDesk
from tests.support.sounds import RememberedSounds

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SPEAKING = replace(PLACE, can_speak=True)


@pytest.mark.parametrize(
    ("key", "kind", "reply", "told"),
    [
        ("n", AskChooseNaming, replace(answer(Outcome.CHOSEN), named=True), "Ditt namn får visas i dag."),
        ("l", AskChooseOffers, replace(answer(Outcome.CHOSEN), offers=Offers.ENDED), "Vi låter dig vara."),
        ("s", AskChooseLanguage, answer(Outcome.CHOSEN, Language.EN), "We answer you in English."),
    ],
)
async def test_each_choice_of_ones_own_is_one_key_and_told_on_the_answer_itself(  # noqa: PLR0913, PLR0917 - a row
    key: str, kind: type[Ask], reply: Answer, told: str, door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press(key)
        ask = desk.next_asked()
        assert isinstance(ask, kind)
        desk.say(SayAnswer(replace(reply, reader=None, request=RequestId(ask.id))))
        await shown.until(lambda page: isinstance(page, Answered) and page.note is not None)
        assert told in shown.text()
        assert "Hinderbanan" in shown.text() or "course" in shown.text()


async def test_whoever_has_been_let_be_can_have_suggestions_again_and_hide_their_name(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(replace(answer(Outcome.ALREADY_IN), named=True, offers=Offers.ENDED)))
        await shown.shows(Answered)
        assert "Dölj mitt namn" in shown.text()
        await shown.pilot.press("f")
        assert desk.next_asked() == AskChooseOffers(id="id-1", visit="visit-1", wanted=True)
        await shown.pilot.press("n")
        assert desk.next_asked() == AskChooseNaming(id="id-2", visit="visit-1", shown=False)


@pytest.mark.parametrize(("key", "met"), [("j", "yes"), ("y", "yes"), ("n", "no"), ("enter", "skipped")])
async def test_the_question_at_the_exit_is_answered_by_one_key_and_nothing_in_it_tells_who(
    key: str, met: str, door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.LEFT)))
        await shown.shows(Answered)
        assert "Träffade du någon ny?" in shown.text()
        await shown.pilot.press(key)
        ask = desk.next_asked()
        assert ask == AskAnswerExit(id="id-1", met=MetSomebody(met))
        if met == "skipped":
            await shown.shows(Waiting)
            return
        thanked = Answer(request=RequestId(ask.id), at=NOW, outcome=Outcome.THANKED)
        desk.say(SayAnswer(thanked))
        await shown.until(lambda page: isinstance(page, Answered) and page.note is not None)
        assert "Ingen kan se vem som svarade." in shown.text()
        assert "Träffade du någon ny?" not in shown.text()


async def test_what_is_kept_about_people_is_one_key_or_touch_away(door: Path) -> None:
    async with screen(door, size=(35, 11)) as shown:
        await shown.shows(Waiting)
        row, line = next((y, line) for y, line in enumerate(shown.text().split("\n")) if "Dina uppgifter" in line)
        await shown.pilot.click(offset=(line.index("Dina"), row - 2))
        await shown.shows(About)
        assert "Vi sparar när du kommer och går." in shown.text()
        await shown.pilot.press("m")
        await shown.pilot.pause()
        assert "Fråga värden." in shown.text()
        await shown.pilot.press("s")
        await shown.pilot.pause()
        assert "Ask the host." in shown.text()
        await shown.pilot.press("enter")
        await shown.shows(Waiting)


async def test_a_page_that_is_about_to_go_away_says_so_and_one_key_keeps_it(door: Path, desk: FakeDesk) -> None:
    sounds = RememberedSounds()
    async with screen(door, sounds=sounds) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press("a")
        for _time in range(10):
            await shown.wait(PLACE.times.reading_s - 19.5)
            assert "Sidan stängs om 20 sekunder. Tryck för mer tid." in shown.text()
            await shown.pilot.press("a")
            await shown.pilot.pause()
            assert "Sidan stängs" not in shown.text()
        await shown.wait(PLACE.times.reading_s)
        assert "Visa ditt kort" in shown.text()
    assert [parts for parts, _volume in sounds.played].count((Earcon.WARNING,)) == 10


async def test_one_key_starts_speech_from_any_page_and_every_action_silences_what_is_said(
    door: Path, desk: FakeDesk
) -> None:
    sounds = RememberedSounds()
    async with screen(door, SPEAKING, sounds=sounds) as shown:
        await shown.shows(Waiting)
        await shown.pilot.press("asterisk")
        await shown.pilot.pause()
        parts, volume = sounds.played[-1]
        assert [one.text[:12] for one in parts if isinstance(one, Utterance)] == ["Talet är på.", "Visa ditt ko"]
        assert volume == SPEAKING.volume
        hushed = sounds.hushed
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.pause()
        earcon, speech = sounds.played[-1][0]
        assert earcon is Earcon.IN
        assert isinstance(speech, Utterance)
        assert "Astrid" not in speech.text
        await shown.pilot.press("plus")
        assert sounds.hushed == hushed + 1
        assert sounds.played[-1][1] == SPEAKING.volume + 1
        await shown.pilot.click(offset=(1, 1))
        assert sounds.hushed == hushed + 2
    assert sounds.is_closed


async def test_a_house_without_a_voice_has_no_key_for_speech(door: Path) -> None:
    sounds = RememberedSounds()
    async with screen(door, sounds=sounds) as shown:
        await shown.shows(Waiting)
        assert "Tal" not in shown.text().split()
        await shown.pilot.press("t")
        await shown.pilot.pause()
    assert sounds.played == []


async def test_a_key_that_is_held_asks_once(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press(*["n"] * 10)
        assert isinstance(desk.next_asked(), AskChooseNaming)
        await shown.wait(1)
        await shown.pilot.press("n")
        assert desk.next_asked().id == "id-2"


async def test_a_place_touched_twice_asks_once_also_where_what_stands_there_has_changed(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        y, line = next((y, line) for y, line in enumerate(shown.text().split("\n")) if "Låt mig vara" in line)
        place = (line.index("Låt"), y)
        await shown.pilot.click(offset=place)
        ask = desk.next_asked()
        assert ask == AskChooseOffers(id="id-1", visit="visit-1", wanted=False)
        reply = replace(answer(Outcome.CHOSEN), offers=Offers.ENDED, reader=None, request=RequestId(ask.id))
        desk.say(SayAnswer(reply))
        await shown.until(lambda page: isinstance(page, Answered) and page.note is not None)
        await shown.pilot.click(offset=place)
        await shown.wait(1)
        await shown.pilot.click(offset=place)
        assert desk.next_asked() == AskChooseOffers(id="id-2", visit="visit-1", wanted=True)
