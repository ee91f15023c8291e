"""The PC/SC reader for long: thousands of taps, and a daemon killed a hundred times, with nothing left open.

With `--soak` for as long as that takes, else a short form of it.
"""

from collections.abc import Iterator

import pytest

from deploy.bench.virtual_reader.card import VirtualCard
from deploy.bench.virtual_reader.daemon import Pcscd
from kiosk.reader.pcsc.reader import PcscReader
from tests.support.fake_scard import FakeScard, Heard, InstantStop, Step, comes, goes, says
from tests.support.pcscd_reader import PcscdReader

pytestmark = pytest.mark.slow

TAPS, TAPS_SOAK = 10, 10_000
RESTARTS, RESTARTS_SOAK = 4, 100
WARM_UP = 4
GROWTH_MAX_KB = 5 * 1024
HOURS_S = 4 * 3600
COMM_ERROR = 0x80100013


def uid(number: int) -> bytes:
    return b"\x04\xbe" + number.to_bytes(5, "big")


@pytest.fixture
def daemon() -> Iterator[Pcscd]:
    with Pcscd() as running:
        yield running


def test_ten_thousand_taps_and_lost_daemons_leave_no_context_and_no_card_open() -> None:
    cards: list[bytes] = []

    def card(number: int) -> Step:
        def lay(world: FakeScard) -> None:
            world.uid = uid(number)
            cards.append(world.uid)
            assert world.contexts_open == 1
            assert world.cards_open == 0
            comes(world)

        return lay

    script: list[Step] = []
    for number in range(TAPS_SOAK):
        script += [card(number), goes]
        if number % 100 == 0:
            script.append(says(COMM_ERROR))
    stop, heard = InstantStop(), Heard()
    scard = FakeScard(*script, stop=stop)
    PcscReader(heard, scard, monotonic=scard.monotonic).run(stop)
    assert heard.cards == cards
    assert len(cards) == TAPS_SOAK
    assert scard.contexts_made == 1 + TAPS_SOAK // 100
    assert (scard.contexts_open, scard.cards_open) == (0, 0)


@pytest.mark.parts
@pytest.mark.timeout(HOURS_S)
def test_many_taps_on_a_real_daemon_leave_threads_files_and_memory_as_they_were(daemon: Pcscd, *, soak: bool) -> None:
    with PcscdReader(daemon) as reader, VirtualCard(daemon.port) as card:
        reader.until("changed", "ready")
        for number in range(WARM_UP):
            assert card.tap(uid(number))
            reader.until("tapped", uid(number).hex())
        before, memory_kb = (reader.threads, reader.files), reader.memory_kb
        for number in range(WARM_UP, TAPS_SOAK if soak else TAPS):
            assert card.tap(uid(number))
            reader.until("tapped", uid(number).hex())
            reader.reports.clear()
        assert (reader.threads, reader.files) == before
        assert reader.memory_kb - memory_kb < GROWTH_MAX_KB


@pytest.mark.parts
@pytest.mark.timeout(HOURS_S)
def test_a_daemon_killed_again_and_again_under_taps_costs_no_later_tap_and_leaves_nothing_open(
    daemon: Pcscd, *, soak: bool
) -> None:
    with PcscdReader(daemon) as reader, VirtualCard(daemon.port) as card:
        reader.until("changed", "ready")
        assert card.tap(uid(0))
        reader.until("tapped", uid(0).hex())
        before = reader.threads, reader.files
        for number in range(1, (RESTARTS_SOAK if soak else RESTARTS) + 1):
            card.insert(uid(number))
            if number % 2:
                # Every other time the card has been read, and lies there when the daemon dies.
                reader.until("tapped", uid(number).hex())
            daemon.kill()
            reader.until("changed", "no_daemon")
            card.remove()
            daemon.start()
            reader.until("changed", "ready")
            assert card.tap(uid(1000 + number))
            reader.until("tapped", uid(1000 + number).hex())
        assert (reader.threads, reader.files) == before
        tapped = [report.value for report in reader.reports if report.kind == "tapped"]
        assert len(tapped) == len(set(tapped)), "no card was read twice for one showing"
