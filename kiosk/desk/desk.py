"""The desk: takes a request, asks the rule, records what happened, and only then answers. No threads, no sockets.

Whoever owns a `Desk` calls it from one thread: it is the only writer of the journal.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from kiosk.desk.furnish import furnish, people
from kiosk.desk.recent import RecentAnswers
from kiosk.desk.wings import Wings
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import badge_key, reference
from kiosk.domain.board import Board, Person, ReaderHealth, zone_pictures
from kiosk.domain.closing import closings
from kiosk.domain.company import Surroundings, due
from kiosk.domain.decide import Facts, decide
from kiosk.domain.events import Happened
from kiosk.domain.house import House, forget, replay
from kiosk.domain.ids import Actor, BadgeKey, EventId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import Presence, State
from kiosk.domain.requests import CheckIn, Confirm, JoinZone, Leave, LeaveZone, Request, Tap, Undo
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the desk reads and writes: its own journal, and the other wings' files."""

    journal: JournalWriter
    roster: RosterReader
    zones: ZonesReader


class Desk:
    """One house's desk. `secrets` are the badge secrets by version, the highest first in line."""

    def __init__(self, site: Site, books: Books, secrets: Mapping[int, bytes], new_id: Callable[[], str]) -> None:
        """Take up the house as the journal last recorded it."""
        self._site = site
        self._books = books
        self._wings = Wings(books.roster, books.zones)
        self._secrets = [secrets[version] for version in sorted(secrets, reverse=True)]
        self._new_id = new_id
        self._house = books.journal.house()
        self._recent = RecentAnswers(site.rule.guard_s)
        self._zones = site.zones

    @property
    def house(self) -> House:
        """Return everybody's presence."""
        return self._house

    def handle(self, request: Request) -> Answer:
        """Decide the request, record what happened, and return the answer. What it confirms is on disk."""
        keys = self._badge_keys(request)
        facts = self._facts(request, keys)
        decision = decide(request, facts)
        around = self._around()
        house = replay(decision.events, self._house)
        consequences = due(house, around, request.at, self._event_id) if decision.events else ()
        self._record((*decision.events, *consequences))
        answer = furnish(decision.answer, self._house, around)
        self._remember(request, keys, answer)
        return answer

    def tick(self, now: Instant) -> None:
        """Let time do its work: record what has come due by the rule and by closing time."""
        around = self._around()
        happened = (*due(self._house, around, now, self._event_id),)
        closed = closings(replay(happened, self._house), self._site.hours, now, self._event_id)
        kept = forget(self._house, self._site.rule.uncertain_s, now)
        gone = set(self._house.presences) - set(kept.presences)
        if happened or closed or gone:
            self._house = kept
            self._record((*happened, *closed), gone)

    def board(self, now: Instant, readers: tuple[ReaderHealth, ...] = ()) -> Board:
        """Return the picture of the house, counts only."""
        inside = self._house.inside()
        return Board(
            site=self._site.id,
            name=self._site.name,
            at=now,
            in_house=len(inside),
            present=sum(one.state is State.PRESENT for one in inside),
            zones=zone_pictures(self._house, self._around(), now),
            readers=readers,
            roster_age_s=self._wings.roster_age_s(now),
        )

    def people(self, by: Actor, purpose: str, now: Instant) -> tuple[Person, ...]:
        """Return who is in the house, after one line in the access log."""
        self._books.journal.log_access(now, by, "people in the house", purpose)
        inside = self._house.inside()
        return people(inside, self._wings.people([one.member for one in inside]), now)

    def _badge_keys(self, request: Request) -> tuple[BadgeKey, ...]:
        if not isinstance(request, Tap):
            return ()
        return tuple(badge_key(secret, request.uid) for secret in self._secrets)

    def _facts(self, request: Request, keys: tuple[BadgeKey, ...]) -> Facts:
        wings = self._wings
        presence: Presence | None = None
        holder = None
        match request:
            case Tap():
                holder = wings.holder_of_badge(keys)
                presence = None if holder else self._house.of_badge(keys)
            case CheckIn(member=member):
                holder = wings.holder_of_member(member)
            case JoinZone() | LeaveZone() | Leave() | Undo() | Confirm():
                presence = self._house.of_visit(request.visit)
                holder = wings.holder_of_member(presence.member) if presence else None
        if presence is None and holder is not None:
            presence = self._house.presences.get(holder.member.id)
        return Facts(
            rule=self._site.rule,
            zones=frozenset(self._zones),
            new_id=self._new_id,
            presence=presence,
            holder=holder,
            roster_age_s=wings.roster_age_s(request.at),
            recent=self._recent.of(keys, request.at),
            reference=reference(keys[0]) if keys else None,
        )

    def _around(self) -> Surroundings:
        return Surroundings(rule=self._site.rule, zones=self._zones, occupancies=self._wings.occupancies())

    def _record(self, happened: tuple[Happened, ...], gone: Collection[MemberId] = ()) -> None:
        house = replay(happened, self._house)
        before = self._house.presences
        changed = [one for member, one in house.presences.items() if before.get(member) is not one]
        if happened or gone:
            self._books.journal.append(happened, changed, gone)
        self._house = house

    def _remember(self, request: Request, keys: tuple[BadgeKey, ...], answer: Answer) -> None:
        match request:
            case Tap() if not answer.repeated:
                self._recent.add(keys, answer)
            case Leave(visit=visit) | Undo(visit=visit) if answer.outcome is not Outcome.REFUSED:
                self._recent.drop(visit)

    def _event_id(self) -> EventId:
        return EventId(self._new_id())
