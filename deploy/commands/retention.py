"""`samverk retention run|prove`: removes what has been kept long enough, and proves that nothing is kept longer."""

import argparse
import sys
from collections.abc import Sequence

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.erasing import forget_roll_calls
from deploy.keeper import add_by, keeper
from kiosk.domain.events import RetentionRan
from kiosk.domain.retention import Kind, Retention
from kiosk.domain.zones import Words
from kiosk.store.proof import Proof, Scope, last_run, prove
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site

NONE = "saknas / none"
RULES = {
    Kind.GUEST_NAMES: Words("till natten är slut (04.00)", "until the night is over (04:00)"),
    Kind.ROLL_CALLS: Words("12 h efter uppropets början", "12 h after the roll call began"),
    Kind.VISIT_DETAIL: Words("tills besöket är stängt + 24 h", "until the visit is closed + 24 h"),
    Kind.CLOSED_VISITS: Words(
        "kvitterat av centralen och {keep.closed_visit_days} dygn; oskickat {keep.unsent_days} dygn",
        "acknowledged by the centre and {keep.closed_visit_days} days; unsent {keep.unsent_days} days",
    ),
    Kind.REFUSALS: Words("{keep.closed_visit_days} dygn", "{keep.closed_visit_days} days"),
    Kind.ACTIVITIES: Words("{keep.closed_visit_days} dygn efter slutet", "{keep.closed_visit_days} days after the end"),
    Kind.ERASURES: Words(
        "{keep.closed_visit_days} dygn, och tills samverk sync har läst det",
        "{keep.closed_visit_days} days, and until samverk sync has read it",
    ),
    Kind.PREFERENCES: Words(
        "{keep.preferences_months} månader utan besök", "{keep.preferences_months} months without a visit"
    ),
    Kind.ACCESS_LOG: Words("{keep.access_log_months} månader", "{keep.access_log_months} months"),
    Kind.COUNTS: Words("{keep.counts_months} månader", "{keep.counts_months} months"),
    Kind.SENSOR_HISTORY: Words("24 h", "24 h"),
    Kind.OUTBOX: Words(
        "kvitterat {keep.closed_visit_days} dygn; oskickat med pseudonym efter {keep.unsent_days} dygn",
        "acknowledged {keep.closed_visit_days} days; unsent under a pseudonym after {keep.unsent_days} days",
    ),
}
"""Each kind's rule in words, with the site's numbers put in."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("what", choices=("run", "prove"), help="run: remove now; prove: show that nothing is overdue")
    add_by(parser)
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if removing was done, or if nothing is overdue; else 1."""
    site = site_of(args)
    return _run(site, args) if args.what == "run" else _prove(site, as_json=args.json)


def _run(site: Site, args: argparse.Namespace) -> int:
    before = last_run(site.state_dir)
    with keeper(site, args.by) as one:
        while one.remove_old():
            pass
    forget_roll_calls(site)
    ran = last_run(site.state_dir)
    if ran is None or (before is not None and before.id == ran.id):
        print("samverk retention: Klockan är inte ställd: inget togs bort.", file=sys.stderr)
        print("samverk retention: the clock has never been set: nothing was removed", file=sys.stderr)
        return 1
    print(msgspec.json.encode(ran).decode() if args.json else _ran(site, ran))
    return 0


def _prove(site: Site, *, as_json: bool) -> int:
    keep, centre = site.tables.retention, site.tables.centre
    scope = Scope(state_dir=site.state_dir, keep=keep, zone=site.hours.zone, has_centre=centre is not None)
    proofs = prove(scope, SystemClock()())
    ran = last_run(site.state_dir)
    if as_json:
        rules = {one.kind.value: rule_of(one.kind, keep) for one in proofs}
        found = {"decision": keep.decision, "rules": rules, "proofs": proofs, "last_run": ran}
        print(msgspec.json.encode(found).decode())
    else:
        print(_proved(site, proofs, ran))
    return 1 if any(one.overdue for one in proofs) else 0


def rule_of(kind: Kind, keep: Retention) -> Words:
    """Return the kind's rule in both languages, with the site's numbers."""
    return Words(RULES[kind].sv.format(keep=keep), RULES[kind].en.format(keep=keep))


def _proved(site: Site, proofs: Sequence[Proof], ran: RetentionRan | None) -> str:
    keep = site.tables.retention
    lines = [f"Gallringsbeslut / Deletion decision: {keep.decision or NONE}"]
    for one in proofs:
        rule = rule_of(one.kind, keep)
        oldest = f", äldst/oldest {one.oldest}" if one.oldest else ""
        overdue = f", {one.overdue} FÖR GAMLA / OVERDUE" if one.overdue else ""
        lines += [f"{one.kind}: {one.kept} kvar/kept{oldest}{overdue}", f"    {rule.sv} / {rule.en}"]
    return "\n".join([*lines, _ran(site, ran) if ran else "Gallring har inte körts ännu. / Never removed yet."])


def _ran(site: Site, ran: RetentionRan) -> str:
    removed = ", ".join(f"{count} {kind}" for kind, count in ran.removed.items()) or "inget / nothing"
    local = ran.at.wall.astimezone(site.hours.zone)
    decision = ran.decision or NONE
    return f"Senast gallrat / Last removed {local:%Y-%m-%d %H:%M}: {removed} (beslut / decision: {decision})"
