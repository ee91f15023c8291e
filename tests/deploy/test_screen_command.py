"""`samverk screen` refuses what it cannot show, in one line."""

import io
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.screen.place import Place

SITE = """
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{folder}"
[[reader]]
id = "entrance"
driver = "scripted"
"""


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def site(tmp_path: Path) -> str:
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(folder=tmp_path))
    return str(path)


def test_without_a_terminal_there_is_no_screen(
    site: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["screen", "--site", site]) == 2
    assert "needs a terminal" in capsys.readouterr().err


def test_a_reader_that_the_site_does_not_have_is_refused_with_those_it_has(
    site: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", _Keyboard())
    assert main(["screen", "--site", site, "--reader", "exit"]) == 2
    assert "'exit'; readers: entrance" in capsys.readouterr().err


def test_a_notice_that_cannot_be_read_is_refused(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", _Keyboard())
    assert main(["screen", "--site", site, "--notice", str(tmp_path / "none.json")]) == 2
    assert "cannot be shown" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "theme"), [((), "contrast"), (("--theme", "light"), "light")])
def test_the_site_says_how_the_screen_looks_and_sounds_and_an_option_goes_before_it(
    options: tuple[str, ...], theme: str, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[Place, dict[str, object]]] = []

    def shows(place: Place, *_rest: object, **named: object) -> int:
        shown.append((place, named))
        return 0

    screen = '[screen]\ntheme = "contrast"\nanswer_s = 30\nexit_question = false'
    more = f"\n{screen}\n[sound]\nearcons = false\nspeech = false\n"
    Path(site).write_text(Path(site).read_text() + more)
    monkeypatch.setattr("sys.stdin", _Keyboard())
    monkeypatch.setattr("deploy.commands.screen.run_screen", shows)
    monkeypatch.setattr("deploy.commands.screen.log_to", lambda _path: None)
    assert main(["screen", "--site", site, *options]) == 0
    ((place, named),) = shown
    assert (named["theme"], named["sounds"]) == (theme, None)
    assert (place.times.answer_s, place.asks_exit, place.can_speak) == (30, False, False)
    assert not (tmp_path / "screen.log").exists()
