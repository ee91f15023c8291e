"""Sounds and speech are played one after the other by real programs, and stop at a word."""

import io
import logging
import subprocess
import threading
import wave
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.members import Language
from kiosk.tools.site import SoundTable
from kiosk.tools.speech.earcons import VOLUMES, Earcon, wav
from kiosk.tools.speech.programs import PLAYERS, Programs, find, play_command
from kiosk.tools.speech.sounds import TEXT_MAX, ProgramSounds, Utterance, Wanted, louder, sounds_of
from tests.support.sounds import Player

pytestmark = pytest.mark.parts

PATIENCE_S = 20.0
HELLO = Utterance("Visa ditt kort.", Language.SV)


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(tmp_path)


class _Started:
    """Starts real programs and keeps them; a test may wait for the next one."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self._news = threading.Condition()

    def __call__(self, *args: Any, **more: Any) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = subprocess.Popen(*args, **more)
        with self._news:
            self.processes.append(process)
            self._news.notify_all()
        return process

    def wait_for(self, count: int) -> subprocess.Popen[bytes]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.processes) >= count, PATIENCE_S)
        return self.processes[count - 1]


@pytest.fixture
def started() -> _Started:
    return _Started()


@pytest.fixture
def make(player: Player, started: _Started) -> Iterator[Callable[[Wanted], ProgramSounds]]:
    made: list[ProgramSounds] = []

    def with_wishes(wanted: Wanted) -> ProgramSounds:
        made.append(ProgramSounds(Programs(find().voice, str(player.path)), wanted, started))
        return made[-1]

    yield with_wishes
    for one in made:
        one.close()


def _has_told(caplog: pytest.LogCaptureFixture, count: int) -> bool:
    return len([one for one in caplog.records if "no sound" in one.message]) == count


def _until(is_so: Callable[[], object]) -> None:
    for _step in range(round(PATIENCE_S / 0.01)):
        if is_so():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came about")


def test_a_short_sound_is_played_as_it_was_made(make: Callable[[Wanted], ProgramSounds], player: Player) -> None:
    make(Wanted(device="hw:1")).play([Earcon.IN], 3)
    _until(player.calls)
    assert "--device=hw:1" in player.calls()[0]
    _until(lambda: player.file(1) == wav(Earcon.IN, 3))


@pytest.mark.parametrize("language", Language)
def test_a_text_is_spoken_by_espeak_into_a_file_and_played_after_the_sound_before_it(
    language: Language, make: Callable[[Wanted], ProgramSounds], player: Player, started: _Started
) -> None:
    make(Wanted()).play([Earcon.OUT, Utterance("Hej då, åäö.", language)], 2)
    _until(lambda: len(player.calls()) == 2)
    started.wait_for(3).wait(PATIENCE_S)
    with wave.open(io.BytesIO(player.file(2))) as file:
        assert file.getnframes() > file.getframerate() / 2
    assert ["espeak-ng" in str(one.args[0]) for one in started.processes] == [False, True, False]  # type: ignore[index]


def test_speech_goes_to_the_headset_and_short_sounds_to_the_loudspeaker(
    make: Callable[[Wanted], ProgramSounds], player: Player
) -> None:
    make(Wanted(device="speaker", headset="ears")).play([Earcon.IN, HELLO], 2)
    _until(lambda: len(player.calls()) == 2)
    assert ["--device=speaker" in player.calls()[0], "--device=ears" in player.calls()[1]] == [True, True]


def test_the_next_action_ends_the_process_that_plays_and_what_was_to_come_after_it(
    make: Callable[[Wanted], ProgramSounds], player: Player, started: _Started
) -> None:
    player.hold()
    sounds = make(Wanted())
    sounds.play([Earcon.IN, HELLO], 2)
    playing = started.wait_for(1)
    _until(player.calls)
    sounds.hush()
    assert playing.wait(PATIENCE_S) == -9
    sounds.play([Earcon.DONE], 2)
    started.wait_for(2)
    _until(lambda: len(player.calls()) == 2)
    assert "done" in player.calls()[1]


def test_nothing_is_left_behind_when_it_is_over(
    make: Callable[[Wanted], ProgramSounds], player: Player, started: _Started
) -> None:
    player.hold()
    sounds = make(Wanted())
    sounds.play([HELLO], 2)
    playing = started.wait_for(2)
    _until(player.calls)
    folder = Path(player.calls()[0].split()[-1]).parent
    assert folder.stat().st_mode & 0o077 == 0
    sounds.close()
    assert playing.wait(PATIENCE_S) == -9
    assert not folder.exists()


def test_a_program_that_fails_is_told_once_and_never_anybody_elses_fault(
    tmp_path: Path, started: _Started, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Player(tmp_path, status=1)
    sounds = ProgramSounds(Programs(None, str(broken.path)), Wanted(), started)
    with caplog.at_level(logging.DEBUG, "samverk.sound"):
        for count in (1, 2, 3):
            sounds.play([Earcon.DONE], 1)
            _until(partial(_has_told, caplog, count))
    sounds.close()
    assert [one.levelname for one in caplog.records if "no sound" in one.message] == ["WARNING", "DEBUG", "DEBUG"]


def test_a_program_that_cannot_be_started_is_no_fault_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "samverk.sound"):
        sounds = ProgramSounds(Programs(None, str(tmp_path / "aplay")), Wanted())
        sounds.play([Earcon.DONE], 1)
        _until(lambda: caplog.records)
        sounds.close()
    assert "no sound: FileNotFoundError" in caplog.text


def test_what_is_not_installed_is_told_once_and_leaves_the_screen_silent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert sounds_of(SoundTable(), Programs(None, None)) == (None, False)
    assert [one.getMessage() for one in caplog.records] == [
        "no sound from espeak-ng: it is not installed",
        "no sound from pw-play or paplay or aplay: it is not installed",
    ]
    caplog.clear()
    assert sounds_of(SoundTable(earcons=False, speech=False), Programs(None, None)) == (None, False)
    assert caplog.records == []


def test_a_machine_with_no_place_for_its_files_is_silent_and_no_fault(
    player: Player, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(**_named: object) -> str:
        raise OSError

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with caplog.at_level(logging.WARNING):
        assert sounds_of(SoundTable(), Programs(None, str(player.path))) == (None, False)
    assert "no place for its files" in caplog.text


def test_without_a_voice_there_are_still_short_sounds(player: Player) -> None:
    sounds, can_speak = sounds_of(SoundTable(), Programs(None, str(player.path)))
    assert (sounds is not None, can_speak) == (True, False)
    if sounds is not None:
        sounds.play([HELLO, Earcon.DONE], 1)
        _until(player.calls)
        sounds.close()
    assert len(player.calls()) == 1


def test_a_site_may_want_speech_and_no_short_sounds(make: Callable[[Wanted], ProgramSounds], player: Player) -> None:
    make(Wanted(earcons=False)).play([Earcon.IN, HELLO], 2)
    _until(player.calls)
    assert "speech.wav" in player.calls()[0]


def test_a_text_is_cut_before_it_is_endless(
    make: Callable[[Wanted], ProgramSounds], player: Player, started: _Started
) -> None:
    player.hold()
    make(Wanted(words_per_minute=400)).play([Utterance("a " * TEXT_MAX, Language.SV)], 1)
    started.wait_for(2)
    _until(player.calls)
    with wave.open(io.BytesIO(player.file(1))) as file:
        assert file.getnframes() / file.getframerate() < 600


def test_every_player_is_called_its_own_way_and_the_sound_server_comes_first() -> None:
    file = Path("/tmp/x.wav")  # noqa: S108 - only named
    assert play_command("/usr/bin/aplay", file, "") == ["/usr/bin/aplay", "-q", str(file)]
    assert play_command("/usr/bin/paplay", file, "a") == ["/usr/bin/paplay", "--device=a", str(file)]
    assert play_command("/usr/bin/pw-play", file, "a") == ["/usr/bin/pw-play", "--target=a", str(file)]
    assert find(lambda name: f"/usr/bin/{name}" if name in PLAYERS else None) == Programs(None, "/usr/bin/pw-play")
    assert find(lambda name: f"/usr/bin/{name}" if name == "aplay" else None) == Programs(None, "/usr/bin/aplay")


def test_after_the_loudest_comes_the_softest() -> None:
    assert [louder(2, steps) for steps in range(len(VOLUMES) + 1)] == [2, 3, 4, 1, 2]
