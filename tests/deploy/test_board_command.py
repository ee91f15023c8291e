"""`samverk board host`: who may sign in at the board."""

import io
import json
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.store.hosts import HostFile
from kiosk.tools.passwords import is_right

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
