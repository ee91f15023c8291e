"""A run's report for people: each line in Swedish, English beside it. Counts and made-up member ids, no names."""

from collections.abc import Iterator

from deploy.simulate.accuracy import Accuracy
from deploy.simulate.judge import Finding
from deploy.simulate.report import Report

SHOWN_MAX = 5
"""How many members are named on one line."""

FINDINGS = {
    Finding.TOGETHER: "i sällskap i zonen | in company in the zone",
    Finding.ELSEWHERE: "i sällskap i en annan zon | in company in another zone",
    Finding.BADGES: "ensam, fast andra kort är med | alone, though other badges have joined",
    Finding.NOBODY: "utan något sällskap | without any company",
}
_ZONE = (
    "{name:18} {f1:>6} {vacant:>8} {occupied:>9} {unknown:>8} {company:>8} {flips:>6} {truth:>6} {rmse:>6} {inside:>7}"
)
_HEAD = {
    "name": "zon | zone",
    "f1": "F1",
    "vacant": "f.vacant",
    "occupied": "f.occup.",
    "unknown": "unknown",
    "company": "f.comp.",
    "flips": "flips",
    "truth": "truth",
    "rmse": "RMSE",
    "inside": "inside",
}


def text(report: Report, took_s: float) -> str:
    """Return the report; `took_s` is the machine's own time."""
    parts = (_day, _desk, _presences, _zones, _end)
    lines = [line for part in parts for line in (*part(report), "")]
    return "\n".join((*lines, f"maskintid | machine time: {took_s:.1f} s"))


def _day(report: Report) -> Iterator[str]:
    asked, truth = report.options, report.truth
    yield f"frö | seed {asked.seed}: {asked.members} medlemmar | members, {asked.zones} zoner | zones, {asked.days} d"
    yield f"personer | people: {truth.members} medlemmar | members, {truth.guests} gäster | guests, {truth.hosts} hosts"
    yield f"som mest i huset | most in the house: {truth.most_in_house}"
    yield f"aldrig i sällskap | never in company: {truth.never_in_company}"
    yield f"givare | sensors: {report.sensors}, {report.messages} meddelanden | messages"
    yield f"dör 12.00 | dies at noon: {truth.dies or '-'}; fastnar | stuck from 14.00: {truth.stuck or '-'}"


def _desk(report: Report) -> Iterator[str]:
    yield f"besök | visits: {report.visits}"
    yield f"  utcheckade | left: {report.left}"
    yield f"  stängda | closed automatically: {report.closed}"
    yield f"  kvar i boken | still in by the book: {report.open}"
    yield f"omstarter | desk restarts: {report.restarts}"
    book = report.journal
    yield f"journal: {book.events} händelser | events, {_verdict(is_good=book.chain_whole and book.replay_equal)}"
    yield f"  {book.digest}"


def _presences(report: Report) -> Iterator[str]:
    found = report.presences
    named = {Finding.BADGES: found.by_badges_alone, Finding.NOBODY: found.with_nobody}
    yield f"närvarande | called present: {sum(found.findings.values())}"
    for finding, words in FINDINGS.items():
        yield f"  {found.findings[finding]:4} {words}"
        yield from _named("       ", named.get(finding, ()))
    yield f"söker sällskap | called passive: {found.lapsed}"
    yield f"  {len(found.passive_in_company):4} i sällskap i zonen | in company in the zone ({found.share_wronged:.1%})"
    yield from _named("      ", found.passive_in_company)
    yield f"  {len(found.overlooked):4} med någon som är med i samma zon | beside a badge joined in the same zone"
    yield f"  {found.passive_elsewhere_in_company:4} i sällskap på annat håll | in company elsewhere"
    if report.only_by_death is not None:
        yield f"  {len(report.only_by_death):4} bara för att en givare dog | only because a sensor died"
        yield f"  {len(report.gone_by_death):4} det också, men hade gått | that too, but had left the house"


def _zones(report: Report) -> Iterator[str]:
    yield _ZONE.format(**_HEAD)
    yield from (_ZONE.format(**_row(one)) for one in report.zones)


def _row(one: Accuracy) -> dict[str, str]:
    return {
        "name": one.zone,
        "f1": "-" if one.f1 is None else f"{one.f1:.3f}",
        "vacant": f"{one.falsely_vacant_min:.1f}",
        "occupied": f"{one.falsely_occupied_min:.1f}",
        "unknown": f"{one.unknown_min:.1f}",
        "company": f"{one.false_company_min:.1f}",
        "flips": str(one.flips),
        "truth": str(one.true_changes),
        "rmse": "-" if one.people_rmse is None else f"{one.people_rmse:.2f}",
        "inside": "-" if one.inside_bounds is None else f"{one.inside_bounds:.1%}",
    }


def _end(report: Report) -> Iterator[str]:
    yield from (f"{about}: {count} vägrade | refused" for about, count in report.refused.items())
    yield from (f"GRÄNS BRUTEN | LIMIT BROKEN: {one}" for one in report.broken)
    if not report.broken:
        yield "alla gränser håller | every limit holds"


def _named(indent: str, members: tuple[str, ...]) -> Iterator[str]:
    if members:
        more = f" + {len(members) - SHOWN_MAX}" if len(members) > SHOWN_MAX else ""
        yield f"{indent}{', '.join(members[:SHOWN_MAX])}{more}"


def _verdict(*, is_good: bool) -> str:
    return "hel | whole" if is_good else "TRASIG | BROKEN"
