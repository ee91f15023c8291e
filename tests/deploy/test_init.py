"""`samverk init`: a handful of answers become a site file that can be used, and nothing is ever written over."""

import io
from pathlib import Path

import pytest

from deploy.command import main
from deploy.commands.init import QUESTIONS
from kiosk.tools.credentials import badge_secrets
from kiosk.tools.site import load


def arguments(tmp_path: Path, *more: str) -> list[str]:
    return ["init", "--site", str(tmp_path / "etc" / "site.toml"), "--state-dir", str(tmp_path / "state"), *more]


def test_flags_alone_make_a_file_that_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--yes", "--id", "ostersund", "--name", "Samverket Östersund", "--decision", "dnr 1"]
    assert main(arguments(tmp_path, *given, "--centre", "https://centre.example", "--host-phone", "063-123 45")) == 0
    file = tmp_path / "etc" / "site.toml"
    assert main(["config", "check", "--site", str(file)]) == 0
    site = load(file)
    assert (site.id, site.name, site.tables.site.host) == ("ostersund", "Samverket Östersund", "phone")
    assert site.tables.centre is not None
    assert site.tables.centre.source == "se.samverket.ostersund"
    assert "config check" in capsys.readouterr().out


def test_the_badge_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    assert main(arguments(tmp_path, "--yes")) == 0
    path = tmp_path / "state" / "credentials" / "badge-key-v1"
    assert path.stat().st_mode & 0o777 == 0o600
    first = badge_secrets((1,), tmp_path / "state")[1]
    assert len(first) == 32
    (tmp_path / "etc" / "site.toml").unlink()
    assert main(arguments(tmp_path, "--yes")) == 0
    assert badge_secrets((1,), tmp_path / "state")[1] == first


def test_the_key_of_other_houses_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("ab" * 32 + "\n")
    assert main(arguments(tmp_path, "--yes", "--badge-key", str(tmp_path / "theirs"))) == 0
    assert badge_secrets((1,), tmp_path / "state")[1] == b"\xab" * 32


def test_a_file_that_is_there_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "site.toml").write_text("mine")
    assert main(arguments(tmp_path, "--yes")) == 1
    assert (tmp_path / "etc" / "site.toml").read_text() == "mine"
    assert "finns redan" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_it_asks_each_question_once_in_both_languages_and_an_empty_answer_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("falun\nSamverket Falun\n\n\nscripted\n\ndnr 7\n"))
    assert main(arguments(tmp_path)) == 0
    told = capsys.readouterr().out
    assert [told.count(one.sv) for one in QUESTIONS] == [told.count(one.en) for one in QUESTIONS] == [1] * 7
    site = load(tmp_path / "etc" / "site.toml")
    assert (site.id, site.tables.site.closes, site.tables.centre) == ("falun", "18:00", None)
    assert next(iter(site.readers.values())).driver == "scripted"


def test_an_answer_that_cannot_be_used_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, "--yes", "--id", "Östersund", "--closes", "25:00")) == 2
    told = capsys.readouterr().err
    assert ("site.id" in told, "site.closes" in told) == (True, True)
    assert list(tmp_path.iterdir()) == []
