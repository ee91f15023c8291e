"""PC/SC without a daemon, for what a virtual card cannot show: unplugging, odd codes, cards quicker than the daemon.

Each wait plays the next step of a script. When the script is at its end, the reader under test is asked to stop.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping

from deploy.bench.virtual_reader.card import ATR_CLASSIC
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.codes import CANCELLED, NO_READERS, SUCCESS, UNKNOWN_READER
from kiosk.reader.pcsc.scard import CHANGED, EMPTY, MUTE, PRESENT, Card, Context
from kiosk.reader.pcsc.watch import ARRIVALS

READER = "HID Global OMNIKEY 5022 Smart Card Reader 00 00"
UID = bytes.fromhex("04A1B2C3D4E5F6")
DONE = b"\x90\x00"

Step = Callable[["FakeScard"], int | None]


class InstantStop(threading.Event):
    """A stop event whose timed waits end at once and are kept in `waits`, so that no test sleeps."""

    def __init__(self) -> None:
        """Begin not set."""
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Return at once whether the event is set, unless there is no limit of time."""
        if timeout is None:
            return super().wait()
        self.waits.append(timeout)
        return self.is_set()


class FakeScard:
    """A daemon with readers, counters and cards, played by a script; it counts what is left open."""

    def __init__(self, *script: Step, stop: threading.Event, readers: tuple[str, ...] = (READER,)) -> None:
        """Take the steps, one for each wait after the first look, and the event to set after the last."""
        self._script = deque(script)
        self._stop = stop
        self._words = dict.fromkeys(readers, EMPTY)
        self.establish_codes: deque[int] = deque()
        self.list_codes: deque[int] = deque()
        self.connect_codes: deque[int] = deque()
        self.answers: deque[tuple[int, bytes]] = deque()
        """What the next calls say; when a queue is empty they succeed, and the answer is `uid`."""
        self.uid = UID
        self.atr_bytes = ATR_CLASSIC
        self.contexts_open = 0
        self.contexts_made = 0
        self.cards_open = 0
        self.waited_for: list[tuple[str, ...]] = []
        self.timeouts_ms: list[int] = []
        self.lists = 0
        """What each wait was for and how long it could have been, and how often the readers were listed."""
        self.arrivals = 0
        """The event state of the pseudo reader: always 0 before pcsc-lite 2.3, then a count in the upper bits."""
        self.arrivals_asked: list[int] = []
        self.commands: list[bytes] = []
        self.escapes: dict[bytes, bytes] = {}
        self.escape_code = SUCCESS
        """What the reader itself answers to which command, and what its driver says of being asked; all are kept."""
        self.escaped: list[bytes] = []
        self.now_s = 0.0
        self.step_s = 1.0
        """The time, and how much of it passes in each wait."""

    def move(self, *, present: bool, times: int = 1, reader: str = READER, mute: bool = False) -> None:
        """Let cards come or go that many times, so that one lies there at the end or none does."""
        count = (self._words[reader] >> 16) + times & 0xFFFF
        self._words[reader] = count << 16 | (PRESENT if present else EMPTY) | (MUTE if mute else 0)

    def set_word(self, word: int, reader: str = READER) -> None:
        """Set the whole event state of a reader."""
        self._words[reader] = word

    def plug(self, reader: str = READER) -> None:
        """Plug a reader in."""
        self._words[reader] = EMPTY

    def unplug(self, reader: str = READER) -> None:
        """Pull a reader out."""
        del self._words[reader]

    def establish(self) -> tuple[int, Context]:
        """See `Scard`."""
        code = self.establish_codes.popleft() if self.establish_codes else SUCCESS
        if code == SUCCESS:
            self.contexts_open += 1
            self.contexts_made += 1
        return code, Context(self.contexts_made)

    def release(self, context: Context) -> int:
        """See `Scard`."""
        assert context == self.contexts_made
        self.contexts_open -= 1
        return SUCCESS

    def cancel(self, context: Context) -> int:
        """See `Scard`."""
        assert context <= self.contexts_made
        return SUCCESS

    def readers(self, context: Context) -> tuple[int, list[str]]:
        """See `Scard`."""
        assert context == self.contexts_made
        self.lists += 1
        if self.list_codes:
            return self.list_codes.popleft(), []
        return SUCCESS if self._words else NO_READERS, list(self._words)

    def wait(self, context: Context, timeout_ms: int, words: Mapping[str, int]) -> tuple[int, dict[str, int]]:
        """See `Scard`."""
        assert context == self.contexts_made
        assert timeout_ms > 0
        self.now_s += self.step_s
        self.timeouts_ms.append(timeout_ms)
        self.waited_for.append(tuple(words))
        self.arrivals_asked.append(words[ARRIVALS])
        if any(name not in self._words for name in words if name != ARRIVALS):
            return UNKNOWN_READER, dict(words)
        if all(word for name, word in words.items() if name != ARRIVALS):
            code = self._step()
            if code is not None:
                return code, dict(words)
        return SUCCESS, {name: self._now(name, word) for name, word in words.items()}

    def connect(self, context: Context, reader: str) -> tuple[int, Card, int]:
        """See `Scard`."""
        assert context == self.contexts_made
        assert reader in self._words
        code = self.connect_codes.popleft() if self.connect_codes else SUCCESS
        self.cards_open += code == SUCCESS
        return code, Card(1), 2

    def connect_direct(self, context: Context, reader: str) -> tuple[int, Card]:
        """See `Scard`."""
        assert context == self.contexts_made
        assert reader in self._words
        self.cards_open += 1
        return SUCCESS, Card(1)

    def control(self, card: Card, command: bytes) -> tuple[int, bytes]:
        """See `Scard`."""
        assert card == Card(1)
        self.escaped.append(command)
        if self.escape_code != SUCCESS:
            return self.escape_code, b""
        return SUCCESS, self.escapes.get(command, b"")

    def atr(self, card: Card) -> tuple[int, bytes]:
        """See `Scard`."""
        assert card == Card(1)
        return SUCCESS, self.atr_bytes

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return self.now_s

    def transmit(self, card: Card, protocol: int, command: bytes) -> tuple[int, bytes]:
        """See `Scard`."""
        assert (card, protocol) == (Card(1), 2)
        self.commands.append(command)
        if command in self.escapes:
            return SUCCESS, self.escapes[command]
        return self.answers.popleft() if self.answers else (SUCCESS, self.uid + DONE)

    def disconnect(self, card: Card) -> int:
        """See `Scard`."""
        assert card == Card(1)
        self.cards_open -= 1
        return SUCCESS

    def _step(self) -> int | None:
        if self._script:
            return self._script.popleft()(self)
        self._stop.set()
        return CANCELLED

    def _now(self, name: str, word: int) -> int:
        now = self.arrivals if name == ARRIVALS else self._words.get(name, word)
        return now if now == word else now | CHANGED


class Heard:
    """Reports, kept in order."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.cards: list[bytes | Reason] = []
        self.states: list[ReaderState] = []
        self.alive_s: list[float] = []

    def tapped(self, uid: Uid, _proof: Proof | None = None, /) -> None:
        """See `Reports`."""
        self.cards.append(uid.value)

    def failed(self, reason: Reason) -> None:
        """See `Reports`."""
        self.cards.append(reason)

    def alive(self, within_s: float) -> None:
        """See `Reports`."""
        self.alive_s.append(within_s)

    def changed(self, state: ReaderState) -> None:
        """See `Reports`."""
        self.states.append(state)


def comes(world: FakeScard) -> None:
    """Let a card come."""
    world.move(present=True)


def goes(world: FakeScard) -> None:
    """Let the card go."""
    world.move(present=False)


def says(code: int) -> Step:
    """Return a step in which the wait itself ends with this code."""
    return lambda _world: code
