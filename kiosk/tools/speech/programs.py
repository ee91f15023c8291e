"""The programs that make sound: espeak-ng for a voice, and whichever player there is. Command lines only."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.members import Language

VOICE = "espeak-ng"
PLAYERS = ("pw-play", "paplay", "aplay")
"""In this order: where a sound server runs, going past it may find the device taken."""
AMPLITUDES = (30, 60, 100, 160)
"""espeak-ng's own scale, 0 to 200, for each volume step."""
_VOICES = {Language.SV: "sv", Language.EN: "en-gb"}
_DEVICE_OPTIONS = {"pw-play": "--target={}", "paplay": "--device={}", "aplay": "--device={}"}
_QUIET = {"aplay": ("-q",)}


@dataclass(frozen=True, slots=True)
class Programs:
    """What was found: the voice's and the player's paths, None where there is none."""

    voice: str | None
    player: str | None

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return what is not there, as it would be installed or is called."""
        return tuple(
            name for name, found in ((VOICE, self.voice), (" or ".join(PLAYERS), self.player)) if found is None
        )


def find(which: Callable[[str], str | None] = shutil.which) -> Programs:
    """Return the programs that this machine has."""
    return Programs(which(VOICE), next((found for one in PLAYERS if (found := which(one))), None))


def speech_command(
    voice: str, target: Path, *, language: Language, volume: int, words_per_minute: int
) -> Sequence[str]:
    """Return how to have the text on standard input spoken into a WAV file."""
    speed, loudness = str(words_per_minute), str(AMPLITUDES[volume - 1])
    return [voice, "-v", _VOICES[language], "-s", speed, "-a", loudness, "-w", str(target), "--stdin"]


def play_command(player: str, file: Path, device: str) -> Sequence[str]:
    """Return how to play a WAV file on a device, "" for the usual one."""
    name = Path(player).name
    options = [_DEVICE_OPTIONS[name].format(device)] if device else []
    return [player, *_QUIET.get(name, ()), *options, str(file)]
