"""The bounded queue between the broker's thread and the service's. When full it keeps the newest of each topic."""

import threading
from collections import deque
from dataclasses import dataclass

from sensors.readings import Message

MESSAGES_MAX = 10_000
"""The most messages that wait in order."""

BYTES_MAX = 16 * 1024 * 1024
"""The most bytes of payload that wait in order."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came: messages, oldest first, how many were dropped, and whether somebody called `wake`."""

    messages: tuple[Message, ...]
    dropped: int
    is_woken: bool


class Inbox:
    """Messages on their way in. Beyond the bounds only the newest of each topic is kept, and the rest are counted."""

    def __init__(self, messages_max: int = MESSAGES_MAX, bytes_max: int = BYTES_MAX) -> None:
        """Begin empty."""
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._newest: dict[str, Message] = {}
        self._dropped = 0
        self._is_woken = False
        self._news = threading.Condition()

    def put(self, message: Message) -> None:
        """Add one message. Never waits."""
        with self._news:
            is_full = len(self._waiting) >= self._messages_max or self._bytes >= self._bytes_max
            if is_full or self._newest:
                self._dropped += message.topic in self._newest
                self._newest[message.topic] = message
            else:
                self._waiting.append(message)
                self._bytes += len(message.payload)
            self._news.notify()

    def wake(self) -> None:
        """Let whoever waits in `take` go on."""
        with self._news:
            self._is_woken = True
            self._news.notify()

    def take(self, timeout_s: float) -> Heard:
        """Return all that has come since last asked; wait for something at most that long."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._is_woken, timeout_s)
            heard = Heard((*self._waiting, *self._newest.values()), self._dropped, self._is_woken)
            self._waiting.clear()
            self._newest.clear()
            self._bytes = self._dropped = 0
            self._is_woken = False
        return heard
