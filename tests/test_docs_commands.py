"""Every `samverk ...` that a page or a finding tells somebody to type is taken by its parser; files named are there."""

import argparse
import contextlib
import importlib
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.command import COMMANDS
from deploy.commands.doctor import CHECKS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = sorted([*(ROOT / "deploy" / "doctor").glob("*.py"), *(ROOT / "deploy" / "broker").glob("*.py")])
_SPAN = re.compile(r"`((?:\./)?samverk [^`\n]+)`")
_LINE = re.compile(r"^\s*((?:\./)?samverk .+)$", re.MULTILINE)
_BLOCK = re.compile(r"^ *```(?:sh|)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_USAGE = re.compile(r"[\[\]|{}<>…]|\.\.\.")
"""What only a description of a command has in it, and never a command."""

_PATH = re.compile(r"`((?:tests|deploy|kiosk|sensors|sync)/[\w./-]+)(?:::\w+)?`")
_LACKING = re.compile("are required|expected one argument")

NUMBERS = {"N": "7", "S": "60", "D": "30"}
"""Placeholders that stand for a number."""


@dataclass(frozen=True)
class Told:
    """A command that somebody is told to type, or one that is only named within a sentence."""

    command: str
    is_named: bool


def told(text: str) -> Iterator[Told]:
    """Yield every command in the text, without the program's name and what follows on the line."""
    lines = [line for block in _BLOCK.findall(text) for line in _LINE.findall(block)]
    for one, is_named in [*((span, True) for span in _SPAN.findall(text)), *((line, False) for line in lines)]:
        command = re.split(r" #|  +[a-z]|; | && ", one.removeprefix("./").removeprefix("samverk "))[0]
        yield Told(command.strip(), is_named)


def wrong_in(path: Path) -> dict[str, str]:
    """Return why each command in the file that is none is none."""
    return {one.command: why for one in told(path.read_text()) if (why := parsed(one))}


def parsed(one: Told) -> str:
    """Return why the command is none, or nothing. Of a mere description only the command's name is looked at.

    One that is named within a sentence may lack what it needs.
    """
    name, _, rest = one.command.partition(" ")
    if name in {"test", "COMMAND"}:
        return ""
    if name not in COMMANDS:
        return "" if _USAGE.search(name) else f"there is no command {name!r}"
    why = "" if _USAGE.search(rest) else _refused(name, rest)
    return "" if one.is_named and _LACKING.search(why) else why


def _refused(name: str, rest: str) -> str:
    parser = argparse.ArgumentParser(prog=f"samverk {name}")
    importlib.import_module(f"deploy.commands.{name.replace('-', '_')}").add_arguments(parser)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            parser.parse_args([NUMBERS.get(one, one) for one in shlex.split(rest)])
    except SystemExit:
        return said.getvalue().strip().splitlines()[-1]
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_is_taken_by_its_parser(page: Path) -> None:
    assert wrong_in(page) == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_and_file_of_ours_that_a_page_names_is_there(page: Path) -> None:
    named = _PATH.findall(page.read_text())
    assert [one for one in named if not ((ROOT / one).exists() or (ROOT / f"{one}.py").exists())] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_command_that_a_finding_names_is_taken_by_its_parser(source: Path) -> None:
    assert wrong_in(source) == {}


def test_there_are_commands_to_look_at_and_a_wrong_one_is_found() -> None:
    assert sum(1 for page in PAGES for _ in told(page.read_text())) > 100
    for command in ("doctor --only nothing", "broker issue --for a-friend x", "docktor"):
        assert parsed(Told(command, is_named=True)) != ""
    assert parsed(Told("broker issue", is_named=True)) == ""
    assert parsed(Told("broker issue", is_named=False)) != ""


def test_the_runbook_has_every_part_that_doctor_asks_in_both_languages() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text()
    parts = text.partition("\n---\n")
    names = {"databases": "database", "certificates": "certificate", "sensors": "sensor"}
    missing = [name for name in CHECKS if not all(names.get(name, f"`{name}`") in part for part in parts[::2])]
    assert missing == []
