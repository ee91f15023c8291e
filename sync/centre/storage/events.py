"""The presence events, each kept once, however often it is sent. What follows from them is in the books."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from kiosk.domain.instant import Instant
from sync.centre.events import EventVerdict, Told, Verdict
from sync.centre.storage import disputes
from sync.centre.storage.room import Room, Row, Work

IDS_MAX = 1000
"""The most ids that one question may be about."""

GROUP_MAX = 2000
"""The most events that are written in one transaction, but for a single batch that is larger."""

_COLUMNS = ("source", "id", "sequence", "type", "time", "digest", "body", "received")
_DIGEST = _COLUMNS.index("digest")


@dataclass(slots=True)
class _Turn:
    told: Sequence[Told]
    at: Instant
    verdicts: tuple[EventVerdict, ...] | None = None
    error: Exception | None = None


class Events:
    """The events by source and id.

    Batches that arrive while another is written are written together, in one transaction: a sync of the disk is what
    costs, and all of them wait for the same one.
    """

    def __init__(self, room: Room, make_id: Callable[[], str]) -> None:
        """Use the open database. `make_id` makes ids that rise."""
        self._room = room
        self._make_id = make_id
        self.waiting: deque[_Turn] = deque()
        self._writing = threading.Lock()

    def keep(self, told: Sequence[Told], at: Instant) -> tuple[EventVerdict, ...]:
        """Keep those that are new, in one transaction, and return a verdict on each. On return they are on disk.

        The first content of an id stands: other content under the same id is a conflict and changes nothing.
        """
        turn = _Turn(told, at)
        self.waiting.append(turn)
        with self._writing:
            if turn.verdicts is None and turn.error is None:
                self._write(self._group())
        if turn.error is not None:
            raise turn.error
        return turn.verdicts or ()

    def _group(self) -> list[_Turn]:
        """Return the turns to take together: in the order they came, and the first whatever its size."""
        group: list[_Turn] = []
        size = 0
        while self.waiting and (not group or size + len(self.waiting[0].told) <= GROUP_MAX):
            group.append(self.waiting.popleft())
            size += len(group[-1].told)
        return group

    def _write(self, group: list[_Turn]) -> None:
        try:
            with self._room.transaction() as work:
                verdicts = self._keep(work, group)
        except Exception as error:  # noqa: BLE001 - whatever it is, each of those who wait must hear of it
            for turn in group:
                turn.error = error
            return
        for turn in group:
            turn.verdicts = tuple(islice(verdicts, len(turn.told)))

    def _keep(self, work: Work, group: list[_Turn]) -> Iterator[EventVerdict]:
        told = [one for turn in group for one in turn.told]
        keys = [(one.source, one.id) for one in told]
        known = _known(work, keys)
        rows = _rows(group, known)
        new = work.add_new("events", _COLUMNS, list(rows.values()))
        self._note(work, new)
        members, badges = {one.member for one in told if one.member}, {one.badge for one in told if one.badge}
        doubted = disputes.doubt(work, members, badges)
        if not doubted and len(new) == len(told):
            return iter([EventVerdict(one.id, Verdict.ACCEPTED) for one in told])
        if not doubted and not rows and [known[key] for key in keys] == [one.digest for one in told]:
            return iter([EventVerdict(one.id, Verdict.DUPLICATE) for one in told])
        digests: dict[tuple[str, str], bytes] = {key: row[_DIGEST] for key, row in rows.items()}
        digests |= known | _kept(work, [key for key in rows if key not in new])
        return iter(_verdicts(told, new, digests, doubted))

    def missing(self, source: str, ids: Sequence[str]) -> list[str]:
        """Return which of the ids are not on disk, in their order."""
        asked = list(ids)[:IDS_MAX]
        with self._room.reading() as work:
            kept = {identifier for _, identifier in _kept(work, [(source, one) for one in asked])}
        return [one for one in asked if one not in kept]

    def _note(self, work: Work, new: Iterable[tuple[str, str]]) -> None:
        """Leave word of what is new for the books."""
        by_source: dict[str, list[str]] = {}
        for source, identifier in new:
            by_source.setdefault(source, []).append(identifier)
        notes = [
            (source, self._make_id(), _json.encode(ids[start : start + IDS_MAX]).decode())
            for source, ids in by_source.items()
            for start in range(0, len(ids), IDS_MAX)
        ]
        work.run_many("INSERT INTO batches VALUES (?, ?, ?)", notes)


def row_of(one: Told, received: str) -> Row:
    """Return the row that the event is kept as."""
    return (one.source, one.id, one.sequence, one.type, one.time, one.digest, one.body, received)


def _rows(group: list[_Turn], known: Mapping[tuple[str, str], bytes]) -> dict[tuple[str, str], Row]:
    """Return the rows to write: of what is not known, the first that was told under each id."""
    rows: dict[tuple[str, str], Row] = {}
    for turn in group:
        received = turn.at.wall.isoformat()
        for one in turn.told:
            key = (one.source, one.id)
            if key not in known and key not in rows:
                rows[key] = row_of(one, received)
    return rows


def _known(work: Work, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """Return the digests of those that are kept already, if the first, middle or last of them is: of what comes again.

    News cost one small question more; what comes again costs no writing at all.
    """
    some = [keys[at] for at in sorted({0, len(keys) // 2, len(keys) - 1})] if keys else []
    return _kept(work, keys) if _kept(work, some) else {}


def _kept(work: Work, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    found = {}
    for source in {key[0] for key in keys}:
        mine = [key[1] for key in keys if key[0] == source]
        for identifier, digest in work.of_source("events", "id, digest", "id", source, mine):
            found[source, identifier] = bytes(digest)
    return found


def _verdicts(
    told: Sequence[Told],
    new: set[tuple[str, str]],
    digests: dict[tuple[str, str], bytes],
    doubted: disputes.Doubt,
) -> list[EventVerdict]:
    fresh, verdicts = set(new), []
    for one in told:
        key = (one.source, one.id)
        if digests[key] != one.digest:
            reason = "another event with this id is kept already"
            verdicts.append(EventVerdict(one.id, Verdict.CONFLICT, reason))
            continue
        verdict = Verdict.ACCEPTED if key in fresh else Verdict.DUPLICATE
        fresh.discard(key)
        reason = doubted.reason(one.member, one.badge, one.time) if one.member else ""
        verdicts.append(EventVerdict(one.id, Verdict.DISPUTED if reason else verdict, reason))
    return verdicts


_json = msgspec.json.Encoder()
