"""`samverk centre retention`: lets go of who came and when, from too long ago, or proves that nothing of it is left."""

import argparse
from datetime import timedelta

from sync.centre.registry import Registry
from sync.centre.watch import KEPT_DAYS


def _retention_arguments(parser: argparse.ArgumentParser) -> None:
    kept = f"what is older than this goes (default {KEPT_DAYS}); the server does it daily by itself"
    parser.add_argument("--keep-days", type=float, default=KEPT_DAYS, metavar="DAYS", help=kept)
    parser.add_argument("--prove", action="store_true", help="only say what is left that should be gone")


def _retention(registry: Registry, args: argparse.Namespace) -> int:
    before = registry.clock().wall - timedelta(days=max(0.0, args.keep_days))
    if not args.prove:
        registry.books.settle()
        print(_told("let go of", registry.let_go(before, anew=True)))
    kept = registry.kept_too_long(before)
    print(_told(f"left of what is older than {before:%Y-%m-%d}:", kept))
    return 1 if kept else 0


COMMANDS = {"retention": ("let go of who came and when, from too long ago", _retention_arguments, _retention)}


def _told(what: str, counts: dict[str, int]) -> str:
    return f"{what} {', '.join(f'{count} {table}' for table, count in counts.items()) or 'nothing'}"
