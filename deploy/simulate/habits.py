"""Who the members are: the habits that make a day hard, dealt out in exact shares, however few the members."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.simulate import figures as f
from deploy.simulate.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One member. `joins`: ever joins a zone; `taps_out`: ever checks out; `at_screen`: makes the first join there."""

    member: str
    joins: bool
    taps_out: bool
    at_screen: bool
    has_badge: bool
    is_strange: bool
    has_guest: bool


def habits(options: Options) -> tuple[Habits, ...]:
    """Return everybody's."""
    members = [f"medlem-{at + 1:04}" for at in range(options.members)]
    never_join = _share(options, "never-join", members, f.NEVER_JOIN)
    never_out = _share(options, "never-out", members, f.NEVER_TAP_OUT)
    at_screen = _share(options, "screen", members, f.JOIN_AT_SCREEN)
    without = _share(options, "badge", members, f.WITHOUT_BADGE)
    strange = _share(options, "strange", members, f.STRANGE_BADGE)
    guests = _share(options, "guest", members, f.WITH_GUEST)
    return tuple(
        Habits(
            member=one,
            joins=one not in never_join,
            taps_out=one not in never_out,
            at_screen=one in at_screen,
            has_badge=one not in without,
            is_strange=one in strange,
            has_guest=one in guests,
        )
        for one in members
    )


def _share(options: Options, what: str, members: Sequence[str], share: f.Figure) -> frozenset[str]:
    return frozenset(options.chance("habits", what).sample(members, round(len(members) * share.value)))
