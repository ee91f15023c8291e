"""`samverk bench`: every measure, each in a process of its own, in one table with ratios to the bare cost."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from deploy.bench.figures import Amount, Figure, Measured

LAST_WORDS = 3
"""How many lines a measure that failed is quoted with."""

PROGRAM = (sys.executable, "-m", "deploy")

Ask = Callable[[str], Measured]
_MEMORY = Path("/proc/meminfo")


class MeasureError(Exception):
    """A measure failed; the text is the last that it said."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, how much, in which unit, and how many times which bare cost."""

    measure: str
    name: str
    value: float
    unit: str
    p99: float | None = None
    ratio: float | None = None
    bare: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that was measured, on which machine, and why the rest could not be."""

    machine: Mapping[str, str]
    rows: tuple[Row, ...]
    notes: Mapping[str, tuple[str, ...]]
    failed: Mapping[str, str]


def gather(names: Iterable[str], ask: Ask) -> Whole:
    """Take every measure; one that fails hides no other."""
    rows, notes, failed = list[Row](), dict[str, tuple[str, ...]](), dict[str, str]()
    for name in names:
        try:
            found = ask(name)
        except MeasureError as error:
            failed[name] = str(error)
        else:
            rows += _rows(name, found)
            notes[name] = tuple(found.notes)
    return Whole(machine(), tuple(rows), notes, failed)


def asked(name: str, options: Sequence[str], program: Sequence[str] = PROGRAM) -> Measured:
    """Return what the measure finds in a process of its own; raise `MeasureError` if it ends badly."""
    command = [*program, "bench", name, "--json", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        if run.returncode == 0:
            said = msgspec.json.decode(run.stdout.splitlines()[-1], type=_Said)
            return Measured(said.figures, said.notes, said.amounts)
    except (IndexError, msgspec.MsgspecError) as error:
        raise MeasureError(str(error)) from error
    raise MeasureError("; ".join(run.stderr.strip().splitlines()[-LAST_WORDS:]) or f"status {run.returncode}")


def machine() -> dict[str, str]:
    """Return what the figures were taken on, and how busy it was: a figure without that says nothing."""
    memory = next((line.split()[1] for line in _MEMORY.read_text().splitlines() if line.startswith("MemTotal")), "0")
    return {
        "processor": platform.machine(),
        "cores": str(os.cpu_count()),
        "memory_mb": str(int(memory) // 1024),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def text(whole: Whole) -> str:
    """Return everything as one table, with what was said of each measure under it."""
    head = ", ".join(f"{key} {value}" for key, value in whole.machine.items())
    width = max((len(one.name) for one in whole.rows), default=0)
    lines = [head, "", f"{'':10} {'':{width}}  {'p50':>12} {'p99':>12}  {'':10} to bare"]
    lines += [_line(one, width) for one in whole.rows]
    lines += [f"{name:10} {note}" for name, notes in whole.notes.items() for note in notes]
    lines += [f"{name:10} NOT MEASURED: {why}" for name, why in whole.failed.items()]
    return "\n".join(lines)


class _Said(msgspec.Struct):
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()


def _rows(measure: str, found: Measured) -> Iterator[Row]:
    times = {one.name: one.p50_ms for one in found.figures}
    for one in found.figures:
        ratio = _ratio(one.p50_ms, times.get(one.bare or ""))
        yield Row(measure, one.name, one.p50_ms, "ms", one.p99_ms, ratio, one.bare or "")
    values = {one.name: one.value for one in found.amounts}
    for amount in found.amounts:
        ratio = _ratio(amount.value, values.get(amount.bare or ""))
        yield Row(measure, amount.name, amount.value, amount.unit, None, ratio, amount.bare or "")


def _ratio(value: float, bare: float | None) -> float | None:
    return value / bare if bare else None


def _line(one: Row, width: int) -> str:
    p99 = "" if one.p99 is None else f"{one.p99:.3f}"
    ratio = "" if one.ratio is None else f"{one.ratio:.2f} x {one.bare}"
    return f"{one.measure:10} {one.name:{width}}  {one.value:>12.3f} {p99:>12}  {one.unit:10} {ratio}".rstrip()
