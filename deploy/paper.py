"""The evacuation list on paper: handed to CUPS by `lp`, with a note of how it went that names nobody.

Nothing of the list is left behind here: it goes through a pipe.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.tools.site import Site

LP = "lp"
LP_S = 30.0
"""How long CUPS may take to accept the list; whether it then prints is the printer's business."""
WHY_MAX = 200
NOTE_BYTES_MAX = 4096
TITLE = "Samverk"

Which = Callable[[str], str | None]


class PaperNote(msgspec.Struct, frozen=True):
    """How the last printing went: when, how many surely were in the house, and why it failed, empty if it did not."""

    at: datetime
    in_house: int
    why: str = ""


def print_out(text: str, printer: str, which: Which = shutil.which) -> str:
    """Have the text printed, and return why that failed, or nothing."""
    lp = which(LP)
    if lp is None:
        return "lp is not installed"
    command = [lp, "-d", printer, "-t", TITLE]
    try:
        done = subprocess.run(
            command,
            input=f"{text}\n".encode(),
            capture_output=True,
            check=False,
            timeout=LP_S,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return f"CUPS did not take it within {LP_S:.0f} s"
    except OSError as error:
        return str(error.strerror)
    if done.returncode == 0:
        return ""
    return _last_line(done.stderr) or f"lp ended with status {done.returncode}"


def read_note(site: Site) -> PaperNote | None:
    """Return how the last printing went, or None if nothing is known of one."""
    try:
        with _place(site).open("rb") as file:
            return msgspec.json.decode(file.read(NOTE_BYTES_MAX), type=PaperNote)
    except (OSError, msgspec.MsgspecError):
        return None


def write_note(site: Site, note: PaperNote) -> None:
    """Keep how a printing went."""
    place = _place(site)
    fresh = place.with_name(f"{place.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(note))
    fresh.replace(place)


def is_needed(in_house: int, last: PaperNote | None) -> bool:
    """Return whether a new paper says something: that nobody is in the house is printed once."""
    return in_house > 0 or last is None or last.in_house > 0 or last.why != ""


def _place(site: Site) -> Path:
    return site.state_dir / "paper.json"


def _last_line(told: bytes) -> str:
    lines: Sequence[str] = told.decode(errors="replace").split("\n")
    return next((one.strip()[:WHY_MAX] for one in reversed(lines) if one.strip()), "")
