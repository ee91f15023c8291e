"""Plays short sounds and speech one after the other on a thread of its own, and is silent at a word.

Whatever is missing or fails here is told once in the log and is never anybody else's fault.
"""

import logging
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.domain.members import Language
from kiosk.tools.site import SoundTable
from kiosk.tools.speech.earcons import VOLUMES, Earcon, wav
from kiosk.tools.speech.programs import Programs, play_command, speech_command

TEXT_MAX = 2_000
"""A longer text than this is cut before it is spoken: no page says so much."""
PLAY_S_MAX = 180.0
"""A player that takes longer than this hangs."""
JOIN_S = 1.0

_log = logging.getLogger("samverk.sound")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text to speak, and in which language."""

    text: str
    language: Language


Part = Earcon | Utterance


class Sounds(Protocol):
    """What can be heard."""

    def play(self, parts: Sequence[Part], volume: int) -> None:
        """Play these one after the other, in place of whatever plays now; return at once."""

    def hush(self) -> None:
        """Be silent now."""

    def close(self) -> None:
        """Be silent for ever, and leave nothing behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How it shall sound: on which devices, "" for the usual one, how fast, and whether short sounds are wanted.

    For `volume` the short sounds are made at once: whoever comes first shall not wait for them.
    """

    volume: int = 2
    device: str = ""
    headset: str = ""
    words_per_minute: int = 150
    earcons: bool = True


class ProgramSounds:
    """Sounds by the programs of this machine. One process plays at a time; `process` is that one."""

    def __init__(
        self, programs: Programs, wanted: Wanted, start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
    ) -> None:
        """Take the programs and begin to wait for something to play."""
        self._programs = programs
        self._wanted = wanted
        self._start = start
        self._folder = Path(tempfile.mkdtemp(prefix="samverk-sound-"))
        self._news = threading.Condition()
        self._parts: list[Part] = []
        self._volume = 1
        self._number = 0
        self._closed = False
        self._is_loud = True
        self.process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
        self._thread.start()

    def play(self, parts: Sequence[Part], volume: int) -> None:
        """Play these one after the other, in place of whatever plays now; return at once."""
        with self._news:
            self._parts, self._volume = list(parts), volume
            self._number += 1
            self._kill()
            self._news.notify()

    def hush(self) -> None:
        """Be silent now: the process that plays is killed before this returns."""
        self.play((), 1)

    def close(self) -> None:
        """Be silent for ever, and leave nothing behind."""
        with self._news:
            self._closed = True
        self.hush()
        self._thread.join(JOIN_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self) -> None:
        self._make_ready()
        while True:
            with self._news:
                self._news.wait_for(lambda: self._parts or self._closed)
                if self._closed:
                    return
                part, number, volume = self._parts.pop(0), self._number, self._volume
            try:
                self._sound(part, number, volume)
            except (OSError, subprocess.SubprocessError) as error:
                self._tell(type(error).__name__)

    def _make_ready(self) -> None:
        try:
            for earcon in Earcon if self._wanted.earcons else ():
                self._file_of(earcon, self._wanted.volume)
        except OSError as error:
            self._tell(type(error).__name__)

    def _sound(self, part: Part, number: int, volume: int) -> None:
        player = self._programs.player
        if player is None:
            return
        match part:
            case Earcon() if self._wanted.earcons:
                self._process(play_command(player, self._file_of(part, volume), self._wanted.device), number)
            case Utterance():
                self._speak(part, number, volume, player)

    def _file_of(self, earcon: Earcon, volume: int) -> Path:
        file = self._folder / f"{earcon}-{volume}.wav"
        if not file.exists():
            file.write_bytes(wav(earcon, volume))
        return file

    def _speak(self, said: Utterance, number: int, volume: int, player: str) -> None:
        if self._programs.voice is None:
            return
        file = self._folder / "speech.wav"
        command = speech_command(
            self._programs.voice,
            file,
            language=said.language,
            volume=volume,
            words_per_minute=self._wanted.words_per_minute,
        )
        try:
            self._process(command, number, said.text[:TEXT_MAX])
            self._process(play_command(player, file, self._wanted.headset or self._wanted.device), number)
        finally:
            file.unlink(missing_ok=True)

    def _process(self, command: Sequence[str], number: int, text: str = "") -> None:
        """Run one program to its end, unless something else is wanted by now."""
        with self._news:
            if number != self._number:
                return
            process = self.process = self._start(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        try:
            process.communicate(text.encode(), timeout=PLAY_S_MAX)
        finally:
            with self._news:
                self._kill()
                is_wanted = number == self._number
        if process.returncode and is_wanted:
            self._tell(f"{Path(command[0]).name} ended with {process.returncode}")

    def _kill(self) -> None:
        """End the process that plays. The caller holds the lock."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.kill()

    def _tell(self, what: str) -> None:
        _log.log(logging.WARNING if self._is_loud else logging.DEBUG, "no sound: %s", what)
        self._is_loud = False


def sounds_of(
    table: SoundTable, programs: Programs, start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
) -> tuple[ProgramSounds | None, bool]:
    """Return what sounds as the site file wants it, None if nothing can, and whether it can speak.

    What is wanted and not there is told once in the log.
    """
    if table.earcons or table.speech:
        for one in programs.lacking:
            _log.warning("no sound from %s: it is not installed", one)
    can_speak = table.speech and not programs.lacking
    if programs.player is None or not (table.earcons or can_speak):
        return None, False
    wanted = Wanted(
        volume=table.volume,
        device=table.device,
        headset=table.headset,
        words_per_minute=table.words_per_minute,
        earcons=table.earcons,
    )
    try:
        return ProgramSounds(programs, wanted, start), can_speak
    except OSError as error:
        _log.warning("no sound: there is no place for its files (%s)", type(error).__name__)
        return None, False


def louder(usual: int, steps: int) -> int:
    """Return the volume so many steps above the usual one; after the loudest comes the softest."""
    return (usual - 1 + steps) % len(VOLUMES) + 1
