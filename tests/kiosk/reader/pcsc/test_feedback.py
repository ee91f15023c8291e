"""Sound and light of each family of readers: set at every arrival, as far as their drivers let us."""

import logging

import pytest

from kiosk.reader.pcsc.feedback import FIX, Wish, settings
from kiosk.reader.pcsc.reader import PcscReader
from tests.support.fake_scard import UID, FakeScard, Heard, InstantStop, Step, comes, goes

ACR122 = "ACS ACR122U PICC Interface 00 00"
ACR1252 = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00"
NOT_TRANSACTED = 0x80100016

BUZZER_ON, BUZZER_OFF = bytes.fromhex("FF0052FF00"), bytes.fromhex("FF00520000")
LIGHT = bytes.fromhex("FF00400D0400000000")
POLLING, POLL_BEST = bytes.fromhex("FF00500000"), bytes.fromhex("FF0051FF00")
ANSWERS_122 = {
    BUZZER_ON: b"\x90\x00",
    BUZZER_OFF: b"\x90\x00",
    LIGHT: b"\x90\x01",
    POLLING: b"\x90\xdf",
    POLL_BEST: b"\x90\xff",
}
BEHAVIOUR, INTERVAL = bytes.fromhex("E000002100"), bytes.fromhex("E000002300")


def played(*script: Step, reader: str, answers: dict[bytes, bytes], code: int = 0, beep: bool = True) -> FakeScard:
    """Let a reader of that name arrive and live through the script; return what was done to it."""
    stop = InstantStop()
    scard = FakeScard(*script, stop=stop, readers=(reader,))
    scard.escapes, scard.escape_code = answers, code
    PcscReader(Heard(), scard, wish=Wish(beep), monotonic=scard.monotonic).run(stop)
    assert (scard.cards_open, scard.contexts_open) == (0, 0)
    return scard


@pytest.mark.parametrize(("beep", "buzzer"), [(True, BUZZER_ON), (False, BUZZER_OFF)])
def test_an_acr122u_is_set_by_escape_when_it_arrives(*, beep: bool, buzzer: bytes) -> None:
    scard = played(reader=ACR122, answers=ANSWERS_122, beep=beep)
    assert scard.escaped == [buzzer, LIGHT, POLLING, POLL_BEST]


def test_an_acr122u_that_looks_often_enough_is_left_so() -> None:
    scard = played(reader=ACR122, answers={**ANSWERS_122, POLLING: b"\x90\xff"})
    assert scard.escaped == [BUZZER_ON, LIGHT, POLLING]


def told(value: int) -> bytes:
    return bytes.fromhex("E100000001") + bytes([value])


@pytest.mark.parametrize(
    ("beep", "behaviour", "interval", "written"),
    [
        (True, 0x8F, 0x8B, []),
        (False, 0x8F, 0x8B, ["E00000210187"]),
        (True, 0x87, 0xBB, ["E0000021018F", "E0000023018B"]),
    ],
)
def test_the_acr1252_family_keeps_its_settings_and_is_written_to_only_when_they_differ(
    *, beep: bool, behaviour: int, interval: int, written: list[str]
) -> None:
    answers = {BEHAVIOUR: told(behaviour), INTERVAL: told(interval)}
    answers |= {bytes.fromhex(one): told(0) for one in written}
    scard = played(reader=ACR1252, answers=answers, beep=beep)
    assert [one.hex().upper() for one in scard.escaped if len(one) == 6] == written
    assert [one for one in scard.escaped if len(one) == 5] == [BEHAVIOUR, INTERVAL]


def test_an_answer_that_is_not_understood_is_never_written_over() -> None:
    scard = played(reader=ACR1252, answers={BEHAVIOUR: b"\x6a\x81", INTERVAL: b""})
    assert scard.escaped == [BEHAVIOUR, INTERVAL]


def test_it_is_set_again_at_every_arrival() -> None:
    def plug(world: FakeScard) -> None:
        world.plug(ACR122)

    scard = played(lambda world: world.unplug(ACR122), plug, reader=ACR122, answers=ANSWERS_122)
    assert scard.escaped.count(BUZZER_ON) == 2


def test_what_the_driver_refuses_is_tried_once_more_with_the_first_card_and_reading_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "samverk.reader")

    def card(world: FakeScard) -> None:
        world.move(present=True, reader=ACR122)

    def gone(world: FakeScard) -> None:
        world.move(present=False, reader=ACR122)

    stop, heard = InstantStop(), Heard()
    scard = FakeScard(card, gone, card, stop=stop, readers=(ACR122,))
    scard.escapes, scard.escape_code = ANSWERS_122, NOT_TRANSACTED
    PcscReader(heard, scard, monotonic=scard.monotonic).run(stop)
    assert scard.escaped == [BUZZER_ON]
    assert [one for one in scard.commands if one in ANSWERS_122] == [BUZZER_ON, LIGHT, POLLING, POLL_BEST]
    assert heard.cards == [UID, UID]
    lines = [one.getMessage() for one in caplog.records if FIX in one.getMessage()]
    assert len(lines) == 1
    assert "0x80100016" in lines[0]


def test_a_driver_that_goes_on_refusing_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "samverk.reader")

    def plug(world: FakeScard) -> None:
        world.plug(ACR122)

    played(lambda world: world.unplug(ACR122), plug, reader=ACR122, answers=ANSWERS_122, code=NOT_TRANSACTED)
    assert caplog.text.count(FIX) == 1


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("ACS ACR122U PICC Interface 00 00", True),
        ("ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader PICC] 00 00", True),
        ("ACS ACR1255U-J1 00 00", True),
        ("ACS ACR1281 1S Dual Reader 00 01", True),
        ("ACS ACR1552 1S CL Reader 00 00", True),
        ("ACS ACR1222L 00 00", False),
        ("HID Global OMNIKEY 5022 Smart Card Reader 00 00", False),
        ("Virtual PCD 00 00", False),
    ],
)
def test_only_families_whose_commands_we_know_are_sent_any(name: str, *, is_known: bool) -> None:
    assert (settings(name) is not None) is is_known


def test_a_reader_of_no_known_family_is_sent_nothing() -> None:
    assert played(comes, goes, reader="HID Global OMNIKEY 5022 Smart Card Reader 00 00", answers={}).escaped == []
