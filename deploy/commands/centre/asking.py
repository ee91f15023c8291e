"""`samverk centre report`: what the centre holds and how its houses are."""

import argparse
import json
from typing import Any

from sync.centre.registry import Registry, Report
from sync.centre.storage.houses import House


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _report(registry: Registry, args: argparse.Namespace) -> int:
    report, houses = registry.report(), registry.houses.all()
    print(json.dumps(_as_json(report, houses), indent=2) if args.json else _as_text(report, houses))
    return 0


COMMANDS = {"report": ("what the centre holds", _report_arguments, _report)}


def _as_json(report: Report, houses: list[House]) -> dict[str, Any]:
    return {
        "agencies": report.agencies,
        "members": report.members,
        "events": report.events,
        "distinct": report.distinct,
        "missing": report.missing,
        "disputes": report.disputes,
        "overlaps": report.overlaps,
        "excesses": report.excesses,
        "houses": {
            one.source: {
                "site": one.site,
                "seen": one.seen,
                "silent": bool(one.silent),
                "refused": one.refused,
                "version": one.health.version,
                "queue": one.health.queue,
                "quarantine": one.health.quarantine,
                "roster_age_s": one.health.roster_age_s,
                "clock": one.health.clock,
            }
            for one in houses
        },
    }


def _as_text(report: Report, houses: list[House]) -> str:
    lines = [f"{report.agencies} agencies, {report.members} members, {report.distinct} events"]
    lines.append(
        f"{sum(report.disputes.values())} disputes, {report.overlaps} overlaps, {report.excesses} excesses of seats"
    )
    for source, by_type in report.events.items():
        lines.append(f"{source}: {report.missing.get(source, 0)} sequences missing")
        lines += [f"  {count:>8}  {kind}" for kind, count in by_type.items()]
    for one in houses:
        state = "silent" if one.silent else "well"
        lines.append(f"{one.source}: {state}, last heard of {one.seen}, {one.refused} refused")
    return "\n".join(lines)
