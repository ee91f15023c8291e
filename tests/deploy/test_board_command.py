"""`samverk board host`: who may sign in at the board."""

import io
import json
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.store.hosts import HostFile
from kiosk.tools.passwords import is_right
from tests.support.books import write_roster

PASSWORD = "fyra ord på rad"  # noqa: S105 - a test's own


@pytest.fixture
def site(tmp_path: Path) -> list[str]:
    """Return the arguments that name a site whose state is in a folder of the test."""
    file = tmp_path / "site.toml"
    file.write_text(f'[site]\nid = "stockholm"\nname = "Samverket"\nstate_dir = "{tmp_path}"\n')
    return ["--site", str(file)]


def command(monkeypatch: pytest.MonkeyPatch, arguments: list[str], typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["board", "host", *arguments])


def test_a_host_is_added_listed_given_a_new_password_and_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site: list[str], tmp_path: Path
) -> None:
    file = HostFile(tmp_path / "hosts.json")
    assert command(monkeypatch, ["add", "Maja", *site], f"{PASSWORD}\n") == 0
    assert is_right(file.hosts()["Maja"].hash, PASSWORD)
    assert command(monkeypatch, ["list", "--json", *site]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["Maja"]
    assert command(monkeypatch, ["passwd", "Maja", *site], "ett annat lösenord\n") == 0
    assert not is_right(file.hosts()["Maja"].hash, PASSWORD)
    assert command(monkeypatch, ["remove", "Maja", *site]) == 0
    assert file.hosts() == {}


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["add", "Maja"], "kort\n"),
        (["passwd", "Maja"], f"{PASSWORD}\n"),
        (["remove", "Maja"], ""),
        (["add", "/"], PASSWORD),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    site: list[str],
    arguments: list[str],
    typed: str,
) -> None:
    assert command(monkeypatch, [*arguments, *site], typed) == 1
    assert capsys.readouterr().err
    assert command(monkeypatch, ["list", "--json", *site]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_nobody_is_added_twice(monkeypatch: pytest.MonkeyPatch, site: list[str]) -> None:
    assert command(monkeypatch, ["add", "Maja", *site], PASSWORD) == 0
    assert command(monkeypatch, ["add", "Maja", *site], PASSWORD) == 1


def test_a_host_is_tied_to_a_member_keeps_that_with_a_new_password_and_is_told_of_a_wrong_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site: list[str], tmp_path: Path
) -> None:
    write_roster(tmp_path / "roster.db")
    file = HostFile(tmp_path / "hosts.json")
    command(monkeypatch, ["add", "Maja", *site], PASSWORD)
    assert command(monkeypatch, ["member", "Maja", "astrid", *site]) == 0
    assert capsys.readouterr().err == ""
    assert (file.named("astrid"), file.named("bo"), file.named("")) == ("Maja", None, None)
    assert command(monkeypatch, ["passwd", "Maja", *site], "ett annat lösenord\n") == 0
    assert file.named("astrid") == "Maja"
    assert command(monkeypatch, ["list", "--json", *site]) == 0
    assert [one["member"] for one in json.loads(capsys.readouterr().out)] == ["astrid"]
    assert command(monkeypatch, ["member", "Maja", "astrd", *site]) == 0
    assert "no active member 'astrd'" in capsys.readouterr().err
    assert command(monkeypatch, ["member", "Maja", *site]) == 0
    assert file.named("astrd") is None
    assert is_right(file.hosts()["Maja"].hash, "ett annat lösenord")


@pytest.mark.parametrize("arguments", [["Olle", "astrid"], ["Maja", "x" * 200], ["Maja", "\x1b[2J"]])
def test_nobody_is_tied_who_is_no_host_and_to_nothing_that_is_no_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site: list[str], arguments: list[str]
) -> None:
    command(monkeypatch, ["add", "Maja", *site], PASSWORD)
    assert command(monkeypatch, ["member", *arguments, *site]) == 1
    assert capsys.readouterr().err
    command(monkeypatch, ["list", "--json", *site])
    assert [one["member"] for one in json.loads(capsys.readouterr().out)] == ["-"]
