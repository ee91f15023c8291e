"""Which sequences of each source and epoch are here, as ranges. A sequence told twice, under two ids, is a fork."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sync.centre.storage.room import Work

GAPS_MAX = 100
"""The most gaps in one answer."""

FORK, RESTART = "fork", "restart"


@dataclass(frozen=True, slots=True)
class Stream:
    """What is held of one source's epoch; see docs/centre-protocol.md for each name."""

    epoch: str
    first: int
    contiguous: int
    highest: int
    gaps: tuple[tuple[int, int], ...]
    forks: int


def add(work: Work, source: str, epoch: str, sequences: Sequence[int], now: str) -> None:
    """Note that those sequences came, each under an id that was not here before."""
    kept = _ranges(work, source, epoch)
    if not kept and epoch:
        finding(work, source, RESTART, epoch, now)
    ranges = list(kept)
    for one in sorted(sequences):
        if not _joined(ranges, one):
            finding(work, source, FORK, f"{epoch}/{one:016}", now)
    before, after = set(kept), set(ranges)
    statement = "DELETE FROM streams WHERE source = ? AND epoch = ? AND first = ?"
    work.run_many(statement, [(source, epoch, first) for first, _ in sorted(before - after)])
    work.run_many("INSERT INTO streams VALUES (?, ?, ?, ?)", [(source, epoch, *one) for one in sorted(after - before)])


def streams(work: Work, source: str) -> list[Stream]:
    """Return what is held of the source."""
    question = "SELECT DISTINCT epoch FROM streams WHERE source = ? ORDER BY epoch"
    return [_stream(work, source, str(epoch)) for (epoch,) in work.rows(question, (source,))]


def lacking(work: Work) -> dict[str, int]:
    """Return, by source, how many sequences below the newest one of each epoch are lacking, from 1 or its first on."""
    question = "SELECT source, epoch, MIN(first), MAX(last), SUM(last - first + 1) FROM streams GROUP BY source, epoch"
    found: dict[str, int] = {}
    for source, epoch, first, last, held in work.rows(question):
        begins = int(first) if epoch else 1
        found[str(source)] = found.get(str(source), 0) + int(last) - begins + 1 - int(held)
    return dict(sorted(found.items()))


def finding(work: Work, source: str, kind: str, subject: str, now: str, told: str = "") -> None:  # noqa: PLR0913, PLR0917 - the columns of one row
    """Keep something that somebody should look at, once."""
    statement = "INSERT INTO findings VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, kind, subject) DO NOTHING"
    work.run(statement, (source, kind, subject, told, now))


def _ranges(work: Work, source: str, epoch: str) -> list[tuple[int, int]]:
    question = "SELECT first, last FROM streams WHERE source = ? AND epoch = ? ORDER BY first"
    return [(int(first), int(last)) for first, last in work.rows(question, (source, epoch))]


def _joined(ranges: list[tuple[int, int]], one: int) -> bool:
    """Put the sequence into the ranges, and return whether it was not there."""
    at = bisect_right(ranges, (one, 1 << 62))
    before = ranges[at - 1] if at else None
    if before is not None and before[1] >= one:
        return False
    first = last = one
    if at < len(ranges) and ranges[at][0] == one + 1:
        last = ranges.pop(at)[1]
    if before is not None and before[1] == one - 1:
        first = before[0]
        ranges[at - 1] = (first, last)
    else:
        ranges.insert(at, (first, last))
    return True


def _stream(work: Work, source: str, epoch: str) -> Stream:
    ranges = _ranges(work, source, epoch)
    # The first life of a house begins at 1; any other where the house went on.
    lead = [(1, ranges[0][0] - 1)] if not epoch and ranges[0][0] > 1 else []
    between = [(one[1] + 1, other[0] - 1) for one, other in pairwise(ranges)]
    question = "SELECT COUNT(*) FROM findings WHERE source = ? AND kind = ? AND subject LIKE ?"
    forks = work.row(question, (source, FORK, f"{epoch}/%"))
    return Stream(
        epoch,
        first=1 if not epoch else ranges[0][0],
        contiguous=0 if lead else ranges[0][1],
        highest=ranges[-1][1],
        gaps=tuple((lead + between)[:GAPS_MAX]),
        forks=int(forks[0]) if forks else 0,
    )
