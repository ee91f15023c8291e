"""What a tap means for the badge itself: whether it is a copy, and whether it gets the key of a newer secret. Pure."""

from dataclasses import replace

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.decision import Decision, Facts, answer_to
from kiosk.domain.ids import EventId
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Tap


def is_copy(tap: Tap, facts: Facts) -> bool:
    """Return whether a badge that must prove itself did not, or replayed a proof: its number alone lets nobody in."""
    badge = facts.holder.badge if facts.holder else None
    if badge is None or badge.level is not BadgeLevel.VERIFIED:
        return False
    if tap.proof is None:
        return True
    counter = tap.proof.counter
    return counter is not None and facts.counter is not None and counter <= facts.counter


def refuse_copy(tap: Tap, facts: Facts) -> Decision:
    """Return the refusal of a copy and the alarm. The answer names nobody: whoever stands there is a stranger."""
    badge = facts.holder.badge if facts.holder else None
    assert badge is not None  # noqa: S101 - narrows for the type checker; `is_copy` has seen to it
    copied = events.BadgeCopied(
        id=EventId(facts.new_id()),
        at=tap.at,
        badge=badge.key,
        key_version=badge.key_version,
        member=badge.member,
        reader=tap.reader,
    )
    stranger = replace(facts, holder=None)
    answer = answer_to(tap, Outcome.REFUSED, stranger, reader=tap.reader, reason=Reason.BADGE_COPIED)
    return Decision((copied,), answer)


def rekey(tap: Tap, facts: Facts) -> tuple[tuple[events.BadgeRekeyed, ...], Facts]:
    """Return the change of key, if a valid badge is still known by one of an older secret, and the facts after it."""
    holder = facts.holder
    badge = holder.badge if holder else None
    if holder is None or badge is None or not facts.keys or badge.status is not BadgeStatus.ACTIVE:
        return (), facts
    key = facts.keys[0]
    if badge.key not in facts.keys[1:]:
        return (), facts
    rekeyed = events.BadgeRekeyed(
        id=EventId(facts.new_id()),
        at=tap.at,
        badge=key,
        key_version=facts.key_version,
        member=badge.member,
        was=badge.key,
        level=badge.level,
    )
    known = replace(badge, key=key, key_version=facts.key_version)
    return (rekeyed,), replace(facts, holder=replace(holder, badge=known))
