"""How this house is, in one line for the centre: it goes with every request. Counts and clocks only, never who."""

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from kiosk.store.boots import Boots
from kiosk.store.outbox import Outbox
from kiosk.store.replica import Replica
from kiosk.store.resend import Resend
from kiosk.tools.clock import Clock
from sync.plan import utc_text

COUNT_EVERY_S = 10.0
"""How often what waits is counted."""


@dataclass
class Health:
    """Says how the house is."""

    clock: Clock
    outbox: Outbox
    resend: Resend
    replica: Replica
    boots: Boots
    _counted: dict[str, Any] = field(default_factory=dict)
    _counted_s: float = float("-inf")

    def line(self) -> str:
        """Return the header `Samverk-House`: one line of JSON in ASCII."""
        now = self.clock()
        if now.elapsed_s - self._counted_s >= COUNT_EVERY_S:
            self._counted, self._counted_s = self._count(), now.elapsed_s
        said = {"time": utc_text(now.wall), "clock": now.clock.value, "boot": now.boot, **self._counted}
        age_s = self.replica.age_s(now)
        return msgspec.json.encode(said | ({} if age_s is None else {"roster_age_s": round(age_s)})).decode()

    def _count(self) -> dict[str, Any]:
        waiting, apart = self.outbox.waits()
        numbering, reached = self.outbox.numbering(), self.replica.reached()
        said = {
            "version": _version(),
            "boots": self.boots.count(),
            "queue": waiting,
            "quarantine": apart,
            "epoch": numbering.epoch,
            "sequence": numbering.sequence,
        }
        if reached.position >= 0:
            said |= {"centre_epoch": reached.epoch, "position": reached.position}
        return said


@cache
def _version() -> str:
    return version("samverk")[:64]
