"""A voice is given words: times, dates and codes as people say them."""

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.members import Language
from kiosk.domain.reasons import Owner, Reason
from kiosk.look.sounds import OUTCOME_EARCONS, OWNER_EARCONS, reason_earcon
from kiosk.look.spoken import clock_words, number_words, speakable, spelled
from kiosk.tools.speech.earcons import Earcon

SV, EN = Language.SV, Language.EN


def test_every_outcome_and_every_refusal_has_a_sound_and_a_house_out_of_order_sounds_like_a_fault() -> None:
    assert set(OUTCOME_EARCONS) == set(Outcome)
    assert set(OWNER_EARCONS) == set(Owner)
    assert {reason_earcon(one) for one in Reason} == {Earcon.ATTENTION, Earcon.FAULT}
    assert (OUTCOME_EARCONS[Outcome.ARRIVED], OUTCOME_EARCONS[Outcome.LEFT]) == (Earcon.IN, Earcon.OUT)
    assert reason_earcon(Reason.BADGE_UNKNOWN) is Earcon.ATTENTION


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Inne sedan 08:30.", SV, "Inne sedan åtta och trettio."),
        ("kl. 08.30 vid Lägerelden", SV, "åtta och trettio vid Lägerelden"),
        ("Öppet till kl. fyra", SV, "Öppet till klockan fyra"),
        ("sedan 09:05", SV, "sedan nio noll fem"),
        ("sedan 17:00", SV, "sedan klockan sjutton"),
        ("Sedan 22/11 18:02.", SV, "Sedan tjugotvå november, arton noll två."),
        ("In since 08:30.", EN, "In since eight thirty."),
        ("at 09:05", EN, "at nine oh five"),
        ("at 21:45", EN, "at twenty-one forty-five"),
        ("at 17:00", EN, "at seventeen o'clock"),
        ("Since 22/11 18:02.", EN, "Since twenty-two November, eighteen oh two."),
        ("Två vid Rastplatsen – en söker sällskap", SV, "Två vid Rastplatsen, en söker sällskap"),  # noqa: RUF001
        ("Inne 6 · närvarande 3", SV, "Inne 6, närvarande 3"),
        ("14 är vid Lägerelden", SV, "14 är vid Lägerelden"),
    ],
)
def test_times_and_dates_are_words_and_no_sign_is_read_aloud(text: str, language: Language, words: str) -> None:
    assert speakable(text, language) == words


@pytest.mark.parametrize("language", Language)
def test_every_minute_of_the_day_has_words_of_its_own(language: Language) -> None:
    said = {clock_words(hour, minute, language) for hour in range(24) for minute in range(60)}
    assert len(said) == 24 * 60
    assert not any(one.isdigit() for words in said for one in words)


@pytest.mark.parametrize("language", Language)
def test_every_number_up_to_fifty_nine_has_words_of_its_own(language: Language) -> None:
    assert len({number_words(one, language) for one in range(60)}) == 60


def test_a_code_and_a_telephone_number_are_spelled() -> None:
    assert spelled("K7-3F") == "K 7, 3 F"
    assert spelled("08-123 45 67") == "0 8, 1 2 3, 4 5, 6 7"
