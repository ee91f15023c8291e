"""Badges that prove themselves, on a real pcscd: a card is made, enrolled and let in; copies of it are not."""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from deploy.bench.virtual_reader.card import VirtualCard
from deploy.bench.virtual_reader.daemon import READER, SECOND_READER, Pcscd
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.events import BadgeCopied
from kiosk.domain.members import BadgeLevel
from kiosk.domain.reasons import Reason
from kiosk.door.badges import AskEnrolBadge
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayAnswer, SayBoard, ShowBoard, Watch
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from tests.support.books import SECRET, SITE, write_roster
from tests.support.log_watch import spellings
from tests.support.virtual_card.kinds import MifareCard, Phone
from tests.support.virtual_card.ntag424 import Ntag424

pytestmark = [pytest.mark.parts, pytest.mark.timeout(180)]

UID = bytes.fromhex("04A7B6C5D4E3F1")
WAIT_S = 20.0
LOOKS_MAX = 20
"""How often a card that has just come is looked for: the daemon looks every 400 ms."""
_ROOT = Path(__file__).parents[4]
_PCSC = """
[[reader]]
id = "pcsc"
driver = "pcsc"
match = "{reader}"

[badge]
card_versions = [1]
proof = "{proof}"
"""
MASTERS = {f"card-{role}-v1": secrets.token_bytes(16) for role in ("tap", "sun", "owner")}
new_id = Ids()


class House:
    """A desk in a process of its own on a private pcscd, and a card for each of its two readers."""

    def __init__(self, folder: Path, daemon: Pcscd, proof: str) -> None:
        """Write its files; nothing runs yet."""
        self.folder, self._daemon, self._proof = folder, daemon, proof
        self.site = folder / "site.toml"
        self.door = folder / "door.sock"
        self._desk: subprocess.Popen[bytes] | None = None
        write_roster(folder / "roster.db", confirmed=SystemClock()())
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        for name, key in MASTERS.items():
            write_credential(name, key.hex().encode(), folder)

    def __enter__(self) -> Self:
        """Start the desk."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    @property
    def log(self) -> str:
        """Return what the desk has said."""
        return (self.folder / "desk.log").read_text()

    def start(self) -> None:
        """Start the desk, and wait until its reader is ready."""
        more = _PCSC.format(reader=READER, proof=self._proof)
        self.site.write_text(SITE.format(state_dir=self.folder) + more)
        with (self.folder / "desk.log").open("ab") as log:
            self._desk = subprocess.Popen(
                [sys.executable, "-m", "deploy", "desk", "--site", str(self.site)],
                cwd=_ROOT,
                env=os.environ | self._daemon.environment,
                stdout=log,
                stderr=log,
            )
        try:
            self._until(self._is_ready)
        except BaseException:
            self._desk.kill()
            raise

    def stop(self) -> None:
        """Stop the desk as systemd does."""
        if self._desk is not None:
            self._desk.terminate()
            assert self._desk.wait(WAIT_S) == 0, self.log
            self._desk = None

    def personalise(self, *arguments: str) -> tuple[int, dict[str, object]]:
        """Make the card on the second reader a badge, and return the command's status and what it says."""
        command = [sys.executable, "-m", "deploy", "badge", "personalise", "--site", str(self.site)]
        done = subprocess.run(
            [*command, "--reader", SECOND_READER, "--json", *arguments],
            cwd=_ROOT,
            env=os.environ | self._daemon.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        said: dict[str, object] = json.loads(done.stdout)
        return done.returncode, said

    def standing(self) -> object:
        """Return how far the card on the second reader has come, once the daemon has seen it change places."""
        for _ in range(LOOKS_MAX):
            _, said = self.personalise("--dry-run")
            if "card" in said:
                return said["card"]
        return None

    def show(self, respond: Callable[[bytes], bytes | None], atr: bytes) -> Answer:
        """Show a card to the desk's reader, take it away, and return the answer that was given there."""
        with DoorClient(self.door, WAIT_S) as door, VirtualCard(self._daemon.port) as card:
            door.say(Watch(id=new_id(), readers=("pcsc",)))
            assert isinstance(door.hear(), SayBoard)
            card.insert_responding(respond, atr)
            while True:
                said = door.hear()
                if isinstance(said, SayAnswer):
                    return said.answer

    def show_ours(self, card: Ntag424) -> Answer:
        """Show a card of ours, powered up afresh."""
        card.power_up()
        return self.show(card, card.atr)

    def enrol(self, card: Ntag424) -> Answer:
        """Let the card be shown twice, and tie it to Bo."""
        self.show_ours(card)
        code = self.show_ours(card).reference
        with DoorClient(self.door) as door:
            said = door.ask(AskEnrolBadge(id=new_id(), reference=code or "", member="bo", by="host:eva"))
        assert isinstance(said, SayAnswer)
        return said.answer

    def _is_ready(self) -> bool:
        try:
            with DoorClient(self.door) as door:
                said = door.ask(ShowBoard(id=new_id()))
        except DoorClosedError:
            return False
        readers = said.board.readers if isinstance(said, SayBoard) else ()
        return any(one.reader == "pcsc" and one.state is ReaderState.READY for one in readers)

    def _until(self, is_so: Callable[[], bool]) -> None:
        ends_s = time.monotonic() + WAIT_S
        while not is_so():
            assert time.monotonic() < ends_s, self.log
            threading.Event().wait(0.05)


@pytest.fixture
def daemon() -> Iterator[Pcscd]:
    with Pcscd() as running:
        yield running


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("v")


@pytest.fixture
def blank(daemon: Pcscd) -> Iterator[Ntag424]:
    """Lay a blank card on the second reader."""
    card = Ntag424(UID, secrets.token_bytes)
    with VirtualCard(daemon.port + 1) as lying:
        lying.insert_responding(card, card.atr)
        yield card


def test_a_card_is_made_in_two_goes_enrolled_and_let_in_and_copies_of_it_are_not(
    daemon: Pcscd, folder: Path, blank: Ntag424
) -> None:
    blank.leaves_after = 29
    with House(folder, daemon, "challenge") as house:
        assert house.personalise() == (1, {"made": False, "step": "keys"})
        blank.leaves_after = None
        blank.power_up()
        with VirtualCard(daemon.port + 1) as again:
            again.insert_responding(blank, blank.atr)
            assert house.standing() == "ours_older"
            assert house.personalise() == (0, {"made": True, "version": 1, "keys_changed": 3})
        assert house.enrol(blank).level is BadgeLevel.VERIFIED
        assert house.show_ours(blank).outcome is Outcome.ARRIVED
        copies: list[MifareCard | Ntag424] = [MifareCard(UID), Ntag424(UID, secrets.token_bytes)]
        assert {house.show(one, one.atr).reason for one in copies} == {Reason.BADGE_COPIED}
        assert house.show_ours(blank).outcome in {Outcome.ALREADY_IN, Outcome.ARRIVED}
        phone = Phone(secrets.token_bytes)
        assert house.show(phone, phone.atr).reason is Reason.CARD_RANDOM
    assert copied_in(folder) == 2
    assert_nothing_of_it_is_kept(house)


def test_a_card_is_let_in_by_its_own_message_and_by_none_that_was_seen_before(
    daemon: Pcscd, folder: Path, blank: Ntag424
) -> None:
    with House(folder, daemon, "sun") as house:
        assert house.personalise() == (0, {"made": True, "version": 1, "keys_changed": 5})
        assert house.enrol(blank).level is BadgeLevel.VERIFIED
        assert house.show_ours(blank).outcome is Outcome.ARRIVED
        blank.counter -= 3
        assert house.show_ours(blank).reason is Reason.BADGE_COPIED
    assert copied_in(folder) == 1
    assert_nothing_of_it_is_kept(house)


def copied_in(folder: Path) -> int:
    """Return how many alarms the journal holds."""
    with closing(JournalReader(folder / "journal.db")) as journal:
        return sum(isinstance(one.event, BadgeCopied) for one in journal.after(0))


def assert_nothing_of_it_is_kept(house: House) -> None:
    """See that neither the log nor any file but the credentials holds the card's UID or a master key."""
    assert not any(one in house.log.lower() for one in spellings(UID.hex()))
    kept = b"".join(one.read_bytes() for one in house.folder.iterdir() if one.is_file())
    assert UID not in kept
    assert not any(key in kept or key.hex().encode() in kept for key in MASTERS.values())
