"""The pinned packages agree with what pyproject.toml names, and nothing is fetched that is not pinned and hashed."""

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
FILES = ("run", "nfc", "dev", "build")
NAMED = {
    "run": PROJECT["project"]["dependencies"],
    "nfc": PROJECT["project"]["optional-dependencies"]["nfc"],
    "dev": [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]],
    "build": [*PROJECT["dependency-groups"]["build"], *PROJECT["build-system"]["requires"]],
}
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "paho-mqtt": "paho",
    "pyscard": "smartcard",
    "scim2-server": "scim2_server",
    "sqlite-utils": "sqlite_utils",
}
POSTGRES = PROJECT["project"]["optional-dependencies"]["postgres"]
"""What a centre on PostgreSQL needs besides, and the tests have."""
NEVER_IMPORTED = {"tzdata"}
"""Read by `zoneinfo` where the system has no time zones of its own."""


@pytest.mark.parametrize("file", FILES)
def test_every_package_that_the_project_names_is_pinned_to_a_version_it_allows(file: str) -> None:
    pinned = _pinned(file)
    for text in NAMED[file]:
        wanted = Requirement(text)
        assert pinned[canonicalize_name(wanted.name)] in wanted.specifier


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_hashes_and_no_place_it_comes_from(file: str) -> None:
    entries = _entries(file)
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[^\s;]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry)
        assert "://" not in entry


@pytest.mark.parametrize("file", FILES)
def test_a_package_has_one_version_in_all_files(file: str) -> None:
    run = _pinned("run")
    assert {name: version for name, version in _pinned(file).items() if run.get(name, version) != version} == {}


def test_every_package_that_a_hub_needs_is_imported_and_the_other_way_round() -> None:
    named = {canonicalize_name(Requirement(text).name) for text in (*NAMED["run"], *NAMED["nfc"], *POSTGRES)}
    expected = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in named - NEVER_IMPORTED}
    # Textual is drawn with Rich, which it brings in its own version.
    assert _imported() - {"rich"} == expected


def _entries(file: str) -> list[str]:
    text = (ROOT / "requirements" / f"{file}.txt").read_text()
    return [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]


def _pinned(file: str) -> dict[str, str]:
    pairs = (re.match(r"([a-z0-9.-]+)==([^\s;]+)", entry) for entry in _entries(file))
    return {canonicalize_name(pair[1]): pair[2] for pair in pairs if pair}


def _imported() -> set[str]:
    """Return the packages of others that the wings import, by their first name."""
    ours = {"kiosk", "sensors", "sync", "deploy"}
    found = set()
    for path in (path for wing in ours for path in (ROOT / wing).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - ours - sys.stdlib_module_names
