"""What a site file that can be used still lacks before people may be let in outside the demonstration."""

from kiosk.tools.site.problems import Problem
from kiosk.tools.site.tables import Site


def lacking(site: Site) -> tuple[Problem, ...]:
    """Return what must be decided first; nothing in the demonstration, whose members are made up."""
    if site.tables.demonstration is not None or site.tables.retention.decision.strip():
        return ()
    where, what = "retention.decision", "is missing: data about people is kept here, and removed by a decision"
    return (Problem(None, where, what, 'write its reference, such as decision = "dnr 2026-123"'),)
