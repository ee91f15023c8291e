"""The log: one line a decision, on standard error, where systemd's journal adds time and unit."""

import logging
import sys

_FORMAT = "%(levelname)s %(name)s: %(message)s"


def start_log(name: str, *, verbose: bool = False, quiet: bool = False) -> logging.Logger:
    """Send this process's log to standard error and return its own logger. A line never holds a UID or a name.

    `quiet` keeps all but errors to itself: for a command whose output a person is reading.
    """
    level = logging.ERROR if quiet else logging.DEBUG if verbose else logging.INFO
    logging.basicConfig(stream=sys.stderr, format=_FORMAT, level=level, force=True)
    for noisy in ("httpx2", "httpcore2", "uvicorn.access", "markdown_it"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return logging.getLogger(name)
