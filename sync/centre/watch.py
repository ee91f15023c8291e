"""What the centre does by itself while it serves: keeps the books, notes who is silent, sends alarms, forgets removals.

Every centre process does it; the database sees to it that each thing is done once.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sync.centre.alarms import Hook
from sync.centre.registry import Registry
from sync.centre.storage import alarms
from sync.centre.storage.houses import SILENT_S
from sync.centre.storage.room import CentreError, Lock
from sync.centre.times import utc_text

BOOKS_EVERY_S = 0.5
"""How long the books may lie still when there is no news."""
BOOKS_REST = 9.0
"""After a step of the books, rest for as long as it took, times this: events that come are served first."""
HOUSES_EVERY_S = 2.0
LOOK_EVERY_S = 30.0
FORGET_EVERY_S = 3600.0
CLAIM_S = 900.0
"""After so long another process sends an alarm that one claimed and never settled."""
LET_GO_EVERY_S = 86_400.0
KEPT_DAYS = 396
"""So long the centre knows who came and when: thirteen months, as long as a house keeps its counts by hour."""
TOMBSTONE_DAYS = 180
"""So long a removal is remembered: whoever was away for longer reads the roster in full."""

_log = logging.getLogger("samverk.centre")


@dataclass(slots=True)
class Watch:
    """Looks after one registry, in threads that end with `stop`."""

    registry: Registry
    hook: Hook | None = None
    silent_s: float = SILENT_S
    look_every_s: float = LOOK_EVERY_S
    tombstone_days: float = TOMBSTONE_DAYS
    kept_days: float = KEPT_DAYS
    _failing: set[str] = field(default_factory=set)

    def threads(self, stop: threading.Event) -> list[threading.Thread]:
        """Return the threads, not yet started."""
        loops = {"books": self._keep_books, "watch": self._look_around}
        return [threading.Thread(target=loop, args=(stop,), name=f"centre-{name}") for name, loop in loops.items()]

    def look(self) -> None:
        """Look once for what has to be done now and then."""
        self.registry.houses.flush()
        self.registry.houses.look_for_silence(self.silent_s)
        if self.hook is not None:
            self._send(self.hook)

    def forget(self) -> int:
        """Forget removals from too long ago."""
        return self.registry.roster.forget(self.registry.clock().wall - timedelta(days=self.tombstone_days))

    def let_go(self) -> None:
        """Let go of who came and when, from too long ago."""
        done = self.registry.let_go(self.registry.clock().wall - timedelta(days=self.kept_days))
        if done:
            _log.info("let go of what is older than %g days: %s", self.kept_days, done)

    def _keep_books(self, stop: threading.Event) -> None:
        rest_s = 0.0
        while not stop.wait(rest_s):
            began = self.registry.clock().elapsed_s
            is_more = self._tried("books", self.registry.books.step)
            took_s = self.registry.clock().elapsed_s - began
            rest_s = took_s * BOOKS_REST if is_more else BOOKS_EVERY_S

    def _look_around(self, stop: threading.Event) -> None:
        every: tuple[tuple[str, float, Callable[[], object]], ...] = (
            ("houses", 0.0, self.registry.houses.flush),
            ("look", self.look_every_s, self.look),
            ("forget", FORGET_EVERY_S, self.forget),
            ("let go", LET_GO_EVERY_S, self.let_go),
        )
        done_s: dict[str, float] = {}
        while not stop.wait(min(HOUSES_EVERY_S, self.look_every_s)):
            now_s = self.registry.clock().elapsed_s
            for what, every_s, work in every:
                if now_s - done_s.get(what, float("-inf")) >= every_s:
                    done_s[what] = now_s
                    self._tried(what, work)

    def _send(self, hook: Hook) -> None:
        # Claimed first and sent outside of any transaction: a slow mail server must not keep events waiting.
        with self.registry.happenings.transaction() as work:
            work.lock(Lock.BOOKS)
            claimed = alarms.claim(work, self._ago(0), self._ago(CLAIM_S))
        for one in claimed:
            is_sent = hook(one)
            with self.registry.happenings.transaction() as work:
                alarms.settle(work, one.key, self._ago(0), is_sent=is_sent)

    def _ago(self, seconds: float) -> str:
        return utc_text(self.registry.clock().wall - timedelta(seconds=seconds))

    def _tried(self, what: str, work: Callable[[], object]) -> bool:
        """Do the work and return whether it says that there is more. The first failure of a kind is loud."""
        try:
            is_more = bool(work())
        except (CentreError, OSError) as error:
            _log.log(logging.DEBUG if what in self._failing else logging.WARNING, "%s: %s", what, error)
            self._failing.add(what)
            return False
        if what in self._failing:
            self._failing.discard(what)
            _log.warning("%s: well again", what)
        return is_more
