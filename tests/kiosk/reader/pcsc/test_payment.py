"""Payment cards and phones: no crash, and nothing of them is kept."""

import pytest

from deploy.bench.virtual_reader.card import ATR_CLASSIC
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.payment import SELECT_PAYMENT, may_pay
from kiosk.reader.pcsc.read import GET_UID
from kiosk.reader.pcsc.reader import PcscReader
from tests.support.fake_scard import DONE, UID, FakeScard, Heard, InstantStop, comes, goes

PAYMENT_ATR = bytes.fromhex("3B8E800180318066B0840C016E01830090001D")
DESFIRE_ATR = bytes.fromhex("3B8180018080")
LIST = bytes.fromhex("6F10840E325041592E5359532E4444463031") + DONE
NOT_FOUND = bytes.fromhex("6A82")
PHONE_UID = bytes.fromhex("08112233")
REMOVED = 0x80100069


def shown(atr: bytes, *answers: tuple[int, bytes], uid: bytes = UID) -> tuple[FakeScard, Heard]:
    """Let such a card be shown to a reader, and then an ordinary badge."""
    stop, heard = InstantStop(), Heard()

    def badge(world: FakeScard) -> None:
        world.answers.clear()
        world.atr_bytes, world.uid = ATR_CLASSIC, UID
        comes(world)

    scard = FakeScard(comes, goes, badge, stop=stop)
    scard.atr_bytes, scard.uid = atr, uid
    scard.answers.extend(answers)
    PcscReader(heard, scard, monotonic=scard.monotonic).run(stop)
    assert scard.cards_open == 0
    return scard, heard


@pytest.mark.parametrize(
    ("atr", "pays"),
    [(PAYMENT_ATR, True), (DESFIRE_ATR, True), (ATR_CLASSIC, False), (b"", False), (b"\x3b\x8f", False)],
)
def test_only_a_card_that_takes_commands_itself_may_pay(atr: bytes, *, pays: bool) -> None:
    assert may_pay(atr) is pays


def test_a_payment_card_is_told_what_it_is_and_its_uid_goes_no_further() -> None:
    scard, heard = shown(PAYMENT_ATR, (0, UID + DONE), (0, LIST))
    assert heard.cards == [Reason.CARD_PAYMENT, UID]
    assert scard.commands == [GET_UID, SELECT_PAYMENT, GET_UID]


def test_a_staff_card_that_takes_commands_is_a_badge() -> None:
    _scard, heard = shown(DESFIRE_ATR, (0, UID + DONE), (0, NOT_FOUND))
    assert heard.cards == [UID, UID]


def test_a_badge_that_leaves_while_it_is_asked_is_a_badge_all_the_same() -> None:
    _scard, heard = shown(DESFIRE_ATR, (0, UID + DONE), (REMOVED, b""))
    assert heard.cards == [UID, UID]


def test_a_phone_is_handed_on_by_its_random_uid_and_asked_nothing_more() -> None:
    scard, heard = shown(PAYMENT_ATR, uid=PHONE_UID)
    assert heard.cards == [PHONE_UID, UID]
    assert SELECT_PAYMENT not in scard.commands


@pytest.mark.parametrize("answer", [b"", b"\x90", b"\x63\x00", b"\x6a\x81", b"\xff" * 300])
def test_whatever_a_phone_answers_instead_of_a_uid_the_next_badge_is_read(answer: bytes) -> None:
    _scard, heard = shown(PAYMENT_ATR, (0, answer), (0, answer))
    assert heard.cards == [Reason.CARD_UNREADABLE, UID]
