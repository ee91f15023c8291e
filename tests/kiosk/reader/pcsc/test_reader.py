"""The reader's thread against a PC/SC that does what no real one does on demand."""

import logging
import threading

import pytest

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.backoff import CAP_S, FIRST_S
from kiosk.reader.pcsc.codes import CODES, LOSES_CONTEXT, NO_SERVICE, UNPOWERED_CARD, Reaction, reaction_to
from kiosk.reader.pcsc.reader import BUSY_S, REST_S, WAIT_S, PcscReader
from kiosk.reader.pcsc.scard import CHANGED, PRESENT, UNAVAILABLE
from kiosk.reader.pcsc.watch import ARRIVALS, READERS_MAX
from tests.support.fake_scard import READER, UID, FakeScard, Heard, InstantStop, Step, comes, goes, says

UNFORESEEN = 0x80100020
TIMEOUT = 0x8010000A
COMM_ERROR = 0x80100013
ACCESS_DENIED = 0x8010006A


class Run:
    """One whole life of a reader over a script."""

    def __init__(self, *script: Step, readers: tuple[str, ...] = (READER,), match: str = "") -> None:
        """Take the script and the readers of the world."""
        self.stop = InstantStop()
        self.scard = FakeScard(*script, stop=self.stop, readers=readers)
        self.heard = Heard()
        self.match = match

    def play(self) -> "Run":
        """Let the reader run until the script's end, and see that it left nothing open."""
        PcscReader(self.heard, self.scard, match=self.match, monotonic=self.scard.monotonic).run(self.stop)
        assert self.scard.contexts_open == 0
        assert self.scard.cards_open == 0
        return self


def test_a_card_that_comes_is_one_tap() -> None:
    run = Run(comes, goes).play()
    assert run.heard.cards == [UID]
    assert run.heard.states == [ReaderState.READY]


def test_two_cards_are_two_taps_in_their_order() -> None:
    other = bytes.fromhex("04000000000001")

    def another(world: FakeScard) -> None:
        world.uid = other
        world.move(present=True)

    assert Run(comes, goes, another).play().heard.cards == [UID, other]


def test_another_card_that_stands_in_the_firsts_place_at_once_is_told_to_be_one_too_many() -> None:
    other = bytes.fromhex("04000000000001")

    def slips(world: FakeScard) -> None:
        world.uid = other
        world.step_s = 0.1
        world.move(present=True, times=2)

    run = Run(comes, slips, goes)
    run.scard.step_s = 0.1
    assert run.play().heard.cards == [UID, Reason.CARD_CLASH]


def test_waiting_costs_one_wait_and_one_look_at_the_readers_in_half_a_minute() -> None:
    quiet = 20
    run = Run(*[says(TIMEOUT)] * quiet)
    run.play()
    assert run.scard.timeouts_ms[1:] == [30_000] * (quiet + 1)
    assert run.scard.lists == len(run.scard.timeouts_ms)
    assert run.scard.commands == []
    assert run.stop.waits.count(REST_S) == 0


def test_every_card_counts_by_its_uid_also_when_all_are_of_one_model() -> None:
    uids = [bytes([4, 0, 0, number]) for number in range(1, 6)]

    def card(uid: bytes) -> Step:
        def lay(world: FakeScard) -> None:
            world.uid = uid
            world.move(present=True)

        return lay

    run = Run(*[step for uid in uids for step in (card(uid), goes)]).play()
    assert run.heard.cards == uids


def test_a_reader_that_comes_back_in_another_port_reads_again_also_as_the_only_one() -> None:
    other = READER.replace("00 00", "01 00")

    def plug(world: FakeScard) -> None:
        world.plug(other)

    def card(world: FakeScard) -> None:
        world.move(present=True, reader=other)

    run = Run(comes, FakeScard.unplug, plug, card).play()
    assert run.heard.states == [ReaderState.READY, ReaderState.NO_READER, ReaderState.READY]
    assert run.heard.cards == [UID, UID]
    assert run.scard.contexts_made == 1


def test_a_sign_of_life_is_promised_before_everything_that_may_last() -> None:
    run = Run(comes, goes).play()
    assert max(run.heard.alive_s) == WAIT_S + BUSY_S
    assert run.heard.alive_s.count(WAIT_S + BUSY_S) == len(run.scard.timeouts_ms)


def test_a_card_that_stays_is_one_tap_however_often_others_use_it() -> None:
    def used(world: FakeScard) -> None:
        world.set_word(1 << 16 | PRESENT | 0x0100)

    def free(world: FakeScard) -> None:
        world.set_word(1 << 16 | PRESENT)

    assert Run(comes, used, free, used).play().heard.cards == [UID]


def test_a_card_that_lay_there_from_the_start_is_no_tap_until_it_comes_again() -> None:
    run = Run(goes, comes)
    run.scard.move(present=True)
    assert run.play().heard.cards == [UID]
    run = Run()
    run.scard.move(present=True)
    assert run.play().heard.cards == []


def test_a_card_too_quick_to_be_read_is_answered() -> None:
    assert Run(lambda world: world.move(present=False, times=2)).play().heard.cards == [Reason.CARD_UNREADABLE]


def test_a_card_that_came_while_another_was_read_is_read_too() -> None:
    run = Run(comes, lambda world: world.move(present=True, times=2))
    assert run.play().heard.cards == [UID, UID]


def test_many_cards_too_quick_to_be_read_are_answered_once() -> None:
    assert Run(lambda world: world.move(present=False, times=40)).play().heard.cards == [Reason.CARD_UNREADABLE]


def test_a_mute_card_that_stays_is_taken_for_two_cards() -> None:
    run = Run(lambda world: world.move(present=True, mute=True))
    run.scard.connect_codes.extend([UNPOWERED_CARD, UNPOWERED_CARD])
    assert run.play().heard.cards == [Reason.CARD_CLASH]


def test_a_card_without_power_that_was_not_mute_is_to_be_held_still() -> None:
    run = Run(comes)
    run.scard.connect_codes.extend([UNPOWERED_CARD, UNPOWERED_CARD])
    assert run.play().heard.cards == [Reason.CARD_UNREADABLE]


def test_without_a_reader_it_says_so_and_waits_for_one_to_arrive() -> None:
    run = Run(FakeScard.plug, comes, readers=()).play()
    assert run.scard.waited_for[0] == (ARRIVALS,)
    assert run.heard.states == [ReaderState.NO_READER, ReaderState.READY]
    assert run.heard.cards == [UID]


def test_a_reader_that_is_pulled_out_and_comes_back_reads_again() -> None:
    run = Run(comes, FakeScard.unplug, FakeScard.plug, comes).play()
    assert run.heard.states == [ReaderState.READY, ReaderState.NO_READER, ReaderState.READY]
    assert run.heard.cards == [UID, UID]
    assert run.scard.contexts_made == 1


def test_a_reader_that_vanishes_between_list_and_wait_is_listed_anew_after_a_rest() -> None:
    run = Run(says(0x80100009), comes).play()
    assert REST_S in run.stop.waits
    assert run.heard.cards == [UID]


def test_waking_up_without_news_rests_the_thread() -> None:
    run = Run(lambda _world: None, comes).play()
    assert run.stop.waits.count(REST_S) == 1
    assert run.heard.cards == [UID]


def test_slots_for_security_modules_and_readers_that_do_not_match_are_not_watched() -> None:
    names = ("ACS ACR1252 Dual Reader PICC 0", "ACS ACR1252 Dual Reader SAM 0", "Omnikey 5022 00 00")
    run = Run(readers=names, match="ACR1252").play()
    assert run.scard.waited_for[-1] == (ARRIVALS, "ACS ACR1252 Dual Reader PICC 0")


def test_no_more_readers_are_watched_than_the_library_takes() -> None:
    run = Run(readers=tuple(f"reader {number}" for number in range(READERS_MAX + 5))).play()
    assert len(run.scard.waited_for[-1]) == READERS_MAX + 1


def test_readers_that_can_see_nothing_are_a_fault_until_they_can() -> None:
    def blind(world: FakeScard) -> None:
        world.set_word(UNAVAILABLE | CHANGED)

    def sees(world: FakeScard) -> None:
        world.set_word(9 << 16 | PRESENT)

    run = Run(blind, sees).play()
    assert run.heard.states == [ReaderState.READY, ReaderState.FAULT, ReaderState.READY]
    assert run.heard.cards == []


@pytest.mark.parametrize("code", [*(one for one in CODES if reaction_to(one) in LOSES_CONTEXT), UNFORESEEN])
def test_after_a_code_that_loses_the_context_the_next_card_is_read(code: int) -> None:
    run = Run(says(code), comes).play()
    state = ReaderState.NO_DAEMON if reaction_to(code) is Reaction.RECONNECT else ReaderState.FAULT
    assert run.heard.states == [ReaderState.READY, state, ReaderState.READY]
    assert run.heard.cards == [UID]
    assert run.scard.contexts_made == 2


@pytest.mark.parametrize("code", [one for one in CODES if reaction_to(one) not in LOSES_CONTEXT])
def test_other_codes_of_a_wait_change_nothing(code: int) -> None:
    run = Run(says(code), comes).play()
    assert run.heard.states == [ReaderState.READY]
    assert run.heard.cards == [UID]
    assert run.scard.contexts_made == 1


@pytest.mark.parametrize("call", ["establish", "list", "connect", "transmit"])
@pytest.mark.parametrize("code", [*CODES, UNFORESEEN, 0x00000001, 0x80100001])
def test_whatever_code_a_call_answers_with_the_thread_lives_and_the_next_card_is_read(call: str, code: int) -> None:
    run = Run(comes, goes, comes, goes, comes)
    match call:
        case "establish":
            run.scard.establish_codes.append(code)
        case "list":
            run.scard.list_codes.append(code)
        case "connect":
            run.scard.connect_codes.extend([code] * 2)
        case _:
            run.scard.answers.extend([(code, UID + b"\x90\x00")] * 2)
    run.play()
    assert run.heard.cards[-1] == UID
    assert run.heard.states[-1] is ReaderState.READY
    assert run.scard.contexts_made <= 3


def test_a_card_in_whose_reading_the_daemon_goes_is_answered_and_the_context_rebuilt() -> None:
    run = Run(comes)
    run.scard.answers.append((COMM_ERROR, b""))
    run.play()
    assert run.heard.cards == [Reason.CARD_UNREADABLE]
    assert run.heard.states == [ReaderState.READY, ReaderState.NO_DAEMON, ReaderState.READY]


def test_a_list_that_fails_rebuilds_the_context() -> None:
    run = Run(comes)
    run.scard.list_codes.append(NO_SERVICE)
    run.play()
    assert run.heard.states == [ReaderState.NO_DAEMON, ReaderState.READY]
    assert run.heard.cards == [UID]


def test_attempts_to_reach_the_daemon_are_ever_rarer_up_to_the_cap_and_its_absence_is_told_once() -> None:
    run = Run()
    run.scard.establish_codes.extend([NO_SERVICE] * 8)
    run.play()
    waits = run.stop.waits[:8]
    assert waits[0] == FIRST_S
    assert waits == sorted(waits)
    assert waits[-1] == CAP_S
    assert run.heard.states == [ReaderState.NO_DAEMON, ReaderState.READY]


def test_once_the_daemon_was_reached_the_next_attempts_begin_quick_again() -> None:
    run = Run(says(COMM_ERROR))
    run.scard.establish_codes.extend([NO_SERVICE] * 5)
    run.play()
    assert run.stop.waits[4:6] == [CAP_S, FIRST_S]


def test_the_count_of_arriving_readers_is_handed_back_as_it_came() -> None:
    def arrives(world: FakeScard) -> None:
        world.arrivals = 3 << 16

    run = Run(arrives, comes).play()
    assert [word & ~CHANGED for word in run.scard.arrivals_asked] == [0, 0, 3 << 16, 3 << 16]
    assert run.heard.cards == [UID]


def test_a_lasting_failure_is_logged_loud_once_and_recovery_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "samverk.reader")
    run = Run()
    run.scard.establish_codes.extend([ACCESS_DENIED] * 5)
    run.play()
    levels = [record.levelno for record in caplog.records]
    assert levels == [logging.WARNING, *[logging.DEBUG] * 4, logging.INFO]
    assert "polkit" in caplog.text


def test_no_log_line_holds_a_uid(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run = Run(comes, goes, comes, goes, comes)
    run.scard.answers.extend([(0, UID + b"\x90\x00"), (0, UID[:5] + b"\x90\x00"), (0, UID[:5] + b"\x90\x00"), (0, UID)])
    run.play()
    assert caplog.records
    assert UID.hex()[:8] not in caplog.text.lower()
    assert str(UID[:4]) not in caplog.text


def test_a_bug_in_the_listener_ends_no_thread_and_tells_the_log_nothing_of_the_card(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run = Run(comes, goes, comes)

    class Faulty(Heard):
        def tapped(self, uid: Uid, _proof: Proof | None = None, /) -> None:
            if not run.heard.cards:
                run.heard.cards.append(Reason.FAULT)
                raise RuntimeError(uid.value.hex())
            super().tapped(uid)

    heard = Faulty()
    PcscReader(heard, run.scard).run(run.stop)
    assert heard.states == [ReaderState.READY, ReaderState.FAULT, ReaderState.READY]
    assert heard.cards == [UID]
    assert "RuntimeError in tapped" in caplog.text
    assert UID.hex() not in caplog.text


def test_a_stop_is_noticed_in_the_middle_of_a_wait() -> None:
    waiting, cancelled, stop = threading.Event(), threading.Event(), threading.Event()

    class Blocked(FakeScard):
        def cancel(self, context: object) -> int:
            del context
            cancelled.set()
            return 0

    def block(_world: FakeScard) -> int:
        waiting.set()
        assert cancelled.wait(5)
        return 0x80100002

    reader = PcscReader(Heard(), Blocked(block, stop=stop))
    thread = threading.Thread(target=reader.run, args=(stop,))
    thread.start()
    assert waiting.wait(5)
    stop.set()
    thread.join(1)
    assert not thread.is_alive()
