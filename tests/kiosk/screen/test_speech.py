"""Every page says itself aloud, whole, and without a name where others hear it."""

import re
from dataclasses import replace

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.look import glyphs, texts
from kiosk.look.spoken import speakable
from kiosk.look.words import said
from kiosk.screen.draw.answer import SURFACES
from kiosk.screen.pages import Answered, Page, ReaderDown, Refused, own_actions, zone_actions
from kiosk.screen.place import Place
from kiosk.screen.speech import spoken
from tests.kiosk.screen.examples import NOW, OFFER, PLACE, answer, answered, old, pages, refusal

HEADSET = replace(PLACE, names_spoken=True)
NAMED = replace(OFFER, names=("Bo Ek", "Cecilia Dahl"))
NAMES = ("Astrid", "Bo", "Ek", "Cecilia", "Dahl", "Berg")


def _all_pages(language: Language) -> dict[str, Page]:
    found = dict(pages(language))
    found |= {f"refused {one}": Refused(refusal(one, known=True, language=language), language) for one in Reason}
    found |= {f"reader {one}": ReaderDown(one, "14:22", language) for one in ReaderState}
    named = replace(answered(Outcome.ARRIVED, language), answer=replace(answer(Outcome.ARRIVED), offer=NAMED))
    return found | {"named": named} | {f"note {one}": replace(named, note=one) for one in texts.Note}


def _said(page: Page, place: Place = PLACE) -> str:
    return spoken(page, place, NOW.wall)


@pytest.mark.parametrize("language", Language)
def test_every_page_speaks_and_on_the_loudspeaker_never_a_name(language: Language) -> None:
    for name, page in _all_pages(language).items():
        told = _said(page)
        assert len(told.split()) >= 4, name
        assert not set(re.findall(r"\w+", told)) & set(NAMES), name


def test_in_a_headset_names_are_spoken() -> None:
    told = _said(_all_pages(Language.SV)["named"], HEADSET)
    assert "Välkommen, Astrid!" in told
    assert "Bo och Cecilia är vid Rastplatsen" in told


@pytest.mark.parametrize("language", Language)
def test_every_outcome_of_the_closed_list_has_text_symbol_colour_sound_and_speech(language: Language) -> None:
    assert set(texts.OUTCOMES) == set(glyphs.OUTCOME_SYMBOLS) == set(SURFACES) == set(Outcome)
    for outcome in Outcome:
        if outcome is not Outcome.REFUSED:
            told = _said(answered(outcome, language))
            assert told.startswith(said(texts.OUTCOMES[outcome].headline, language).format(name="", zone="")[:8])


@pytest.mark.parametrize("language", Language)
def test_a_refusal_says_what_happened_what_to_do_and_whom_to_call(language: Language) -> None:
    for reason in Reason:
        told = _said(Refused(refusal(reason), language))
        explanation = EXPLANATIONS[reason]
        for words in (explanation.sentence, explanation.next_step, texts.OWNERS[explanation.owner]):
            assert speakable(said(words, language), language) in told
        assert "0 8, 1 2 3" in told
    assert "K 7, 3 F" in _said(Refused(refusal(Reason.BADGE_UNKNOWN), language))


def test_times_are_spoken_in_words_and_data_that_is_old_says_how_old() -> None:
    assert "Inne sedan åtta och tolv." in _said(answered(Outcome.ALREADY_IN))
    assert "Inne sedan" not in _said(pages(Language.SV)["left"])
    stale = Answered(answer=old(answer(Outcome.ARRIVED)), language=Language.SV, roster_age_s=9 * 86400.0)
    assert "Våra uppgifter är 9 dagar gamla." in _said(stale)


@pytest.mark.parametrize("language", Language)
def test_every_key_of_every_page_is_spoken(language: Language) -> None:
    press = said(texts.PRESS, language).partition("{")[0]
    for name, page in _all_pages(language).items():
        keys = zone_actions(page) | own_actions(page)
        assert _said(page).count(press) == len(keys), name


def test_no_sign_and_no_digit_time_reaches_the_voice() -> None:
    for language in Language:
        for name, page in _all_pages(language).items():
            told = _said(page)
            assert not re.search(r"\d[:.]\d\d|kl\.", told), name
            assert not set(told) & (glyphs.SYMBOLS - set("?!i) ")), name
