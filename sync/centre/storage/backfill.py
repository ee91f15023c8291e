"""What is worked out once from the rows of an earlier shape."""

import json

from sync.centre.events import BADGE, OfBadge, details_of
from sync.centre.records import KINDS, Kind, badge_statuses, for_house
from sync.centre.storage import kin, losses
from sync.centre.storage.feed import Feed
from sync.centre.storage.room import Work
from sync.centre.times import read_text, utc_text

EVENTS_PER_BATCH = 500
REKEYED = f"{BADGE}rekeyed"


def resources_to_feed(work: Work) -> None:
    """Put every agency and member into the change feed."""
    feed = Feed()
    for kind, identifier, modified, document in work.rows(
        "SELECT type, id, modified, document FROM resources ORDER BY type, id"
    ):
        if kind in KINDS:
            at = utc_text(read_text(modified))
            feed.wrote(work, KINDS[kind], identifier, {}, json.loads(document), at)


def events_to_books(work: Work) -> None:
    """Let the books be kept of every event that is there, oldest first."""
    for (source,) in work.rows("SELECT DISTINCT source FROM events ORDER BY source"):
        last = (-1, "")
        number = 0
        while True:
            question = (
                "SELECT sequence, id FROM events WHERE source = ? AND (sequence, id) > (?, ?) "
                "ORDER BY sequence, id LIMIT ?"
            )
            rows = work.rows(question, (source, *last, EVENTS_PER_BATCH))
            if not rows:
                break
            ids = json.dumps([row[1] for row in rows])
            work.run("INSERT INTO batches VALUES (?, ?, ?)", (source, f"{number:012}", ids))
            last, number = (rows[-1][0], rows[-1][1]), number + 1


def badges_to_losses(work: Work) -> None:
    """Take every badge that is blocked as lost since its member was last changed: when it was is not known."""
    for kind, modified, document in work.rows("SELECT type, modified, document FROM resources ORDER BY type, id"):
        if KINDS.get(kind) is Kind.MEMBER:
            at = utc_text(read_text(modified))
            for badge, status in badge_statuses(for_house(json.loads(document))).items():
                if status != "active" and not losses.is_lost(work, badge):
                    losses.note(work, badge, losses.LOST, at)


def rekeyed_to_kin(work: Work) -> None:
    """Learn from the events that are kept which keys are of one badge, and what was said of it by any of them."""
    for (body,) in work.rows("SELECT body FROM events WHERE type = ? AND body <> '' ORDER BY time", (REKEYED,)):
        event, details = details_of(body)
        if isinstance(details, OfBadge) and details.was:
            kin.link(work, details.badge, details.key_version, details.was, utc_text(event.time))
            losses.share(work, details.badge)
