"""Reading one UID."""

import threading

import pytest

from kiosk.domain.badge import Proof, Uid, Unproved
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.codes import CODES, SUCCESS, Reaction
from kiosk.reader.pcsc.read import GET_UID, RETRIES, RETRY_AFTER_S, Card, Unread, no_proof, read_card, uid_in
from kiosk.reader.reports import Prove, Transmit
from tests.support.fake_scard import DONE, READER, UID, FakeScard, InstantStop

NOT_TRANSACTED = 0x80100016
UNPOWERED = 0x80100067
REMOVED = 0x80100069
UNFORESEEN = 0x80100020


def world_and_outcome(
    *, connect: tuple[int, ...] = (), answers: tuple[tuple[int, bytes], ...] = (), prove: Prove = no_proof
) -> tuple[FakeScard, Card | Unread, list[float]]:
    stop = InstantStop()
    scard = FakeScard(stop=threading.Event())
    scard.connect_codes.extend(connect)
    scard.answers.extend(answers)
    code, context = scard.establish()
    assert code == SUCCESS
    return scard, read_card(scard, context, READER, stop.wait, prove), stop.waits


@pytest.mark.parametrize(
    "value", ["04A1B2C3", "04A1B2C3D4E5F6", "E004010203040506", "04A1B2C3D4E5F6A7B8C9", "08112233"]
)
def test_a_whole_uid_comes_as_the_card_gave_it(value: str) -> None:
    assert uid_in(bytes.fromhex(value) + DONE) == Uid(bytes.fromhex(value))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "90",
        "9000",
        "04A1B2C3D49000",
        "8804A1B29000",
        "000000009000",
        "FFFFFFFFFFFFFF9000",
        "6300",
        "6A81",
        "04A1B2C3",
        "6F00",
    ],
)
def test_an_answer_without_a_whole_uid_is_no_identity(answer: str) -> None:
    outcome = uid_in(bytes.fromhex(answer))
    assert isinstance(outcome, Unread)
    assert outcome.reason is Reason.CARD_UNREADABLE


def test_no_reason_for_the_log_holds_what_a_card_said() -> None:
    outcome = uid_in(bytes.fromhex("04A1B2C3D49000"))
    assert isinstance(outcome, Unread)
    assert "a1b2" not in outcome.why.lower()


def test_one_command_reads_a_card_and_lets_go_of_it() -> None:
    scard, outcome, waits = world_and_outcome()
    assert outcome == Card(Uid(UID))
    assert scard.commands == [GET_UID]
    assert scard.cards_open == 0
    assert waits == []


@pytest.mark.parametrize("code", [code for code, one in CODES.items() if one.reaction is Reaction.RETRY])
def test_a_card_that_is_not_ready_is_read_after_one_short_wait(code: int) -> None:
    scard, outcome, waits = world_and_outcome(connect=(code,))
    assert outcome == Card(Uid(UID))
    assert waits == [RETRY_AFTER_S]
    assert scard.cards_open == 0


@pytest.mark.parametrize(
    "first", [(NOT_TRANSACTED, b""), (SUCCESS, b""), (SUCCESS, b"\x90"), (SUCCESS, b"\x88\x04\xa1\xb2" + DONE)]
)
def test_an_exchange_that_broke_off_is_begun_anew_once(first: tuple[int, bytes]) -> None:
    scard, outcome, _waits = world_and_outcome(answers=(first,))
    assert outcome == Card(Uid(UID))
    assert len(scard.commands) == 2


def test_a_card_gets_no_more_attempts_than_the_bound() -> None:
    scard, outcome, waits = world_and_outcome(connect=(UNPOWERED,) * (RETRIES + 1))
    assert isinstance(outcome, Unread)
    assert outcome.reason is Reason.CARD_UNREADABLE
    assert len(waits) == RETRIES
    assert not scard.commands


def test_a_card_that_left_is_not_asked_again() -> None:
    scard, outcome, waits = world_and_outcome(answers=((REMOVED, b""),))
    assert isinstance(outcome, Unread)
    assert outcome.reaction is Reaction.ASK_AGAIN
    assert waits == []
    assert scard.cards_open == 0


def test_a_stop_ends_the_attempts() -> None:
    stop = InstantStop()
    stop.set()
    scard = FakeScard(stop=stop)
    scard.answers.append((NOT_TRANSACTED, b""))
    outcome = read_card(scard, scard.establish()[1], READER, stop.wait)
    assert isinstance(outcome, Unread)
    assert len(scard.commands) == 1


def test_an_unforeseen_code_is_our_fault_and_rebuilds_the_context() -> None:
    _scard, outcome, _waits = world_and_outcome(connect=(UNFORESEEN,))
    assert isinstance(outcome, Unread)
    assert outcome.reaction is Reaction.REBUILD
    assert outcome.reason is Reason.FAULT
    assert outcome.code == UNFORESEEN


def asking(*answers: Proof | Unproved) -> Prove:
    """Return what sends the card one command, and finds this of it, one after the other."""
    left = list(answers)

    def prove(uid: Uid, transmit: Transmit) -> Proof | Unproved:
        assert uid == Uid(UID)
        transmit(SELECT)
        return left.pop(0)

    return prove


SELECT = bytes.fromhex("00A4040C07D276000085010100")


def test_what_a_card_proved_comes_with_its_uid_over_one_connection() -> None:
    scard, outcome, _waits = world_and_outcome(prove=asking(Proof(2, 7)))
    assert outcome == Card(Uid(UID), Proof(2, 7))
    assert scard.commands == [GET_UID, SELECT]
    assert scard.cards_open == 0


def test_a_card_that_proves_nothing_is_read_all_the_same() -> None:
    assert world_and_outcome(prove=asking(Unproved.NOT_OURS))[1] == Card(Uid(UID))


def test_a_card_that_leaves_while_it_is_asked_is_not_read_and_no_copy() -> None:
    answers = ((SUCCESS, UID + DONE), (REMOVED, b""))
    outcome = world_and_outcome(answers=answers, prove=asking(Unproved.GONE))[1]
    assert isinstance(outcome, Unread)
    assert (outcome.reaction, outcome.reason) == (Reaction.ASK_AGAIN, Reason.CARD_UNREADABLE)
    assert UID.hex() not in repr(outcome).lower()


def test_a_card_that_gave_no_answer_is_asked_once_more() -> None:
    outcome = world_and_outcome(prove=asking(Unproved.GONE, Proof(1)))[1]
    assert outcome == Card(Uid(UID), Proof(1))


def test_a_card_that_lies_still_and_cannot_be_asked_has_proved_nothing() -> None:
    assert world_and_outcome(prove=asking(Unproved.GONE, Unproved.GONE))[1] == Card(Uid(UID))


def test_a_daemon_that_goes_while_a_card_is_asked_is_noticed() -> None:
    answers = ((SUCCESS, UID + DONE), (0x80100013, b""))
    outcome = world_and_outcome(answers=answers, prove=asking(Unproved.GONE))[1]
    assert isinstance(outcome, Unread)
    assert outcome.reaction is Reaction.RECONNECT
