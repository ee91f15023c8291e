"""A day in a house by the pure rule alone: requests are decided, what is due happens, and nothing is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from kiosk.domain.answers import Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.company import Surroundings, due
from kiosk.domain.decide import decide
from kiosk.domain.decision import Decision, Facts
from kiosk.domain.direction import Direction
from kiosk.domain.events import Happened
from kiosk.domain.house import House, replay
from kiosk.domain.ids import MEMBER, ActivityId, GuestId, MemberId, ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.members import Holder
from kiosk.domain.presence import Presence
from kiosk.domain.requests import CheckIn, JoinZone, Leave, Request, Tap, VisitRequest
from tests.support.house import ZONES, CountedIds, at, holder, surroundings

READER = ReaderId("entrance")
EVA = host("eva")
Event = TypeVar("Event", bound=Happened)


class Day:
    """Members who tap, join and leave. Seconds are since the house opened."""

    def __init__(self, *names: str, around: Surroundings | None = None) -> None:
        """Begin with an empty house that these members may come to."""
        self.around = around or surroundings()
        self.house = House()
        self.ids = CountedIds()
        self.holders: Mapping[MemberId, Holder] = {one.member.id: one for one in map(holder, names)}
        self.happened: list[Happened] = []

    def enrol(self, *holders: Holder) -> None:
        """Let these come too."""
        self.holders = {**self.holders, **{one.member.id: one for one in holders}}

    def tap(self, name: str, seconds: float, direction: Direction = Direction.BOTH) -> Decision:
        """Show the member's badge."""
        request = Tap(
            id=RequestId(self.ids()), at=at(seconds), reader=READER, direction=direction, uid=Uid(bytes(range(1, 5)))
        )
        return self.ask(request, name)

    def check_in(self, name: str, seconds: float) -> Decision:
        """Let the member in as a host."""
        request = CheckIn(id=RequestId(self.ids()), at=at(seconds), member=MemberId(name.lower()), by=EVA)
        return self.ask(request, name)

    def join(self, name: str, zone: ZoneId, seconds: float) -> Decision:
        """Let the member join a zone."""
        visit = self.of(name).visit
        return self.ask(JoinZone(id=RequestId(self.ids()), at=at(seconds), visit=visit, zone=zone, by=MEMBER))

    def leave(self, name: str, seconds: float) -> Decision:
        """Let the member go."""
        return self.ask(Leave(id=RequestId(self.ids()), at=at(seconds), visit=self.of(name).visit, by=MEMBER))

    def ask(self, request: Request, name: str = "") -> Decision:
        """Decide a request, by the member of that name or about a visit, and let happen what it leads to."""
        decision = decide(request, self.facts(request, name))
        self.take(decision.events)
        if decision.events:
            self.take(due(self.house, self.around, request.at, self.ids.event))
        return decision

    def facts(self, request: Request, name: str = "") -> Facts:
        """Return the facts as the desk would gather them, with a fresh roster."""
        presence = self.house.of_visit(request.visit) if isinstance(request, VisitRequest) else None
        member = presence.member if presence else MemberId(name.lower())
        return Facts(
            rule=self.around.rule,
            zones=frozenset(ZONES),
            new_id=self.ids,
            house=self.house,
            presence=presence or self.house.presences.get(member),
            holder=self.holders.get(member),
            roster="roster-1",
            roster_age_s=60.0,
            reference="ABC-DEF",
        )

    def take(self, happened: tuple[Happened, ...]) -> None:
        """Let these events happen."""
        self.happened += happened
        self.house = replay(happened, self.house)

    def pass_to(self, seconds: float, step_s: float = 60.0) -> None:
        """Let time do its work up to that second."""
        now = max((one.at.elapsed_s for one in self.happened), default=0.0)
        while now < seconds:
            now = min(now + step_s, seconds)
            self.take(due(self.house, self.around, at(now), self.ids.event))

    def of(self, name: str) -> Presence:
        """Return that member's presence."""
        return self.house.presences[MemberId(name.lower())]

    def holders_id(self, name: str) -> MemberId:
        """Return the id of the member of that name."""
        return MemberId(name.lower())

    def last(self, kind: type[Event]) -> Event:
        """Return the newest event of that kind."""
        return next(one for one in reversed(self.happened) if isinstance(one, kind))


def new_id() -> RequestId:
    """Return an id for a request that nobody asks back for."""
    return RequestId("request")


def outcome(decision: Decision) -> Outcome:
    """Return the outcome, after making sure that a refusal says why."""
    assert (decision.answer.outcome is Outcome.REFUSED) == (decision.answer.reason is not None)
    return decision.answer.outcome


def guest_of(decision: Decision) -> GuestId:
    """Return the guest that the answer is about."""
    assert decision.answer.guest is not None
    return decision.answer.guest


def activity_of(decision: Decision) -> ActivityId:
    """Return the activity that the answer is about."""
    assert decision.answer.activity is not None
    return decision.answer.activity


def visit_of(decision: Decision) -> VisitId:
    """Return the visit that the answer is about."""
    assert decision.answer.visit is not None
    return decision.answer.visit


def with_agency(one: Holder, **changes: object) -> Holder:
    """Return the holder of an agency with other terms."""
    return replace(one, agency=replace(one.agency, **changes))  # type: ignore[arg-type]  # the fields are the agency's own
