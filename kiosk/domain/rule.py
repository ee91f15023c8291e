"""The numbers of the rule, as the site file gives them. Defaults are the house's own; bounds catch slips of the pen."""

from dataclasses import dataclass, field, fields

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Seconds unless the name says otherwise; each field is refused outside its bounds."""

    settle_s: int = field(default=180, metadata={"low": 1, "high": DAY_S})
    """Taking part for this long makes a member present."""
    grace_s: int = field(default=2700, metadata={"low": 1, "high": DAY_S})
    """Waiting this long without company brings one offer."""
    linger_s: int = field(default=2700, metadata={"low": 1, "high": DAY_S})
    """Waiting this long in a zone makes a member passive: "söker sällskap"."""
    company_min: int = field(default=2, metadata={"low": 2, "high": 100})
    """How many people in a zone are company, oneself counted."""
    guard_s: int = field(default=5, metadata={"low": 1, "high": 60})
    """The same badge within this time is one event."""
    undo_s: int = field(default=10, metadata={"low": 1, "high": 300})
    """How long an arrival or a leaving can be taken back."""
    leave_again_s: int = field(default=10, metadata={"low": 2, "high": 120})
    """The same badge shown again within this time after "already in" leaves."""
    join_fresh_s: int = field(default=1200, metadata={"low": 1, "high": DAY_S})
    """A pair of joins not older than this outweighs a zone proven vacant: people sit still by the fire."""
    join_company_s: int = field(default=7200, metadata={"low": 1, "high": DAY_S})
    """A join older than this is company to others only while the zone's sensors bear it out."""
    rights_old_s: int = field(default=7 * DAY_S, metadata={"low": 60, "high": 365 * DAY_S})
    """Rights older than this mark each decision as made on old data."""
    rights_limit_s: int = field(default=30 * DAY_S, metadata={"low": 60, "high": 365 * DAY_S})
    """Rights older than this send new arrivals to a host."""
    offers_ignored_max: int = field(default=3, metadata={"low": 1, "high": 20})
    """After this many offers in a row that were not taken, offers pause."""
    offers_pause_s: int = field(default=30 * DAY_S, metadata={"low": 60, "high": 365 * DAY_S})
    """How long offers pause, unless the member asks for them before."""
    after_closing_s: int = field(default=7200, metadata={"low": 0, "high": DAY_S})
    """A tap this long after the automatic check-out means that the member leaves now, not that they come."""
    correct_s: int = field(default=DAY_S, metadata={"low": 60, "high": 7 * DAY_S})
    """How long after it ended a visit can be corrected."""
    uncertain_s: int = field(default=12 * 3600, metadata={"low": 60, "high": 7 * DAY_S})
    """An automatic check-out stays on the evacuation list as uncertain for this long."""

    def __post_init__(self) -> None:
        """Refuse any number outside its bounds, naming all of them."""
        wrong = [
            f"{one.name} must be {one.metadata['low']} to {one.metadata['high']}"
            for one in fields(self)
            if not one.metadata["low"] <= getattr(self, one.name) <= one.metadata["high"]
        ]
        if self.leave_again_s <= self.guard_s:
            wrong.append("leave_again_s must be longer than guard_s")
        if wrong:
            raise ValueError("; ".join(wrong))
