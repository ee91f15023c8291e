"""A measured figure, and how a set of them is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured `count` times, in milliseconds. `bare` names the figure it is compared with, if any."""

    name: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    bare: str | None = None


def figure(name: str, seconds: Sequence[float], bare: str | None = None) -> Figure:
    """Return the figure of these times. With fewer than a hundred the 99th percentile is the worst of them."""
    ordered = sorted(seconds)
    p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * one))] * 1000 for one in (0.95, 0.99))
    return Figure(name=name, count=len(ordered), p50_ms=median(ordered) * 1000, p95_ms=p95, p99_ms=p99, bare=bare)


def table(figures: Sequence[Figure], notes: Sequence[str] = ()) -> str:
    """Return the figures as a table with each one's ratio to its bare cost, and the notes under it."""
    by_name = {one.name: one for one in figures}
    width = max(len(one.name) for one in figures)
    lines = [f"{'':{width}}  {'times':>6}  {'p50 ms':>8}  {'p95 ms':>8}  {'p99 ms':>8}  p50 to bare"]
    for one in figures:
        bare = by_name.get(one.bare or "")
        ratio = f"{one.p50_ms / bare.p50_ms:.1f} x {bare.name}" if bare else ""
        times = "  ".join(f"{ms:>8.3f}" for ms in (one.p50_ms, one.p95_ms, one.p99_ms))
        lines.append(f"{one.name:{width}}  {one.count:>6}  {times}  {ratio}".rstrip())
    return "\n".join([*lines, *notes])


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One thing measured that is no time of many: how much of which unit. `bare` names what it is compared with."""

    name: str
    value: float
    unit: str
    bare: str | None = None


class Measured(NamedTuple):
    """All that a measure found, and what it means here."""

    figures: Sequence[Figure]
    notes: Sequence[str] = ()
    amounts: Sequence[Amount] = ()


def amounts_table(amounts: Sequence[Amount]) -> str:
    """Return the amounts as a table, with each one's ratio to its bare one."""
    by_name = {one.name: one for one in amounts}
    width = max(len(one.name) for one in amounts)
    lines = []
    for one in amounts:
        bare = by_name.get(one.bare or "")
        ratio = f"{one.value / bare.value:.2f} x {bare.name}" if bare and bare.value else ""
        lines.append(f"{one.name:{width}}  {one.value:>10.3f} {one.unit:14}  {ratio}".rstrip())
    return "\n".join(lines)
