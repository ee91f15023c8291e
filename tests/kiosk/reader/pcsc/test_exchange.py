"""Talking with a card: what PC/SC says becomes bytes or nothing."""

import threading

import pytest

from kiosk.reader.pcsc.codes import CODES, SUCCESS
from kiosk.reader.pcsc.exchange import COMMANDS_MAX, Exchange
from tests.support.fake_scard import READER, FakeScard

SELECT = bytes.fromhex("00A4040C07D276000085010100")
OK = b"\x90\x00"
UNFORESEEN = 0x801000FF


def exchange_with(*answers: tuple[int, bytes]) -> tuple[FakeScard, Exchange]:
    """Return a card that gives these answers first, and a connection with it."""
    scard = FakeScard(stop=threading.Event())
    scard.answers.extend(answers)
    _code, card, protocol = scard.connect(scard.establish()[1], READER)
    return scard, Exchange(scard, card, protocol)


def test_the_whole_answer_comes_back_status_and_all() -> None:
    scard, exchange = exchange_with((SUCCESS, b"\x01\x02" + OK))
    assert exchange.transmit(SELECT) == b"\x01\x02" + OK
    assert scard.commands == [SELECT]


@pytest.mark.parametrize("code", [*(one for one in CODES if one != SUCCESS), UNFORESEEN])
def test_after_any_code_that_is_no_success_nothing_is_said_and_nothing_more_is_sent(code: int) -> None:
    scard, exchange = exchange_with((code, b"\x01\x02" + OK))
    assert [exchange.transmit(SELECT), exchange.transmit(SELECT)] == [b"", b""]
    assert exchange.code == code
    assert len(scard.commands) == 1


def test_a_card_gets_no_more_commands_than_the_bound() -> None:
    scard, exchange = exchange_with()
    answers = [exchange.transmit(SELECT) for _ in range(COMMANDS_MAX + 1)]
    assert all(answers[:-1])
    assert answers[-1] == b""
    assert len(scard.commands) == COMMANDS_MAX
