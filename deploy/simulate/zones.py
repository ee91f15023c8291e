"""The real profiles and fusion over the simulated messages, and zones.db for the desk. It looks into none of them."""

from collections import Counter
from dataclasses import dataclass

from deploy.simulate.clock import HouseClock
from deploy.simulate.families import Sent
from kiosk.domain.ids import ZoneId
from kiosk.domain.zones import Occupancy, People, ZoneState
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.site import Site
from sensors.plan import plan
from sensors.readings import Message
from sensors.watch import Watch

BEAT_S = 80.0
"""How often every zone is said again: as seldom as the desk still takes it for a sign of life. The service does so more
often; here each time costs a commit."""
EMPTY_BEAT_S = 600.0
"""The same while nobody is in the house."""
STEP_MIN_S = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """What a zone was said to be from second `t` on."""

    t: float
    state: ZoneState
    people: People


class VirtualZones:
    """The zones' service in virtual time. `told` has each zone's changes, `counted` what was refused and why."""

    def __init__(self, site: Site, clock: HouseClock, begin_s: float) -> None:
        """Open zones.db, and say every zone once."""
        self._clock = clock
        self._writer = ZonesWriter(site.state_dir / "zones.db")
        self._watch = Watch(plan(site), clock.at(begin_s))
        self._t = self._beat_s = begin_s
        self._seqs: Counter[ZoneId] = Counter()
        self.told: dict[str, list[Told]] = {zone: [] for zone in site.zones}
        self._judge(begin_s, everything=True)

    @property
    def counted(self) -> dict[tuple[str, str], int]:
        """Return how often a message was refused: about whom, and why."""
        return dict(self._watch.counted)

    def until(self, t: float, *, is_asked: bool) -> None:
        """Let all happen that falls due without a message, up to and including `t`.

        While nobody is in the house no zone `is_asked` about, and all are said again more seldom.
        """
        beat_s = BEAT_S if is_asked else EMPTY_BEAT_S
        while True:
            wait_s = max(self._watch.next_deadline_s(self._clock.at(self._t)), STEP_MIN_S)
            due_s = max(self._t, min(self._t + wait_s, self._beat_s + beat_s))
            if due_s > t:
                break
            self._t = due_s
            is_beat = due_s >= self._beat_s + beat_s
            self._beat_s = due_s if is_beat else self._beat_s
            self._judge(due_s, everything=is_beat)
        self._t = t

    def hear(self, sent: Sent) -> None:
        """Take one message at its own time."""
        self._watch.hear(Message(sent.topic, sent.payload, sent.retained), self._clock.at(sent.t))
        self._judge(sent.t, everything=False)

    def close(self) -> None:
        """Close zones.db."""
        self._writer.close()

    def _judge(self, t: float, *, everything: bool) -> None:
        now = self._clock.at(t)
        judged = self._watch.judge(now, everything=everything)
        news = [one for one in judged if self._is_news(one, t) or everything]
        if news:
            self._writer.record(News(said=tuple(self._said(one) for one in news)), now)

    def _is_news(self, one: Occupancy, t: float) -> bool:
        told = self.told[one.zone]
        if told and (told[-1].state, told[-1].people) == (one.state, one.people):
            return False
        told.append(Told(t, one.state, one.people))
        return True

    def _said(self, one: Occupancy) -> Said:
        self._seqs[one.zone] += 1
        return Said(one, self._seqs[one.zone])
