"""The last answer to each badge, kept for the guard time: the same badge within it is one event."""

from collections import OrderedDict
from collections.abc import Iterable

from kiosk.domain.answers import Answer
from kiosk.domain.ids import BadgeKey, VisitId
from kiosk.domain.instant import Instant

ANSWERS_MAX = 256
"""More badges than a queue can show within any guard time."""


class RecentAnswers:
    """Answers by badge, forgotten after `guard_s` seconds."""

    def __init__(self, guard_s: int) -> None:
        """Take the guard time."""
        self._guard_s = guard_s
        self._answers: OrderedDict[BadgeKey, Answer] = OrderedDict()

    def of(self, keys: tuple[BadgeKey, ...], now: Instant) -> Answer | None:
        """Return the answer given to this badge within the guard time, or None."""
        found = next((self._answers[key] for key in keys if key in self._answers), None)
        return found if found is not None and now.seconds_since(found.at) < self._guard_s else None

    def add(self, keys: tuple[BadgeKey, ...], answer: Answer) -> None:
        """Remember the answer to this badge, and forget the oldest beyond `ANSWERS_MAX`."""
        if keys:
            self._answers[keys[0]] = answer
            self._answers.move_to_end(keys[0])
        while len(self._answers) > ANSWERS_MAX:
            self._answers.popitem(last=False)

    def drop_badges(self, keys: Iterable[BadgeKey]) -> None:
        """Forget the answers to these badges: they stand otherwise by now."""
        for key in keys:
            self._answers.pop(key, None)

    def drop(self, visit: VisitId) -> None:
        """Forget the answers about a visit: its member has since done something else, and may tap afresh."""
        for key in [key for key, answer in self._answers.items() if answer.visit == visit]:
            del self._answers[key]
