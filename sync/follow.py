"""Keeps the roster equal to our own centre's: by its changes, and by comparing digests, which finds any drift.

A withdrawal is in force before anything else that is read. Whoever is gone goes last, and only if it is believable.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from kiosk.domain.instant import Instant
from kiosk.store.enrolment import Key, Page, Refusal
from kiosk.store.replica import Reached, Replica
from sync.answers import Answer, Gone, Problem, Unreachable
from sync.digests import Digests, agency_hash, digests, member_hash, xor
from sync.messages import Bucket, Change, Changes, Digest, RosterState, read
from sync.parts import Parts, Work
from sync.records import page_of

CHANGES = 500
"""How many changes one page is asked to hold."""
PAGES_MAX = 10_000
"""More pages of changes than this never end."""


class Follow:
    """Follows the centre's roster."""

    def __init__(self, parts: Parts, replica: Replica) -> None:
        """Use the parts; nothing is asked yet."""
        self._parts = parts
        self._replica = replica
        self.is_held = False

    def can_go_on(self, state: RosterState) -> bool:
        """Return whether the changes since the last contact can still be had."""
        reached = self._replica.reached()
        is_known = reached.position >= 0 and reached.epoch == state.epoch
        return is_known and state.horizon <= reached.position <= state.position

    def catch_up(self, state: RosterState) -> Work:
        """Put in force what has changed since the last contact."""
        self.is_held = False
        reached = self._replica.reached()
        if state.position == reached.position:
            return None
        first = self._page(self._ask(reached, only_withdrawals=False))
        if not isinstance(first, Changes):
            return first
        gone: set[str] = set()
        if first.more:
            yield
            problem = yield from self._withdrawals(reached, gone)
            if problem is not None:
                return problem
        else:
            gone = self._known(first)
        self.is_held = self._replica.is_unbelievable(gone)
        if self.is_held:
            self._hold(gone)
        else:
            self._replica.change(Page(), [("member", one) for one in gone], None)
        return (yield from self._rest(first))

    def compare(self, state: RosterState, at: Instant) -> Work:
        """Compare the roster with the centre's and repair what differs; what is equal is confirmed as of `at`."""
        if self._digest().whole() == state.digest:
            self._confirm(state.version, at)
            return None
        yield
        for is_first in (True, False):
            digest = read(Digest, self._parts.client.get("/roster/digest"))
            if not isinstance(digest, Digest):
                return digest
            problem = yield from self._repair(digest, steals=is_first)
            if problem is not None:
                return problem
            if self.is_held:
                return None
            if self._digest().texts() == list(digest.buckets):
                self._confirm(digest.version, at)
                return None
        self._parts.notices.wrong("roster", "it cannot be made equal to the centre's: it is read in full")
        self._replica.lose_place()
        return None

    def _confirm(self, version: str, at: Instant) -> None:
        self._replica.confirm(version, at)
        self._parts.notices.well("roster")

    def _hold(self, gone: Collection[str]) -> None:
        self.is_held = True
        self._replica.hold(gone, self._parts.wall())
        why = f"the centre takes away {len(gone)} known members at once: nobody is removed until that is believable"
        self._parts.notices.wrong("roster", why)

    def _withdrawals(self, since: Reached, gone: set[str]) -> Work:
        at = since
        for _ in range(PAGES_MAX):
            page = self._page(self._ask(at, only_withdrawals=True))
            if not isinstance(page, Changes):
                return page
            self._replica.change(_kept(page), (), None)
            gone |= self._known(page)
            if not page.more:
                return None
            at = replace(at, position=page.position)
            yield
        return Unreachable("the changes have no end")

    def _rest(self, first: Changes) -> Work:
        page = first
        for _ in range(PAGES_MAX):
            gone = [] if self.is_held else [(one.kind, one.id) for one in page.changes if one.gone]
            # While the removals are not believed, they are to be told again: the place stays where it was.
            then = None if self.is_held else Reached(page.epoch, page.position)
            self._replica.change(_kept(page), gone, then)
            if not page.more:
                return None
            yield
            following = self._page(self._ask(Reached(page.epoch, page.position), only_withdrawals=False))
            if not isinstance(following, Changes):
                return following
            page = following
        return Unreachable("the changes have no end")

    def _known(self, page: Changes) -> set[str]:
        gone = (one.id for one in page.changes if one.gone and one.kind == "member")
        return {one for one in gone if self._replica.member(one) is not None}

    def _repair(self, digest: Digest, *, steals: bool) -> Work:
        ours = self._digest()
        differing = [at for at, text in enumerate(ours.texts()) if text != digest.buckets[at]]
        ours = self._digest(differing)
        count, lacking = 0, list[Key]()
        for number in differing:
            bucket = read(Bucket, self._parts.client.get(f"/roster/digest/{number}"))
            if not isinstance(bucket, Bucket):
                return bucket
            if bucket.version != digest.version:
                return Unreachable("the roster changed while it was compared", after_s=0.0)
            if not _adds_up(bucket, digest.buckets[number]):
                return Unreachable("the records of a bucket are not those of its digest")
            count += self._mend(bucket, ours.records[number], steals=steals)
            lacking += ours.records[number].keys() - {(one.kind, one.id) for one in bucket.records}
            yield
        self._let_go(lacking)
        count += 0 if self.is_held else len(lacking)
        if count and steals:
            self._replica.drifted(count, self._parts.wall())
            self._parts.notices.tell("roster: %d records were not as the centre has them, and are now", count)
        return None

    def _let_go(self, lacking: list[Key]) -> None:
        people = {name for kind, name in lacking if kind == "member" and self._replica.member(name) is not None}
        self.is_held = self._replica.is_unbelievable(people)
        if self.is_held:
            self._hold(people)
        else:
            self._replica.change(Page(), lacking, None)

    def _mend(self, bucket: Bucket, ours: dict[Key, str], *, steals: bool) -> int:
        differing = [one for one in bucket.records if ours.get((one.kind, one.id)) != one.hash]
        page = page_of([(one.kind, one.resource, one.hash) for one in differing])
        refused = tuple(replace(one, own=self._own(one.kind, one.id)) for one in page.refused)
        self._replica.change(replace(page, refused=refused), (), None, steals=steals)
        if not steals:
            self._replica.change(Page(refused=self._unlike(bucket)), (), None)
        return len(differing) - len(refused)

    def _unlike(self, bucket: Bucket) -> tuple[Refusal, ...]:
        """Return the records that cannot be kept as the centre has them, so that they are not fetched each time."""
        reason = "cannot be kept as the centre has it: another member holds its badge"
        pairs = [(one, self._own(one.kind, one.id)) for one in bucket.records]
        return tuple(Refusal(one.kind, one.id, reason, one.hash, own) for one, own in pairs if own and own != one.hash)

    def _own(self, kind: str, name: str) -> str:
        if kind == "agency":
            return next((agency_hash(one) for one in self._replica.agencies() if one[0] == name), "")
        found = self._replica.member(name)
        return "" if found is None else member_hash(*found)

    def _digest(self, look_into: Sequence[int] = ()) -> Digests:
        kept = self._replica
        return digests(kept.members(), kept.agencies(), kept.refused(), look_into)

    def _ask(self, at: Reached, *, only_withdrawals: bool) -> Answer:
        question = {"epoch": at.epoch, "after": str(at.position), "limit": str(CHANGES)}
        more = {"only": "withdrawals"} if only_withdrawals else {}
        return self._parts.client.get("/roster/changes", question | more)

    def _page(self, answer: Answer) -> Changes | Problem:
        if isinstance(answer, Gone):
            self._replica.lose_place()
        return read(Changes, answer)


def _kept(page: Changes) -> Page:
    def order(one: Change) -> tuple[bool, bool]:
        return not one.withdraws, one.kind != "agency"

    kept = sorted((one for one in page.changes if not one.gone), key=order)
    return page_of([(one.kind, one.resource, "") for one in kept])


def _adds_up(bucket: Bucket, digest: str) -> bool:
    try:
        return xor(one.hash for one in bucket.records) == digest
    except ValueError:
        return False
