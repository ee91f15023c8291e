"""Members who come by themselves in the demonstration: a written story of taps at the side entrance."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.up.example import SIDE_ENTRANCE, Example, examples
from kiosk.domain.answers import Answer
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import AskJoinZone, SayAnswer, ScriptedTap, Watch
from kiosk.tools.site import Site

UNKNOWN_UID = "04FFEE00112233"
ANSWER_TRIES = 40
"""How many other messages may come before the answer to a tap; the board's picture comes with every change."""

log = logging.getLogger("samverk.up")


@dataclass(frozen=True, slots=True)
class Step:
    """At `second` of a round, visitor number `who` (None: a stranger) shows the badge, and joins `zone` if they can."""

    second: float
    who: int | None
    zone: str | None = None


ROUND_S = 75.0
STORY = (
    Step(0.5, 0, "lagerelden"),
    Step(2.5, 1, "lagerelden"),
    Step(4.5, 2, "rastplatsen"),
    Step(7, 3, "hinderbanan"),
    Step(9, 4, "hinderbanan"),
    Step(11, None),
    Step(13, 5),
    Step(15, 6, "rastplatsen"),
    Step(17, 7, "lagerelden"),
    Step(19, 8),
    Step(21, 5),
    Step(23, 9, "hinderbanan"),
    Step(25, 8),
    Step(27, 10),
    Step(28.5, 5),
    Step(31, 11, "rastplatsen"),
    Step(32.5, 8),
    Step(35, 10),
    Step(37, None),
    Step(39, 2, "lagerelden"),
    Step(42.5, 10),
    Step(44, 6, "hinderbanan"),
    Step(47, 9),
    Step(50, 5, "rastplatsen"),
    Step(54.5, 9),
    Step(60, 8, "rastplatsen"),
)
"""Visitors 5, 8, 9 and 10 come, show the badge again, and again soon after, which leaves."""


@dataclass(slots=True)
class Tally:
    """What the visitors lived through."""

    shown: int = 0
    answered: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def count(self, answer: Answer) -> None:
        """Count one answer."""
        self.answered += 1
        self.outcomes[answer.outcome] = self.outcomes.get(answer.outcome, 0) + 1


def live_the_story(site: Site, new_id: Callable[[], str], stop: threading.Event, tally: Tally) -> None:
    """Go through the story again and again until stopped. A desk that goes away is waited for."""
    visitors = tuple(one for one in examples() if one.key is None)
    while not stop.is_set():
        passed_s = 0.0
        for step in STORY:
            if stop.wait(step.second - passed_s):
                return
            passed_s = step.second
            who = None if step.who is None else visitors[step.who]
            try:
                _live(site, step, who, new_id, tally)
            except DoorClosedError as error:
                log.warning("a visitor got no answer: %s", error)
        stop.wait(ROUND_S - passed_s)


def _live(site: Site, step: Step, who: Example | None, new_id: Callable[[], str], tally: Tally) -> None:
    with DoorClient(site.door) as door:
        door.say(Watch(id=new_id(), readers=(SIDE_ENTRANCE,)))
        tally.shown += 1
        door.say(ScriptedTap(id=new_id(), reader=SIDE_ENTRANCE, uid=who.uid if who else UNKNOWN_UID))
        answer = _answer(door)
        if answer is None:
            return
        tally.count(answer)
        if answer.visit is not None and answer.zones and step.zone is not None:
            door.ask(AskJoinZone(id=new_id(), visit=answer.visit, zone=step.zone))


def _answer(door: DoorClient) -> Answer | None:
    for _ in range(ANSWER_TRIES):
        match door.hear():
            case SayAnswer(answer=answer):
                return answer
    return None
