"""The one place that speaks pyscard: what it asks for, and how it hands the answers on."""

from types import ModuleType
from typing import Any

from kiosk.reader.pcsc.scard import Card, Context, Pyscard, load_scard

NO_SERVICE = 0x8010001D
REAL: Any = load_scard()._scard  # noqa: SLF001 - the names of pyscard's own flags


class Recorded(ModuleType):
    """pyscard's module with the calls replaced: each gives what it was told to, and is kept in `calls`."""

    def __init__(self, **answers: Any) -> None:
        """Take each call's answer by its name."""
        super().__init__("scard")
        self.calls: list[tuple[Any, ...]] = []
        self.answers = answers

    def __getattr__(self, name: str) -> Any:
        """Return a flag of pyscard, or a call that answers as told."""
        if name not in self.answers:
            return getattr(REAL, name)

        def call(*arguments: Any) -> Any:
            self.calls.append(arguments)
            return self.answers[name]

        return call


def test_a_card_is_shared_over_either_protocol_and_left_powered() -> None:
    module = Recorded(SCardConnect=(0, 7, 2), SCardDisconnect=0)
    scard = Pyscard(module)
    assert scard.connect(Context(5), "reader") == (0, Card(7), 2)
    assert scard.disconnect(Card(7)) == 0
    assert module.calls == [
        (5, "reader", REAL.SCARD_SHARE_SHARED, REAL.SCARD_PROTOCOL_T0 | REAL.SCARD_PROTOCOL_T1),
        (7, REAL.SCARD_LEAVE_CARD),
    ]


def test_a_reader_itself_is_reached_without_powering_a_card_and_asked_by_escape() -> None:
    module = Recorded(SCardConnect=(0, 7, 0), SCardControl=(0, [0x90, 0x00]))
    scard = Pyscard(module)
    assert scard.connect_direct(Context(5), "reader") == (0, Card(7))
    assert scard.control(Card(7), b"\xff\x00\x52\xff\x00") == (0, b"\x90\x00")
    assert module.calls == [
        (5, "reader", REAL.SCARD_SHARE_DIRECT, 0),
        (7, REAL.SCARD_CTL_CODE(1), [0xFF, 0x00, 0x52, 0xFF, 0x00]),
    ]


def test_an_event_state_keeps_all_its_32_bits() -> None:
    module = Recorded(SCardGetStatusChange=(0, [("reader", 0xFFFE0022, [0x3B])]))
    assert Pyscard(module).wait(Context(5), 30000, {"reader": 0xFFFD0012}) == (0, {"reader": 0xFFFE0022})
    assert module.calls == [(5, 30000, [("reader", 0xFFFD0012)])]


def test_an_answer_comes_as_bytes() -> None:
    module = Recorded(SCardTransmit=(0, [0x04, 0xA1, 0x90, 0x00]))
    assert Pyscard(module).transmit(Card(7), 2, b"\xff\xca") == (0, b"\x04\xa1\x90\x00")
    assert module.calls == [(7, 2, [0xFF, 0xCA])]


def test_what_kind_of_card_it_is_comes_as_bytes() -> None:
    module = Recorded(SCardStatus=(0, "reader", 0x34, 2, [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80]))
    assert Pyscard(module).atr(Card(7)) == (0, bytes.fromhex("3B8180018080"))
    assert module.calls == [(7,)]


def test_a_code_is_the_same_whether_the_library_calls_it_signed_or_not() -> None:
    for code in (NO_SERVICE, NO_SERVICE - (1 << 32)):
        module = Recorded(SCardEstablishContext=(code, 0), SCardListReaders=(code, []), SCardReleaseContext=code)
        scard = Pyscard(module)
        assert scard.establish()[0] == NO_SERVICE
        assert scard.readers(Context(0)) == (NO_SERVICE, [])
        assert scard.release(Context(0)) == NO_SERVICE
