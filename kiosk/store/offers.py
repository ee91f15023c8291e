"""How many offers of which zone the desk has made since a moment: counts only, read from journal.db."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from kiosk.domain.events import OfferMade
from kiosk.domain.ids import ZoneId
from kiosk.store.codec import event_from_json
from kiosk.store.database import open_reader

OFFERS_MAX = 2000
"""The newest offers that are looked at: more than a full house is made in a day."""


def offers_since(path: Path, since: datetime) -> dict[ZoneId, int]:
    """Return how many offers of each zone were made since then; nothing while there is no journal."""
    connection = open_reader(path, "tallies")
    if connection is None:
        return {}
    counted: Counter[ZoneId] = Counter()
    try:
        rows = connection.execute(
            "SELECT type, payload FROM events WHERE type = 'offer_made' AND payload IS NOT NULL"
            " ORDER BY seq DESC LIMIT ?",
            (OFFERS_MAX,),
        )
        for name, payload in rows:
            event = event_from_json(name, payload)
            if not isinstance(event, OfferMade) or event.at.wall < since:
                break
            counted[event.zone] += 1
    finally:
        connection.close()
    return dict(counted)
