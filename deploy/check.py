"""`./samverk test`: everything that must hold, one step after the other, and then every test. CI runs the same.

It stands outside the `samverk` command, because an installed hub has neither the tests nor their tools.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
STATIC = {
    "ruff check": (BIN / "ruff", "check", "."),
    "ruff format": (BIN / "ruff", "format", "--check", "."),
    "mypy": (BIN / "mypy",),
    "import contracts": (BIN / "lint-imports", "--no-logo"),
}
"""The steps that run nothing of ours, by the name that is printed."""
JOURNEYS = "tests/journeys"
WORKERS = 2
"""How many tests run at a time: as many as the smallest machine that they must run on has cores."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all steps, also after a failure; return 0 if none failed, and then pytest's closing line stands last."""
    args, for_pytest = _parser().parse_known_args(arguments)
    steps: dict[str, Sequence[Path | str]] = {**STATIC, "tests": _pytest(args, for_pytest)}
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    if failed:
        print(f"samverk test: failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./samverk test", description="every check and test; the rest goes to pytest")
    parser.add_argument("--quick", action="store_true", help="the unit tests: what takes no program and no time")
    parser.add_argument("--soak", action="store_true", help="let the tests that can go on for long do so")
    parser.add_argument("--yes", action="store_true", help="install what is missing without asking")
    return parser


def _pytest(args: argparse.Namespace, rest: Sequence[str]) -> list[Path | str]:
    quick = [f"--ignore={JOURNEYS}", "-m", "not parts and not slow"] if args.quick else []
    soak = ["--soak"] if args.soak else []
    side_by_side = [f"--numprocesses={WORKERS}", "--dist=loadfile"]
    return [BIN / "python", "-m", "pytest", "--quiet", *side_by_side, *quick, *soak, *rest]


def _passes(name: str, command: Sequence[Path | str]) -> bool:
    print(f"--- {name}", flush=True)
    began_s = time.monotonic()
    # The tools stand beside this Python, which need not be in PATH.
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    status = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    if name in STATIC:
        print(f"--- {name}: {'ok' if status == 0 else 'FAILED'} in {time.monotonic() - began_s:.1f} s\n", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main())
