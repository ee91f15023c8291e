"""What a decision rests on and what it comes to, and the ways in which every answer is filled."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypedDict

from kiosk.domain import events
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Shown
from kiosk.domain.house import House
from kiosk.domain.ids import BadgeKey, EventId, MemberId, ReaderId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge, Holder
from kiosk.domain.presence import Presence
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Request
from kiosk.domain.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision may rest on.

    `holder` is who the roster says the badge, member or visit belongs to; `roster_age_s` None means there is no roster,
    `roster` names the one there is. `presence` is that member's visit, open or last closed. `recent` is the last answer
    to this badge within the guard time. `reference` names the badge that was shown. `new_id` makes the next id, used
    for events, visits, guests and activities alike.

    `keys` are those of the badge shown, under every live version of the secret, the newest first, which is
    `key_version`; `counter` is the last counter a proof of it was accepted with. `badges` are those a request may be
    about, `shown` is the badge it names, and `is_tied` says that somebody has that one already.
    """

    rule: Rule
    zones: frozenset[ZoneId]
    new_id: Callable[[], str]
    house: House = field(default_factory=House)
    presence: Presence | None = None
    holder: Holder | None = None
    roster: str | None = None
    roster_age_s: float | None = None
    recent: Answer | None = None
    reference: str | None = None
    keys: tuple[BadgeKey, ...] = ()
    key_version: int = 1
    counter: int | None = None
    badges: tuple[Badge, ...] = ()
    shown: Shown | None = None
    is_tied: bool = False

    @property
    def basis(self) -> events.Basis:
        """Return which roster the decision rests on."""
        return events.Basis(roster=self.roster, roster_age_s=self.roster_age_s)


@dataclass(frozen=True, slots=True)
class Decision:
    """The events to record, in order, and the answer to give once they are recorded."""

    events: tuple[events.Happened, ...]
    answer: Answer


class OfVisit(TypedDict):
    """What every event of a visit begins with."""

    id: EventId
    at: Instant
    visit: VisitId
    member: MemberId


def of_visit(request: Request, presence: Presence, facts: Facts) -> OfVisit:
    """Return what every event of a visit begins with."""
    return {"id": EventId(facts.new_id()), "at": request.at, "visit": presence.visit, "member": presence.member}


def refusal(request: Request, reason: Reason) -> Decision:
    """Return the decision that nothing happens, and why."""
    return Decision((), Answer(request=request.id, at=request.at, outcome=Outcome.REFUSED, reason=reason))


def rights(facts: Facts) -> events.Rights:
    """Return whether the decision is made on old data."""
    old = facts.roster_age_s is None or facts.roster_age_s > facts.rule.rights_old_s
    return events.Rights.OLD if old else events.Rights.FRESH


def answer_to(  # noqa: PLR0913 - one place that fills an answer; every field is named where it is called
    request: Request,
    outcome: Outcome,
    facts: Facts,
    *,
    reader: ReaderId | None = None,
    reason: Reason | None = None,
    reference: str | None = None,
    presence: Presence | None = None,
    undo_s: int = 0,
    leave_again_s: int = 0,
) -> Answer:
    """Return the answer to the request as far as the facts tell; `presence` is the visit it is about."""
    holder = facts.holder
    answer = Answer(
        request=request.id,
        at=request.at,
        outcome=outcome,
        reader=reader,
        reason=reason,
        reference=reference,
        name=holder.member.name if holder else None,
        rights=rights(facts),
        undo_s=undo_s,
        leave_again_s=leave_again_s,
        visit=presence.visit if presence else None,
        since=presence.arrived_at if presence else None,
        zone=presence.zone if presence else None,
    )
    return replace(answer, language=holder.member.language) if holder else answer
