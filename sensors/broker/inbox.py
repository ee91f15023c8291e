"""The bounded queue between the broker's threads and the service's. When full it keeps the newest of each topic."""

import threading
from collections import deque
from dataclasses import dataclass

from sensors.readings import Message

MESSAGES_MAX = 10_000
"""The most messages that wait in order."""

BYTES_MAX = 16 * 1024 * 1024
"""The most bytes of payload that wait in order."""

KEPT_MAX = 1000
"""The most of our own old words that wait. Any more are met again at the next connection."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came: messages, oldest first, how many were dropped, and whether somebody called `wake`.

    `kept` are the words that the broker kept of ours, or of somebody else beside ours.
    """

    messages: tuple[Message, ...]
    dropped: int = 0
    is_woken: bool = False
    kept: tuple[Message, ...] = ()


class Inbox:
    """Messages on their way in. Beyond the bounds only the newest of each topic is kept, and the rest are counted."""

    def __init__(self, messages_max: int = MESSAGES_MAX, bytes_max: int = BYTES_MAX) -> None:
        """Begin empty."""
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._newest: dict[str, Message] = {}
        self._kept: deque[Message] = deque(maxlen=KEPT_MAX)
        self._dropped = 0
        self._is_woken = False
        self._news = threading.Condition()

    def put(self, message: Message) -> None:
        """Add one message, for whoever looks after the next `rest`. Never waits."""
        with self._news:
            is_full = len(self._waiting) >= self._messages_max or self._bytes >= self._bytes_max
            if is_full or self._newest:
                self._dropped += message.topic in self._newest
                self._newest[message.topic] = message
            else:
                self._waiting.append(message)
                self._bytes += len(message.payload)

    def rest(self) -> None:
        """Let whoever waits in `take` have what was put: all that was there has been."""
        with self._news:
            if self._waiting:
                self._news.notify()

    def put_kept(self, message: Message) -> None:
        """Add one that the broker kept; any other is somebody else's affair."""
        if message.retained:
            with self._news:
                self._kept.append(message)
                self._news.notify()

    def wake(self) -> None:
        """Let whoever waits in `take` go on."""
        with self._news:
            self._is_woken = True
            self._news.notify()

    def take(self, timeout_s: float) -> Heard:
        """Return all that has come since last asked; wait for something at most that long."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._is_woken or self._kept, timeout_s)
            heard = Heard((*self._waiting, *self._newest.values()), self._dropped, self._is_woken, tuple(self._kept))
            self._waiting.clear()
            self._newest.clear()
            self._kept.clear()
            self._bytes = self._dropped = 0
            self._is_woken = False
        return heard
