"""What the desk knows of badges: under which keys one may be known, whose it is, and which were shown here lately."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.desk.shown import ShownBadges
from kiosk.desk.wings import Wings
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Proof, Shown, badge_key, keys_named
from kiosk.domain.badge_books import OwnBadge, ProofCounter, agrees, holder_by, merged
from kiosk.domain.board import UnknownBadge
from kiosk.domain.decision import Decision, Facts
from kiosk.domain.ids import BadgeKey, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge, BadgeStatus, Holder
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import BadgeReport, EnrolBadge, ImportBadge, Request, Tap
from kiosk.store.badges import OwnBadges

NAMED_BY_REFERENCE = frozenset({Reason.BADGE_UNKNOWN, Reason.BADGE_LOST})
"""The refusals after which a host may name the badge by its reference."""
COPIED_TOLD_S = 12 * 3600.0
"""How long hosts are told of a copied badge: to the end of the day. The journal and the centre know it for longer."""

log = logging.getLogger("samverk.desk")


@dataclass(frozen=True, slots=True)
class Named:
    """What a request says of badges: those it may be about, the one it names, and whether that one is somebody's."""

    badges: tuple[Badge, ...] = ()
    shown: Shown | None = None
    is_tied: bool = False


class Badges:
    """The badges of one house. `secrets` are the badge secrets by version."""

    def __init__(self, secrets: Mapping[int, bytes], own: OwnBadges, wings: Wings) -> None:
        """Remember no badge yet."""
        self._secrets = [(version, secrets[version]) for version in sorted(secrets, reverse=True)]
        self._own = own
        self._wings = wings
        self._shown = ShownBadges()
        self._copied_at: Instant | None = None
        self._told: dict[int, Instant] = {}

    @property
    def key_version(self) -> int:
        """Return the version of the newest secret, 1 while there is none."""
        return self._secrets[0][0] if self._secrets else 1

    def keys(self, request: Request) -> tuple[BadgeKey, ...]:
        """Return the keys that the badge shown may be known by, the newest secret's first; none if none was shown."""
        if not isinstance(request, Tap):
            return ()
        return tuple(badge_key(secret, request.uid) for _, secret in self._secrets)

    def holder(self, keys: tuple[BadgeKey, ...]) -> Holder | None:
        """Return who holds the badge known by any of these keys, by the roster and by what was changed here."""
        own = self._own.of_keys(keys)
        if own is None:
            return self._wings.holder_of_badge(keys)
        held = self._wings.holder_of_badge(tuple(dict.fromkeys((*keys, *own.badge.keys))))
        badge = merged(own, held.badge if held else None)
        member = None if badge is None else self._wings.holder_of_member(badge.member)
        return holder_by(badge, held, member)

    def of_member(self, member: MemberId) -> tuple[Badge, ...]:
        """Return the member's badges, by the roster and by what was changed here."""
        listed = {one.key: one for one in self._wings.badges_of(member)}
        for own in self._own.of_member(member):
            known = [listed[key] for key in own.badge.keys if key in listed]
            badge = merged(own, max(known, key=lambda one: one.status is not BadgeStatus.ACTIVE, default=None))
            if badge is not None and badge.member == member:
                listed = {key: one for key, one in listed.items() if key not in own.badge.keys} | {badge.key: badge}
        return tuple(listed.values())

    def counter(self, keys: tuple[BadgeKey, ...]) -> int | None:
        """Return the last counter that a proof of this badge was accepted with, or None."""
        return self._own.counter(keys) if keys else None

    def named(self, request: Request) -> Named:
        """Return what the request says of badges."""
        match request:
            case EnrolBadge(reference=code, member=member):
                shown = self._shown.by(code, request.at)
                is_tied = shown is not None and self.holder(shown.keys) is not None
                return Named(self.of_member(member), shown, is_tied)
            case ImportBadge(badge=key, member=member):
                return Named(self.of_member(member), None, self.holder((key,)) is not None)
            case BadgeReport(member=str() as member):
                return Named(self.of_member(MemberId(member)))
            case BadgeReport(reference=str() as code):
                return Named(self._named_by(code, request.at))
            case _:
                return Named()

    def counted(self, request: Request, decision: Decision, facts: Facts) -> tuple[ProofCounter, ...]:
        """Return the counter to keep: of a proof that was not refused as a copy's, whatever else became of the tap."""
        holder = facts.holder
        match request:
            case Tap(proof=Proof(counter=int(counter))) if holder is not None and holder.badge is not None:
                is_copied = decision.answer.reason is Reason.BADGE_COPIED
                return () if is_copied else (ProofCounter(facts.keys[0], holder.badge.member, counter),)
            case EnrolBadge(member=member) if decision.answer.outcome is Outcome.BADGE_ENROLLED and facts.shown:
                return _first_counter(facts.shown, member)
            case _:
                return ()

    def remember(self, request: Request, keys: tuple[BadgeKey, ...], answer: Answer) -> None:
        """Remember a badge that a host may name by its reference, until it is somebody's."""
        if isinstance(request, Tap) and answer.reason is Reason.BADGE_COPIED:
            self._copied_at = request.at
            log.warning("reader %s: a copied badge was shown and refused", request.reader)
        if isinstance(request, Tap) and keys and answer.reason in NAMED_BY_REFERENCE:
            self._shown.add(Shown(keys, self.key_version, 1, request.proof), request.reader, request.at)
        if isinstance(request, EnrolBadge) and answer.outcome is Outcome.BADGE_ENROLLED:
            shown = self._shown.by(request.reference, request.at)
            if shown is not None:
                self._shown.drop(shown.key)

    def unknown(self, now: Instant) -> tuple[UnknownBadge, ...]:
        """Return the badges that a host may name by their references, the last one shown first."""
        return self._shown.listed(now)

    def copied_at(self, now: Instant) -> Instant | None:
        """Return when a copied badge was last shown, for as long as hosts are told of it."""
        is_told = self._copied_at is not None and now.seconds_since(self._copied_at) <= COPIED_TOLD_S
        return self._copied_at if is_told else None

    def confirm(self, now: Instant) -> None:
        """Take note of what the centre has come to know of the badges changed here.

        It knows of a change when the roster agrees with it, or was confirmed after the change had come to the centre:
        if it says otherwise then, somebody else has changed the badge since.
        """
        open_ = self._own.unconfirmed()
        if not open_:
            return
        told = self._told_before_the_roster(open_, now)
        known = [one for one in open_ if one.seq in told or agrees(one, self._in_roster(one))]
        if known:
            self._own.confirm(known)
            log.info("the centre has %d badge changes of this house", len(known))

    def _told_before_the_roster(self, open_: Sequence[OwnBadge], now: Instant) -> frozenset[int]:
        seqs = [one.seq for one in open_]
        at_centre = self._wings.at_centre(seqs)
        self._told = {seq: self._told.get(seq, now) for seq in at_centre}
        age_s = self._wings.roster_age_s(now)
        if age_s is None:
            return frozenset()
        return frozenset(seq for seq, since in self._told.items() if now.seconds_since(since) > age_s)

    def _in_roster(self, own: OwnBadge) -> Badge | None:
        held = self._wings.holder_of_badge((own.badge.key,))
        return held.badge if held else None

    def _named_by(self, code: str, now: Instant) -> tuple[Badge, ...]:
        """Return the badges of that reference: known by it, or shown here lately under a newer key than they have."""
        between = keys_named(code)
        if between is None:
            return ()
        roster, own = self._wings.badges_between(*between), self._own.between(*between)
        known = dict.fromkeys([one.key for one in roster] + [one.badge.key for one in own])
        shown = self._shown.by(code, now)
        # Of a badge that was shown all keys are known: it may be lost under another than the code is of.
        whole = shown.keys if shown is not None else ()
        asked: list[tuple[BadgeKey, ...]] = [(key,) for key in known if key not in whole]
        asked += [whole] if whole else []
        holders = [self.holder(one) for one in asked]
        found = {one.badge.key: one.badge for one in holders if one is not None and one.badge is not None}
        return tuple(found.values())


def _first_counter(shown: Shown, member: MemberId) -> tuple[ProofCounter, ...]:
    counter = shown.proof.counter if shown.proof else None
    return () if counter is None else (ProofCounter(shown.key, member, counter),)
