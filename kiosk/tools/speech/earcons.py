"""The short sounds, each a few notes, told apart by melody and length. Pure: notes in, a WAV file out."""

import io
import math
import sys
import wave
from array import array
from dataclasses import dataclass
from enum import StrEnum

RATE_HZ = 22_050
SAMPLE_MAX = 2**15 - 1
PEAK = 10 ** (-1.5 / 20)
"""The loudest sample, of full scale: -1.5 dB, so that no player clips it (facts: at or below -1 dB)."""
VOLUMES = (0.12, 0.3, 0.6, 1.0)
"""How loud each volume step is, of `PEAK`. Each sounds about twice as loud as the one before."""
SHAPE_PEAK = 0.8807
"""The highest value of the wave, where 0.8 cos x + 0.4 cos 2x is 0."""
FADE_S = 0.008
"""A note that begins or ends at once clicks."""


class Earcon(StrEnum):
    """What a sound tells: somebody came, left, did something else; look here; out of order; time is short."""

    IN = "in"
    OUT = "out"
    DONE = "done"
    ATTENTION = "attention"
    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """A tone of so many hertz, 0 for silence, and how long it lasts in seconds."""

    hertz: float
    seconds: float


_C5, _E5, _G5, _A5, _C6, _A3, _E4 = 523.25, 659.26, 783.99, 880.0, 1046.5, 220.0, 329.63
MELODIES: dict[Earcon, tuple[Note, ...]] = {
    Earcon.IN: (Note(_C5, 0.09), Note(_E5, 0.09), Note(_G5, 0.16)),
    Earcon.OUT: (Note(_G5, 0.09), Note(_E5, 0.09), Note(_C5, 0.16)),
    Earcon.DONE: (Note(_A5, 0.12),),
    Earcon.ATTENTION: (Note(_E5, 0.14), Note(0, 0.05), Note(_C5, 0.14), Note(0, 0.05), Note(_E5, 0.2)),
    Earcon.FAULT: (Note(_E4, 0.35), Note(0, 0.08), Note(_A3, 0.75)),
    Earcon.WARNING: (Note(_C6, 0.1), Note(0, 0.12), Note(_C6, 0.1), Note(0, 0.12), Note(_C6, 0.1)),
}
"""Coming rises, leaving falls, attention dips and returns, a fault is low and long, time running out knocks."""


def wav(earcon: Earcon, volume: int) -> bytes:
    """Return the sound as a WAV file of 16 bits and one channel; `volume` is 1 to `len(VOLUMES)`."""
    samples = array("h")
    for note in MELODIES[earcon]:
        samples.extend(_samples(note, PEAK * VOLUMES[volume - 1]))
    if sys.byteorder == "big":
        samples.byteswap()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return target.getvalue()


def _samples(note: Note, loudness: float) -> list[int]:
    count = round(note.seconds * RATE_HZ)
    step = 2 * math.pi * note.hertz / RATE_HZ
    fade = FADE_S * RATE_HZ
    top = SAMPLE_MAX * loudness / SHAPE_PEAK
    return [round(top * _shape(step * at) * min(1.0, at / fade, (count - at) / fade)) for at in range(count)]


def _shape(angle: float) -> float:
    """Return the wave: its second partial makes a tone audible on a small loudspeaker."""
    return 0.8 * math.sin(angle) + 0.2 * math.sin(2 * angle)
