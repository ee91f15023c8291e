"""`samverk bench screen`, what is heard: from a wish to the player's start, and from an action to silence.

The voice is the real one, the page the longest that is often spoken; the player is a program that plays for ever.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.bench.figures import Measured, figure
from deploy.example_house import ANSWERS, NOW, PLACE
from kiosk.domain.members import Language
from kiosk.screen.pages import Answered
from kiosk.screen.speech import spoken
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.programs import Programs, find
from kiosk.tools.speech.sounds import Part, ProgramSounds, Utterance, Wanted

TIMES_MAX = 40
START_S = 10.0
EARCON, VOICE, SILENCE = "answer to its short sound", "answer to its speech", "action to silence"
_PLAYER = "#!/bin/sh\nexec sleep 600\n"


class _Watched:
    """Starts programs and tells when; those named `player` are what is heard."""

    def __init__(self) -> None:
        self.playing = threading.Semaphore(0)
        self.started_s = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def __call__(self, command: Sequence[str], **more: Any) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = subprocess.Popen(command, **more)
        if Path(command[0]).name == "player":
            self.started_s, self.process = time.perf_counter(), process
            self.playing.release()
        return process


def measure(taps: int, members: int) -> Measured:
    """Return the figures, and a note where there is no voice. The roster has no part in this."""
    del members
    voice = find().voice
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        player = Path(folder) / "player"
        player.write_text(_PLAYER)
        player.chmod(0o700)
        watched = _Watched()
        sounds = ProgramSounds(Programs(voice, str(player)), Wanted(), watched)
        try:
            return _measured(sounds, watched, min(taps, TIMES_MAX), has_voice=voice is not None)
        finally:
            sounds.close()


def _measured(sounds: ProgramSounds, watched: _Watched, times: int, *, has_voice: bool) -> Measured:
    page = Answered(answer=ANSWERS["arrived"], language=Language.SV, undo_s=10)
    text = Utterance(spoken(page, PLACE, NOW.wall), Language.SV)
    starts: dict[str, list[float]] = {EARCON: [], VOICE: []}
    stops = []
    wanted: list[tuple[str, Part]] = [(EARCON, Earcon.IN), *([(VOICE, text)] if has_voice else [])]
    for _time in range(times):
        for name, part in wanted:
            began_s = time.perf_counter()
            sounds.play([part], 2)
            if not watched.playing.acquire(timeout=START_S) or watched.process is None:
                message = f"nothing was played for {name}"
                raise RuntimeError(message)
            starts[name].append(watched.started_s - began_s)
            began_s = time.perf_counter()
            sounds.hush()
            watched.process.wait(START_S)
            stops.append(time.perf_counter() - began_s)
    figures = [figure(name, found, EARCON if name != EARCON else None) for name, found in starts.items() if found]
    notes = [] if has_voice else ["no voice here: install espeak-ng for speech"]
    return Measured([*figures, figure(SILENCE, stops)], notes)
