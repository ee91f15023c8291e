"""Judges every presence that a journal claims against the truth track. Pure; it knows nothing of how they were decided.

`docs/simulate.md` defends the definitions that stand here.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum

from deploy.simulate.claims import Claims, Passive, Presence
from deploy.simulate.track import Stay, Track, track

AROUND_S = 600.0
"""How far from the decision the truth is looked at, both ways: the walk from the screen to a zone, and some leisure."""
TICK_MAX_S = 10.0
"""Time that the house's own rounding may cost: a decision falls on a tick."""
PASSIVE_SHARE_MAX = 0.01
"""The largest share of the members who may be called passive while in company."""
SHARE_FROM = 100
"""The fewest members of whom one is not more than that share already."""


class Finding(StrEnum):
    """What the truth says of one claimed presence."""

    TOGETHER = "together"
    ELSEWHERE = "elsewhere"
    BADGES = "badges"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Judged:
    """One presence and its finding."""

    presence: Presence
    finding: Finding


@dataclass(frozen=True, slots=True)
class Company:
    """What there is to hold a claim against: who truly was where, who stood joined where, and the rule's settle."""

    truth: Track
    joined: Track
    settle_s: float


def judge(claimed: Claims, truth: Track, settle_s: float) -> tuple[Judged, ...]:
    """Return every presence with its finding."""
    around = Company(truth, claimed.joined, settle_s)
    return tuple(Judged(one, finding(one, around)) for one in claimed.presences)


def finding(one: Presence, around: Company) -> Finding:
    """Return what is true of the presence.

    `together`: the member truly shared the zone with somebody for `settle_s` within `AROUND_S` of the decision.
    `elsewhere`: the same, but in another zone than the one joined. `badges`: truly alone or away, but while settling
    another badge stood joined in the zone, or, while its bearer was away, somebody truly was there around then: only
    the badge's word that its bearer was with them is wrong. `nobody`: none of these, and so wrong.
    """
    begin_s, end_s = one.t - AROUND_S, one.t + AROUND_S
    lately_s, enough_s = one.t - around.settle_s - TICK_MAX_S, around.settle_s - TICK_MAX_S
    if around.truth.shared_s(one.member, one.zone, begin_s, end_s) >= enough_s:
        return Finding.TOGETHER
    if around.truth.shared_s(one.member, None, begin_s, end_s) >= enough_s:
        return Finding.ELSEWHERE
    if around.joined.shared_s(one.member, one.zone, lately_s, one.t) >= enough_s:
        return Finding.BADGES
    is_away = not around.truth.in_zone_s(one.member, one.zone, lately_s, one.t)
    if is_away and around.truth.occupied_s(one.zone, begin_s, end_s) >= enough_s:
        return Finding.BADGES
    return Finding.NOBODY


def wronged(passives: Iterable[Passive], truth: Track, settle_s: float) -> frozenset[str]:
    """Return the members who were called passive in a zone while they truly were in company there.

    That is: for all of the `settle_s` before, or for more than twice that before the house took it back.
    """
    return frozenset(one.member for one in passives if _is_wronged(one, one.zone, truth, settle_s))


def by_death(
    passives: Iterable[Passive], anyway: Container[str], truth: Track
) -> tuple[frozenset[str], frozenset[str]]:
    """Return who became passive, but for those who do so `anyway`, on the same day without the death.

    First those who truly were in the house then, and second those who had left it and whose badge alone stood joined.
    """
    found = [one for one in passives if one.member not in anyway]
    inside = frozenset(one.member for one in found if truth.where(one.member, one.t) is not None)
    return inside, frozenset(one.member for one in found) - inside


def overlooked(passives: Iterable[Passive], truth: Track, joined: Track, settle_s: float) -> frozenset[str]:
    """Return those among the wronged whose company had joined the same zone by badge: the house had no excuse."""
    return wronged(passives, borne_out(truth, joined), settle_s)


def borne_out(truth: Track, joined: Track) -> Track:
    """Return where people truly were in the zone that they stood joined in."""
    return track(
        Stay(badge.person, badge.zone, max(badge.begin_s, one.begin_s), min(badge.end_s, one.end_s))
        for badge in joined.stays
        for one in truth.of.get(badge.person, ())
        if one.zone == badge.zone and one.end_s > badge.begin_s and one.begin_s < badge.end_s
    )


def strayed(passives: Iterable[Passive], truth: Track, settle_s: float) -> frozenset[str]:
    """Return those who were called passive in a zone while in company in any, so also where no badge says so."""
    return frozenset(one.member for one in passives if _is_wronged(one, None, truth, settle_s))


def _is_wronged(one: Passive, zone: str | None, truth: Track, settle_s: float) -> bool:
    before_s = truth.shared_s(one.member, zone, one.t - settle_s, one.t)
    after_s = truth.shared_s(one.member, zone, one.t, one.end_s)
    return before_s >= settle_s - TICK_MAX_S or after_s > 2 * settle_s
