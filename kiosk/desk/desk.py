"""The desk: takes a request, asks the rule, records what happened, and only then answers. No threads, no sockets.

Whoever owns a `Desk` calls it from one thread: it is the only writer of the journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_bytes

from kiosk.desk.badges import Badges
from kiosk.desk.calling import Calling, Opened, Opening
from kiosk.desk.furnish import WITH_OFFER, for_people, furnish, named_in, people
from kiosk.desk.keeping import Keeping, Order
from kiosk.desk.recent import RecentAnswers
from kiosk.desk.wings import Wings
from kiosk.desk.zone_taps import Also, ZoneTaps
from kiosk.domain.answers import Answer, Offer, Outcome
from kiosk.domain.badge import reference
from kiosk.domain.badge_books import ProofCounter
from kiosk.domain.board import Board, Person, ReaderHealth, UnknownBadge, zone_pictures
from kiosk.domain.closing import closings
from kiosk.domain.company import Surroundings, due
from kiosk.domain.counting import SALT_BYTES, Counts, count
from kiosk.domain.decide import decide
from kiosk.domain.decision import Decision, Facts
from kiosk.domain.erasure import Erasure
from kiosk.domain.evacuation import uncertain
from kiosk.domain.events import BadgeEvent, Happened, OfferMade, RuleTaken
from kiosk.domain.house import House, forget, replay
from kiosk.domain.ids import Actor, BadgeKey, EventId, GuestId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge, Holder
from kiosk.domain.offer import offer_for
from kiosk.domain.presence import Presence, State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import (
    AnswerExit,
    CheckIn,
    EnrolBadge,
    ImportBadge,
    Leave,
    LetGuestIn,
    Request,
    Tap,
    Undo,
    VisitRequest,
)
from kiosk.domain.roll_call import RollCall
from kiosk.domain.tally import Counted, Tally, month_of
from kiosk.store.journal import Entry, JournalWriter
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

    def __init__(
        self,
        site: Site,
        books: Books,
        secrets: Mapping[int, bytes],
        new_id: Callable[[], str],
        random_bytes: Callable[[int], bytes] = token_bytes,
    ) -> None:
        """Take up the house as the journal last recorded it."""
        self._site = site
        self._books = books
        self._wings = Wings(books.roster, books.zones)
        self._badges = Badges(secrets, books.journal.badges, self._wings)
        self._new_id = new_id
        self._house = books.journal.house()
        said = books.journal.people_counted()
        self._counts = Counts(salt=random_bytes(SALT_BYTES), zone=site.hours.zone, said=said)
        self._recent = RecentAnswers(site.rule.guard_s)
        self._zones = site.zones
        self._numbers = asdict(site.rule)
        self._keeping = Keeping(site, books.journal, new_id)
        self._calling = Calling(site, books.journal, self._wings)
        self._zone_taps = ZoneTaps(books.journal, self._wings, self._badges, frozenset(site.zones), self._handle)

    @property
    def house(self) -> House:
        """Return everybody's presence."""
        return self._house

    @property
    def is_removing(self) -> bool:
        """Return whether there is more to remove of what has been kept long enough."""
        return self._keeping.is_running

    def handle(self, request: Request) -> Answer:
        """Decide the request, record what happened, and return the answer. What it confirms is on disk."""
        return self._handle(request, None)

    def _handle(self, request: Request, also: Also | None) -> Answer:
        keys = self._badges.keys(request)
        facts = self._facts(request, keys)
        decision = decide(request, facts)
        counters = self._badges.counted(request, decision, facts)
        around = self._around()
        house = replay(decision.events, self._house)
        consequences = due(house, around, request.at, self._event_id) if decision.events else ()
        # Only whoever stands at the reader reads an offer; a host who lets somebody in talks to them.
        is_tap = isinstance(request, Tap)
        offer = self._offer(decision.answer, replay(consequences, house), around) if is_tap else None
        made = self._made(offer, decision.answer, house)
        happened = (*decision.events, *consequences, *made)
        self._record(happened, _names(request, decision), self._counted(request), counters=counters, also=also)
        answer = furnish(decision.answer, self._house, around)
        answer = self._calling.marked(replace(answer, offer=self._with_names(offer, answer)), self._house)
        self._remember(request, keys, decision, answer)
        return answer

    def tick(self, now: Instant) -> None:
        """Let time do its work: take zone taps, and record what has come due by the rule and by closing time."""
        self._zone_taps.take(self._house, now)
        around = self._around()
        taken = self._rule_taken(now)
        happened = (*taken, *due(self._house, around, now, self._event_id))
        closed = closings(replay(happened, self._house), self._site.hours, now, self._event_id)
        rule = self._site.rule
        kept = forget(replay((*happened, *closed), self._house), max(rule.uncertain_s, rule.correct_s), now)
        self._record((*happened, *closed), after=kept)
        self._badges.confirm(now)
        self._calling.forget(now)
        self._house = self._keeping.step(self._house, now)

    def board(self, now: Instant, readers: tuple[ReaderHealth, ...] = ()) -> Board:
        """Return the picture of the house, counts only."""
        inside, guests = self._house.inside(), self._house.guests_inside()
        return Board(
            site=self._site.id,
            name=self._site.name,
            at=now,
            in_house=len(inside) + len(guests),
            guests=len(guests),
            uncertain=len(uncertain(self._house, self._site.rule, now)),
            present=sum(one.state is State.PRESENT for one in inside),
            zones=zone_pictures(self._house, self._around(), now),
            readers=readers,
            roster_age_s=self._wings.roster_age_s(now),
            activities=tuple(one for one in self._house.activities.values() if one.ends_at > now.wall),
            copied_at=self._badges.copied_at(now),
            roll_call=self._calling.picture(),
        )

    def people(self, by: Actor, purpose: str, now: Instant) -> tuple[Person, ...]:
        """Return who is in the house, after one line in the access log."""
        self._books.journal.log_access(now, by, "people in the house", purpose)
        holders = self._wings.people([one.member for one in self._house.inside()])
        return people(self._house, holders, self._books.journal.guest_names(), now)

    def unknown_badges(self, now: Instant) -> tuple[UnknownBadge, ...]:
        """Return the badges last shown here that a host may name by their references."""
        return self._badges.unknown(now)

    def badges_of(self, member: MemberId, by: Actor, purpose: str, now: Instant) -> tuple[Badge, ...]:
        """Return the member's badges, after one line in the access log."""
        self._books.journal.log_access(now, by, "badges of a member", purpose, member)
        return self._badges.of_member(member)

    def remove_old(self, now: Instant) -> bool:
        """Remove a little more of what has been kept long enough, and return whether there is more."""
        self._house = self._keeping.step(self._house, now, is_asked=True)
        return self.is_removing

    def erase(self, order: Order, now: Instant) -> Erasure:
        """Erase a member who is out, and return what became of it."""
        holder = self._wings.holder_of_member(order.member)
        outcome, self._house = self._keeping.erase(self._house, order, holder, now)
        if outcome is Erasure.ERASED:
            self._calling.forget_member(order.member)
        return outcome

    def open_roll_call(self, opening: Opening, now: Instant) -> Opened:
        """Begin a roll call or join the one of that kind that runs, after one line in the access log."""
        return self._calling.open(opening, self._house, now)

    def tell_roll_call(self, told: RollCall, now: Instant) -> Opened:
        """Take in what a device has of a roll call, and return all that is known of it."""
        return self._calling.tell(told, self._house, now)

    def roll_call(self, call: str) -> Opened:
        """Return a roll call, or None if it is not known."""
        return self._calling.get(call)

    def end_roll_call(self, call: str, by: Actor, now: Instant) -> Opened:
        """End a roll call, with one line in the access log, and return it."""
        return self._calling.end(call, by, now)

    def note_access(self, by: Actor, what: str, purpose: str, about: MemberId | None, now: Instant) -> bool:
        """Write down that somebody is going to look at personal data in the files, and return that it is done."""
        self._books.journal.log_access(now, by, what, purpose, about)
        return True

    def _facts(self, request: Request, keys: tuple[BadgeKey, ...]) -> Facts:
        wings = self._wings
        presence: Presence | None = None
        holder = None
        match request:
            case Tap():
                holder = self._badges.holder(keys)
                presence = None if holder else self._house.of_badge(keys)
            case CheckIn(member=member) | EnrolBadge(member=member) | ImportBadge(member=member):
                holder = wings.holder_of_member(member)
            case VisitRequest():
                presence = self._house.of_visit(request.visit)
                holder = wings.holder_of_member(presence.member) if presence else None
        if presence is None and holder is not None:
            presence = self._house.presences.get(holder.member.id)
        named = self._badges.named(request)
        return Facts(
            rule=self._site.rule,
            zones=frozenset(self._zones),
            new_id=self._new_id,
            house=self._house,
            presence=presence,
            holder=self._as_chosen(holder),
            roster=wings.roster_version(),
            roster_age_s=wings.roster_age_s(request.at),
            recent=self._recent.of(keys, request.at),
            reference=reference(keys[0]) if keys else None,
            keys=keys,
            key_version=self._badges.key_version,
            counter=self._badges.counter(keys),
            badges=named.badges,
            shown=named.shown,
            is_tied=named.is_tied,
        )

    def _as_chosen(self, holder: Holder | None) -> Holder | None:
        """Return the holder with the language they chose here, which goes before the one on the roster."""
        chosen = self._house.preferences.get(holder.member.id) if holder else None
        if holder is None or chosen is None or chosen.language is None:
            return holder
        return replace(holder, member=replace(holder.member, language=chosen.language))

    def _offer(self, answer: Answer, house: House, around: Surroundings) -> Offer | None:
        presence = house.of_visit(answer.visit) if answer.visit else None
        if presence is None or answer.outcome not in WITH_OFFER or answer.repeated:
            return None
        return offer_for(presence, house, around, answer.at)

    def _made(self, offer: Offer | None, answer: Answer, house: House) -> tuple[OfferMade, ...]:
        presence = house.of_visit(answer.visit) if answer.visit else None
        if offer is None or presence is None:
            return ()
        made = OfferMade(
            id=self._event_id(),
            at=answer.at,
            visit=presence.visit,
            member=presence.member,
            zone=offer.zone,
            activity=offer.activity,
        )
        return (made,)

    def _with_names(self, offer: Offer | None, answer: Answer) -> Offer | None:
        presence = self._house.of_visit(answer.visit) if answer.visit else None
        if offer is None or presence is None:
            return answer.offer
        holders = self._wings.people(named_in(offer, self._house, presence.member))
        names = tuple(one.member.name for one in holders.values())
        return for_people(offer, names, self._site.hours.zone)

    def _rule_taken(self, now: Instant) -> tuple[RuleTaken, ...]:
        if self._numbers == self._house.rule_numbers:
            return ()
        return (RuleTaken(id=self._event_id(), at=now, numbers=self._numbers),)

    def _counted(self, request: Request) -> Mapping[Tally, int]:
        if not isinstance(request, AnswerExit):
            return {}
        return {Tally(month_of(request.at, self._site.hours.zone), Counted.MET_SOMEBODY, request.met): 1}

    def _around(self) -> Surroundings:
        return Surroundings(rule=self._site.rule, zones=self._zones, occupancies=self._wings.occupancies())

    def _record(  # noqa: PLR0913, PLR0917 - the parts of one entry
        self,
        happened: tuple[Happened, ...],
        names: Mapping[GuestId, str] | None = None,
        tallies: Mapping[Tally, int] | None = None,
        after: House | None = None,
        counters: tuple[ProofCounter, ...] = (),
        also: Also | None = None,
    ) -> None:
        counting = count(self._counts, self._house, happened)
        house = counting.after if after is None else after
        found = {**counting.tallies, **(tallies or {})}
        before, known = self._house, names or {}
        entry = Entry(happened=happened, before=before, after=house, names=known, tallies=found, counters=counters)
        if also is not None:
            self._books.journal.append(entry, also)
        elif happened or names or tallies or counters or house is not before:
            self._books.journal.append(entry)
        self._house, self._counts = house, counting.counts

    def _remember(self, request: Request, keys: tuple[BadgeKey, ...], decision: Decision, answer: Answer) -> None:
        self._badges.remember(request, keys, answer)
        if answer.reason is Reason.BADGE_COPIED:
            return  # what the badge itself was last answered goes on holding
        self._recent.drop_badges(one.badge for one in decision.events if isinstance(one, BadgeEvent))
        match request:
            case Tap() if not answer.repeated:
                self._recent.add(keys, answer)
            case Leave(visit=visit) | Undo(visit=visit) if answer.outcome is not Outcome.REFUSED:
                self._recent.drop(visit)

    def _event_id(self) -> EventId:
        return EventId(self._new_id())


def _names(request: Request, decision: Decision) -> Mapping[GuestId, str]:
    guest = decision.answer.guest
    return {guest: request.name.strip()} if isinstance(request, LetGuestIn) and guest is not None else {}
