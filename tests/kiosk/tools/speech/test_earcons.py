"""The short sounds are told apart by melody and length, and never clip."""

import io
import math
import wave
from array import array
from itertools import pairwise

import pytest

from kiosk.tools.speech.earcons import MELODIES, RATE_HZ, VOLUMES, Earcon, wav

LOUDEST = len(VOLUMES)
WINDOW_S = 0.06
TOLERANCE = 0.15
SILENT = 200


def _samples(earcon: Earcon, volume: int = LOUDEST) -> "array[int]":
    with wave.open(io.BytesIO(wav(earcon, volume))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return array("h", file.readframes(file.getnframes()))


def _pitch(earcon: Earcon) -> list[int]:
    """Return the melody as heard: the pitch in hertz of each tone, by how often the wave crosses zero upwards."""
    samples, window = _samples(earcon), round(WINDOW_S * RATE_HZ)
    loud = max(map(abs, samples)) / 2
    found: list[int] = []
    for start in range(0, len(samples) - window, window // 6):
        part = samples[start : start + window]
        tenths = [max(map(abs, part[at : at + window // 10])) for at in range(0, window, window // 10)]
        if min(tenths) < loud:
            continue
        hertz = round(sum(before < 0 <= after for before, after in pairwise(part)) / WINDOW_S)
        if not found or abs(hertz - found[-1]) > TOLERANCE * found[-1]:
            found.append(hertz)
    return found


def _length_s(earcon: Earcon) -> float:
    return len(_samples(earcon)) / RATE_HZ


@pytest.mark.parametrize("earcon", Earcon)
def test_no_sound_is_louder_than_one_decibel_below_full_scale(earcon: Earcon) -> None:
    peak = max(map(abs, _samples(earcon)))
    assert -6 < 20 * math.log10(peak / 32768) <= -1


@pytest.mark.parametrize("earcon", Earcon)
def test_every_volume_is_louder_than_the_one_before(earcon: Earcon) -> None:
    peaks = [max(map(abs, _samples(earcon, volume))) for volume in range(1, LOUDEST + 1)]
    assert peaks == sorted(set(peaks))


def test_coming_rises_leaving_falls_attention_dips_and_returns_and_a_fault_goes_low() -> None:
    rising, falling, dipping = _pitch(Earcon.IN), _pitch(Earcon.OUT), _pitch(Earcon.ATTENTION)
    assert rising[0] < rising[-1]
    assert falling[0] > falling[-1]
    assert dipping[0] > dipping[1] < dipping[2]
    assert max(_pitch(Earcon.FAULT)) < min(*rising, *falling, *dipping)
    assert len(_pitch(Earcon.DONE)) == 1


def test_time_running_out_knocks_three_times_on_one_pitch() -> None:
    samples, gap = _samples(Earcon.WARNING), round(0.05 * RATE_HZ)
    blocks = [max(map(abs, samples[at : at + gap])) > SILENT for at in range(0, len(samples), gap)]
    assert sum(after and not before for before, after in pairwise([False, *blocks])) == 3


def test_a_fault_is_longer_than_everything_else() -> None:
    assert all(_length_s(Earcon.FAULT) > 1.5 * _length_s(one) for one in Earcon if one is not Earcon.FAULT)


def test_no_two_sounds_have_the_same_melody() -> None:
    assert set(MELODIES) == set(Earcon)
    assert len({tuple(one) for one in MELODIES.values()}) == len(Earcon)


def test_no_tone_begins_or_ends_with_a_click() -> None:
    for earcon in Earcon:
        samples = _samples(earcon)
        assert abs(samples[0]) < SILENT
        assert abs(samples[-1]) < 20 * SILENT
