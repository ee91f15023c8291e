"""What the boots of this device are known to have been in the centre's time, for events whose clock was not set."""

from datetime import datetime, timedelta

from kiosk.domain.ids import BootId
from kiosk.domain.instant import Instant
from kiosk.store.database import Writer
from kiosk.store.outgoing import BootTime

REFRESH_S = 3600.0
"""How often what is known of a boot is renewed while the centre answers: a card wears."""


class Boots:
    """The boots in the order they were first heard of."""

    def __init__(self, writer: Writer) -> None:
        """Read what is kept."""
        self._writer = writer
        self._kept = self._read()

    def all(self) -> tuple[BootTime, ...]:
        """Return the boots, the earliest first."""
        return self._kept

    def count(self) -> int:
        """Return how many boots are known of."""
        return len(self._kept)

    def last_seen(self) -> datetime | None:
        """Return the latest of the centre's own times that was ever seen: a moment that has surely passed."""
        return max((one.last_server for one in self._kept if one.last_server), default=None)

    def meet(self, boots: "list[BootId]") -> None:
        """Keep these boots, in the order they were, if they are new."""
        known = {one.boot for one in self._kept}
        new = [one for one in dict.fromkeys(boots) if one not in known]
        if not new:
            return
        with self._writer.transaction() as db:
            for boot in new:
                row = "INSERT INTO boots (boot, number) SELECT ?, COALESCE(MAX(number), 0) + 1 FROM boots"
                db.execute(row, [boot])
        self._kept = self._read()

    def heard(self, at: Instant, server: datetime, error_s: float) -> None:
        """Keep that at this moment the centre's clock said so, to within that many seconds, if that is news."""
        self.meet([at.boot])
        kept = next(one for one in self._kept if one.boot == at.boot)
        is_old = kept.last_server is None or server - kept.last_server >= timedelta(seconds=REFRESH_S)
        is_better = kept.error_s is None or error_s < kept.error_s / 2
        if not (is_old or is_better):
            return
        with self._writer.transaction() as db:
            db.execute("UPDATE boots SET last_server = ? WHERE boot = ?", [server.isoformat(), at.boot])
            if is_better:
                values = [at.elapsed_s, server.isoformat(), error_s, at.boot]
                db.execute("UPDATE boots SET elapsed_s = ?, server = ?, error_s = ? WHERE boot = ?", values)
        self._kept = self._read()

    def _read(self) -> tuple[BootTime, ...]:
        rows = self._writer.conn.execute(
            "SELECT boot, elapsed_s, server, error_s, last_server FROM boots ORDER BY number"
        ).fetchall()
        return tuple(BootTime(BootId(row[0]), row[1], _moment(row[2]), row[3], _moment(row[4])) for row in rows)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
