"""`samverk replay`: a trace through the real profiles and fusion, and what the zones became."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from deploy.arguments import add_site, site_of
from sensors.health import Checked
from sensors.messages import zone_message
from sensors.plan import plan
from sensors.replay import Replay, Shown
from sensors.sight import Evidence
from sensors.trace import BadLine, Traced, read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_site(parser)
    parser.add_argument(
        "trace", type=Path, metavar="TRACE", help="JSON lines as `samverk record` writes; - for standard input"
    )
    parser.add_argument("--every", type=float, metavar="S", help="show every zone also every S seconds of the trace")
    parser.add_argument("--explain", action="store_true", help="add which sensors decided, and each one's health")


def run(args: argparse.Namespace) -> int:
    """Print one zone message a line; 1 if a line of the trace could not be read, 2 if the trace itself could not."""
    if args.every is not None and not args.every > 0:
        print("samverk replay: --every needs a time above 0", file=sys.stderr)
        return 2
    replay = Replay(plan(site_of(args)), args.every)
    bad: list[BadLine] = []
    try:
        with contextlib.nullcontext(sys.stdin) if str(args.trace) == "-" else args.trace.open() as lines:
            for shown in replay.run(_good(read(lines), bad)):
                print(_text(shown, replay, explain=args.explain))
    except (OSError, UnicodeDecodeError) as error:
        print(f"samverk replay: {args.trace} cannot be read: {error}", file=sys.stderr)
        return 2
    for (about, what), count in sorted(replay.watch.counted.items()):
        print(f"samverk replay: {about}: {what}: {count}", file=sys.stderr)
    return 1 if bad else 0


def _good(lines: Iterable[Traced | BadLine], bad: list[BadLine]) -> Iterator[Traced]:
    for one in lines:
        if isinstance(one, Traced):
            yield one
            continue
        bad.append(one)
        print(f"samverk replay: line {one.number} {one.why}", file=sys.stderr)


def _text(shown: Shown, replay: Replay, *, explain: bool) -> str:
    text = zone_message(shown.said, round(shown.t, 3)).decode()
    if not explain:
        return text
    zone = shown.said.occupancy.zone
    evidence = [_explained(one, how) for one, how in zip(replay.watch.evidence(zone), replay.health(zone), strict=True)]
    decided = replay.watch.decided.get(zone, ())
    return json.dumps({**json.loads(text), "decided": decided, "evidence": evidence}, ensure_ascii=False)


def _explained(one: Evidence, how: Checked) -> dict[str, Any]:
    says = [{"sv": words.sv, "en": words.en} for words in how.says]
    memory: dict[str, Any] = msgspec.to_builtins(msgspec.structs.asdict(one.memory))
    return {"sensor": one.limits.sensor, "health": how.health, "says": says, **_seconds(memory)}


def _seconds(memory: dict[str, Any]) -> dict[str, Any]:
    """Return the memory with every instant as seconds of the trace."""
    return {
        key: round(value["elapsed_s"], 3) if isinstance(value, dict) and "elapsed_s" in value else value
        for key, value in memory.items()
    }
