"""What has waited for the centre for a month waits under a pseudonym from then on; it is told under its name."""

from datetime import timedelta

from kiosk.store.pseudonyms import STEP_MAX, Pseudonyms
from sync.parts import Parts

HIDE = "hide"
EVERY_S = 3600.0
AFTER_DAYS = 30


class Hide:
    """Looks every hour at what has waited for long."""

    def __init__(self, parts: Parts, pseudonyms: Pseudonyms | None) -> None:
        """Use the parts; without a key nothing is hidden."""
        self._parts = parts
        self._pseudonyms = pseudonyms

    def step(self) -> None:
        """Hide who is meant by a bounded number of events, if it is time."""
        if self._pseudonyms is None or not self._parts.is_due(HIDE):
            return
        hidden = self._pseudonyms.hide(self._parts.wall() - timedelta(days=AFTER_DAYS))
        self._parts.went_well(HIDE, 0.0 if hidden == STEP_MAX else EVERY_S)
