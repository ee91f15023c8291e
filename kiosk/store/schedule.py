"""When the sync service tries again, kept on disk so that a restart neither forgets a wait nor lengthens it."""

from dataclasses import dataclass

import msgspec

from kiosk.domain.instant import Instant
from kiosk.store.database import Writer

_PUT = "INSERT OR REPLACE INTO schedule (what, since, delay_s, why, failures) VALUES (?, ?, ?, ?, ?)"
_instant = msgspec.json.Decoder(Instant)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Not before `delay_s` seconds after `since`. `why` is why, `failures` how many attempts in a row have failed."""

    since: Instant
    delay_s: float
    why: str = ""
    failures: int = 0

    def wait_s(self, now: Instant) -> float:
        """Return the seconds that remain, never more than `delay_s`, zero when it is time."""
        return max(0.0, self.delay_s - now.seconds_since(self.since))


class Schedule:
    """The appointments by name, such as `push` and `pull`."""

    def __init__(self, writer: Writer) -> None:
        """Read what is kept."""
        self._writer = writer
        rows = writer.conn.execute("SELECT what, since, delay_s, why, failures FROM schedule")
        self._kept = {row[0]: Appointment(_instant.decode(row[1]), row[2], row[3], row[4]) for row in rows}

    def get(self, what: str) -> Appointment | None:
        """Return the appointment of that name, or None if there was never one."""
        return self._kept.get(what)

    def put(self, what: str, appointment: Appointment) -> None:
        """Keep the appointment in place of the earlier one."""
        since = msgspec.json.encode(appointment.since).decode()
        row = [what, since, appointment.delay_s, appointment.why, appointment.failures]
        with self._writer.transaction() as db:
            db.execute(_PUT, row)
        self._kept[what] = appointment

    def forget(self, what: str) -> None:
        """Let it be time for that at once."""
        with self._writer.transaction() as db:
            db.execute("DELETE FROM schedule WHERE what = ?", [what])
        self._kept.pop(what, None)

    def rebase(self, now: Instant) -> None:
        """Count what remains of every wait from now on if the device has been restarted since.

        Across a restart there is only the wall clock, and one that came back in the past would make a wait endless.
        """
        for what, kept in list(self._kept.items()):
            if kept.since.boot != now.boot:
                self.put(what, Appointment(now, kept.wait_s(now), kept.why, kept.failures))
