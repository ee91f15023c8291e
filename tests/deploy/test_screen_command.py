"""`samverk screen` refuses what it cannot show, in one line."""

import io
from pathlib import Path

import pytest

from deploy.command import main

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
