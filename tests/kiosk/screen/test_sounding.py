"""What is heard: a sound for every answer once, pages aloud in speech mode, silence at the next action."""

from dataclasses import replace

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.look.texts import Note
from kiosk.screen.pages import (
    About,
    Answered,
    DeskDown,
    Fault,
    Louder,
    Page,
    ReaderDown,
    Refused,
    Repeat,
    Speak,
    Starting,
    Waiting,
)
from kiosk.screen.sounding import Sounding
from kiosk.screen.state import State
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.sounds import Part, Utterance
from tests.kiosk.screen.examples import NOW, PLACE, answered, board, refusal
from tests.support.sounds import RememberedSounds

QUIET = State(place=PLACE, desk_since=NOW)
SPEAKING = QUIET.speech_switched(NOW)
WAITING = Waiting(board(), Language.SV)


@pytest.fixture
def sounds() -> RememberedSounds:
    return RememberedSounds()


@pytest.fixture
def sounding(sounds: RememberedSounds) -> Sounding:
    return Sounding(PLACE, sounds)


def _earcons(sounds: RememberedSounds) -> list[Part]:
    return [part for parts, _volume in sounds.played for part in parts if isinstance(part, Earcon)]


def _texts(sounds: RememberedSounds) -> list[str]:
    return [part.text for parts, _volume in sounds.played for part in parts if isinstance(part, Utterance)]


@pytest.mark.parametrize(
    ("page", "earcon"),
    [
        (answered(Outcome.ARRIVED), Earcon.IN),
        (answered(Outcome.LEFT), Earcon.OUT),
        (replace(answered(Outcome.ARRIVED), note=Note.NAMED), Earcon.DONE),
        (Refused(refusal(Reason.BADGE_UNKNOWN), Language.SV), Earcon.ATTENTION),
        (Refused(refusal(Reason.FAULT), Language.SV), Earcon.FAULT),
        (ReaderDown(ReaderState.NO_READER, "", Language.SV), Earcon.FAULT),
        (DeskDown("", Language.SV), Earcon.FAULT),
        (Fault(Language.SV), Earcon.FAULT),
    ],
)
def test_each_page_sounds_like_what_it_says_and_only_once(
    page: Page, earcon: Earcon, sounding: Sounding, sounds: RememberedSounds
) -> None:
    for _redraw in range(3):
        sounding.follow(page, QUIET, NOW)
    assert _earcons(sounds) == [earcon]
    assert _texts(sounds) == []


@pytest.mark.parametrize(
    "page", [WAITING, Starting(Language.SV), About(Language.SV), ReaderDown(ReaderState.STARTING, "", Language.SV)]
)
def test_what_is_no_news_makes_no_sound(page: Page, sounding: Sounding, sounds: RememberedSounds) -> None:
    sounding.follow(page, QUIET, NOW)
    assert sounds.played == []


def test_the_seconds_left_and_the_house_around_are_no_news(sounding: Sounding, sounds: RememberedSounds) -> None:
    for left in (9, 8, 7):
        sounding.follow(replace(answered(Outcome.ARRIVED), undo_s=left, again_s=left), SPEAKING, NOW)
    sounding.follow(WAITING, SPEAKING, NOW)
    sounding.follow(Waiting(replace(board(), in_house=7), Language.SV), SPEAKING, NOW)
    assert len(sounds.played) == 2


def test_speech_begins_on_every_page_with_one_key_and_the_page_itself(
    sounding: Sounding, sounds: RememberedSounds
) -> None:
    pages: tuple[Page, ...] = (
        *(WAITING, About(Language.SV), Starting(Language.SV), Fault(Language.SV), DeskDown("", Language.SV)),
        *(answered(Outcome.ARRIVED), Refused(refusal(Reason.BADGE_UNKNOWN), Language.SV)),
    )
    for page in pages:
        sounds.played.clear()
        sounding.obey(Speak(), page, SPEAKING, NOW)
        told = _texts(sounds)
        assert told[0] == "Talet är på."
        assert len(told[1]) > 20
        sounding.follow(page, SPEAKING, NOW)
        assert len(sounds.played) == 1


def test_the_key_pressed_again_ends_speech_and_says_so(sounding: Sounding, sounds: RememberedSounds) -> None:
    sounding.obey(Speak(), WAITING, QUIET, NOW)
    assert _texts(sounds) == ["Talet är av."]


def test_a_page_is_repeated_when_asked_for(sounding: Sounding, sounds: RememberedSounds) -> None:
    sounding.follow(answered(Outcome.ARRIVED), SPEAKING, NOW)
    sounding.obey(Repeat(), answered(Outcome.ARRIVED), SPEAKING, NOW)
    first, second = _texts(sounds)
    assert first == second


def test_volume_goes_up_a_step_at_a_time_and_is_told(sounding: Sounding, sounds: RememberedSounds) -> None:
    state = SPEAKING
    for step in (3, 4, 1):
        state = state.made_louder(NOW)
        sounding.obey(Louder(), WAITING, state, NOW)
        assert sounds.played[-1][1] == step
        assert _texts(sounds)[-1] == f"Volym {step}."


def test_a_page_about_to_go_away_warns_by_sound_once_and_aloud_in_speech(
    sounding: Sounding, sounds: RememberedSounds
) -> None:
    page = answered(Outcome.ARRIVED)
    sounding.follow(page, QUIET, NOW)
    for left in (20, 19, 18):
        sounding.follow(replace(page, closes_s=left), QUIET, NOW)
    sounding.follow(page, QUIET, NOW)
    assert _earcons(sounds) == [Earcon.IN, Earcon.WARNING]
    sounding.follow(replace(page, closes_s=20), SPEAKING, NOW)
    assert _texts(sounds) == ["Sidan stängs snart. Tryck för mer tid."]


def test_a_language_chosen_is_heard_in_that_language(sounding: Sounding, sounds: RememberedSounds) -> None:
    english = Answered(answer=answered(Outcome.ARRIVED).answer, language=Language.EN, note=Note.LANGUAGE)
    sounding.follow(english, SPEAKING, NOW)
    told = [part for part in sounds.played[0][0] if isinstance(part, Utterance)]
    assert told[0].language is Language.EN
    assert told[0].text.startswith("We answer you in English.")


def test_a_screen_without_sound_works_in_silence() -> None:
    silent = Sounding(PLACE, None)
    silent.follow(answered(Outcome.ARRIVED), SPEAKING, NOW)
    silent.obey(Speak(), WAITING, SPEAKING, NOW)
    silent.hush()
    silent.close()
