"""The catalogue is whole, plain, and free of dead ends."""

import re

import pytest

from kiosk.domain.answers import Offer, Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import ZoneId
from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS, Owner, Reason
from kiosk.domain.zones import Words, ZoneState
from kiosk.look import glyphs, texts
from kiosk.look.texts import next_step, offer_words
from kiosk.look.words import HostIs
from tests.kiosk.look.catalogue import catalogue

WORDS_MAX = 12
HOSTS: tuple[HostIs, ...] = ("here", "phone", "none")


def test_every_outcome_has_a_text_and_a_symbol() -> None:
    assert set(texts.OUTCOMES) == set(Outcome) == set(glyphs.OUTCOME_SYMBOLS)


def test_every_reason_has_a_sentence_a_next_step_an_owner_and_a_symbol() -> None:
    assert set(EXPLANATIONS) == set(Reason)
    assert set(texts.OWNERS) == set(Owner) == set(glyphs.OWNER_SYMBOLS)
    assert all(glyphs.reason_symbol(one).strip() for one in Reason)


def test_every_zone_state_has_a_word_and_a_symbol_of_its_own() -> None:
    assert set(texts.ZONES) == set(ZoneState)
    assert len(set(glyphs.ZONE_SYMBOLS.values())) == len(ZoneState)


def test_every_reader_state_has_a_text_and_a_symbol() -> None:
    assert set(texts.READERS) == set(ReaderState) == set(glyphs.READER_SYMBOLS)


def test_no_text_is_empty_in_either_language() -> None:
    assert all(one.sv.strip() and one.en.strip() for one in catalogue())


def test_both_languages_of_a_text_take_the_same_values() -> None:
    for one in catalogue():
        assert set(re.findall(r"\{\w+\}", one.sv)) == set(re.findall(r"\{\w+\}", one.en)), one


@pytest.mark.parametrize("language", Language)
def test_no_sentence_has_more_than_twelve_words(language: Language) -> None:
    for one in catalogue():
        text = one.sv if language is Language.SV else one.en
        for sentence in re.split(r"[.!?]", text):
            assert len(sentence.split()) <= WORDS_MAX, text


ABBREVIATIONS = re.compile(r"\b(t\.ex|bl\.a|m\.m|kl|nr|tel|ev|ca|osv|dvs|min|sek|st|mtrl)\b\.?", re.IGNORECASE)
TECHNICAL = re.compile(
    r"\b(log(ga|in|ut|out)?|online|offline|server|klient|status|error|id|timeout|reset|backup|scan\w*|check\W?in|app|"
    r"data|desk|system|nfc|uid|tagg|device|sync\w*|refresh|update|roster|journal|token|session)\b",
    re.IGNORECASE,
)


def test_no_swedish_text_is_abbreviated_or_has_an_english_technical_word() -> None:
    for one in catalogue():
        assert not ABBREVIATIONS.search(one.sv), one.sv
        assert not TECHNICAL.search(one.sv), one.sv


def test_the_lint_would_find_what_it_looks_for() -> None:
    assert ABBREVIATIONS.search("Öppet till kl. 18")
    assert TECHNICAL.search("Logga in igen")
    assert TECHNICAL.search("Synca kortet")


def test_no_swedish_text_is_left_in_english_or_the_other_way_round() -> None:
    same = [one for one in catalogue() if one.sv == one.en]
    assert same == [texts.DEMONSTRATION]


def test_every_note_has_a_text_and_guests_are_counted_in_words() -> None:
    assert set(texts.NOTES) == set(texts.Note)
    assert [texts.guests(one, Language.SV) for one in (1, 2, 13)] == ["en gäst", "två gäster", "13 gäster"]
    assert [texts.guests(one, Language.EN) for one in (1, 2)] == ["one guest", "two guests"]


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_kept_about_people_names_how_long_and_whom_to_ask(host: HostIs) -> None:
    told = texts.kept(9, 11, host)
    assert "Besök tas bort efter 9 dygn." in [one.sv for one in told]
    assert "Your choices are removed after 11 months." in [one.en for one in told]
    assert ("värd" in told[-1].sv) == (host != "none")


@pytest.mark.parametrize("host", HOSTS)
def test_every_refusal_has_a_next_step_whatever_host_the_house_has(host: HostIs) -> None:
    for reason in Reason:
        step = next_step(reason, host)
        assert step.sv.endswith(".")
        assert step.en.endswith(".")
        if host == "none":
            assert "värd" not in step.sv.lower() or EXPLANATIONS[reason].owner is Owner.MEMBER


def test_a_house_with_a_host_on_the_telephone_says_call_instead_of_come() -> None:
    assert next_step(Reason.BADGE_LOST, "phone").sv == "Ring värden."
    assert next_step(Reason.BADGE_UNKNOWN, "phone").en == "Call the host and read out the code."


def _offer(joined: int, waiting: int) -> Offer:
    return Offer(zone=ZoneId("rastplatsen"), name=Words("Rastplatsen", "The rest stop"), joined=joined, waiting=waiting)


def test_an_offer_says_how_many_are_where_and_who_would_like_company() -> None:
    assert offer_words(_offer(2, 1), Language.SV) == "Två vid Rastplatsen \N{EN DASH} en söker sällskap"
    assert offer_words(_offer(1, 1), Language.SV) == "En söker sällskap vid Rastplatsen"
    assert offer_words(_offer(14, 0), Language.SV) == "14 är vid Rastplatsen \N{EN DASH} kom med!"
    assert offer_words(_offer(3, 2), Language.EN) == "Three at the rest stop \N{EN DASH} two would like company"
