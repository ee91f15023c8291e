"""The screen's log: a small file of its own, since the terminal is the screen. Never an error's own text or values."""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

LOG_BYTES_MAX = 256 * 1024
PLACES_MAX = 6

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def log_to(path: Path) -> logging.Handler:
    """Send this process's log to the file, which with the one before it never holds more than twice `LOG_BYTES_MAX`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES_MAX, backupCount=1, encoding="utf-8")
    handler.setFormatter(_PlacesOnly(_FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    return handler


def where(error: BaseException) -> str:
    """Return the kind of an error and where it arose, innermost place first; never its text and never a value."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
    places = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames)]
    return f"{type(error).__name__} at {' < '.join(places) or 'an unknown place'}"


class _PlacesOnly(logging.Formatter):
    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - the standard library's name
        return where(ei[1]) if ei[1] is not None else ""
