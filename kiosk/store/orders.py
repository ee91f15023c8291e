"""Orders to erase somebody, as a wing reads them in the journal: it carries them out in its own file. Only reads."""

from contextlib import closing
from pathlib import Path

from kiosk.domain.events import PersonErased
from kiosk.store.codec import event_from_json
from kiosk.store.database import open_reader
from kiosk.store.roll_calls import RollCalls

_ORDERS = (
    "SELECT seq, type, payload FROM events WHERE seq > ? AND type = 'person_erased' AND payload IS NOT NULL"
    " ORDER BY seq LIMIT ?"
)
ORDERS_MAX = 100
"""The most orders looked at in one go."""


class ErasureOrders:
    """The orders of one journal, each as often as it takes: what was not carried out comes again."""

    def __init__(self, journal: Path, seen: int = 0) -> None:
        """Remember the file, and that the orders up to that sequence have been carried out."""
        self._journal = journal
        self._seen = seen

    def read(self) -> tuple[tuple[int, PersonErased], ...]:
        """Return the next orders that are not `done`, with their sequences; raise `StoreError` if it cannot be read."""
        connection = open_reader(self._journal, "last_visits")
        if connection is None:
            return ()
        with closing(connection):
            last = int(connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])
            if last < self._seen:
                # The journal is another one, put back from a backup.
                self._seen = 0
            rows = connection.execute(_ORDERS, (self._seen, ORDERS_MAX)).fetchall()
        orders = ((int(seq), event_from_json(name, payload)) for seq, name, payload in rows)
        return tuple((seq, order) for seq, order in orders if isinstance(order, PersonErased))

    def done(self, seq: int) -> None:
        """Take note that the order of that sequence, and those before it, have been carried out."""
        self._seen = seq


def carry_out(orders: ErasureOrders, calls: RollCalls) -> bool:
    """Erase from the roll calls whom the orders are about. Return False while a list in use has somebody of them."""
    is_all = True
    for seq, order in orders.read():
        is_all = calls.erase(order) and is_all
        if is_all:
            orders.done(seq)
    return is_all
