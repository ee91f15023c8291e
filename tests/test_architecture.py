"""What holds for the whole tree and import contracts cannot see: sizes, purity at run time, what may not be here."""

import ast
import os
import pkgutil
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.command import COMMANDS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
WINGS = ("kiosk", "sensors", "sync", "deploy")

FILE_MEDIAN_MAX, FILE_P90_MAX, FILE_MAX = 120, 300, 400
FUNCTION_MEDIAN_MAX, FUNCTION_P90_MAX, FUNCTION_MAX = 10, 30, 60
TEXTS = {"kiosk/board/texts.py", "kiosk/domain/events.py", "kiosk/domain/reasons.py", "kiosk/look/texts.py"}
"""Tables of sentences, and the vocabulary: as long as what there is to say."""

TOUCHES_THE_WORLD = {"asyncio", "logging", "random", "secrets", "socket", "sqlite3", "subprocess", "tempfile", "uuid"}
"""Of what the pure domain may not import, that which no module of the standard library that it uses brings along."""


def test_files_are_short() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in _python_files() if name not in TEXTS}
    assert {name for name, length in lengths.items() if length > FILE_MAX} == set()
    assert statistics.median(lengths.values()) <= FILE_MEDIAN_MAX
    assert _p90(list(lengths.values())) <= FILE_P90_MAX


def test_functions_are_short() -> None:
    lengths = _function_lengths()
    ours = {name: length for name, length in lengths.items() if not name.startswith("tests/")}
    assert {name: length for name, length in lengths.items() if length > FUNCTION_MAX} == {}
    assert statistics.median(ours.values()) <= FUNCTION_MEDIAN_MAX
    assert _p90(list(ours.values())) <= FUNCTION_P90_MAX


def test_every_module_says_what_it_is_for() -> None:
    silent = {name for name, path in _python_files() if not ast.get_docstring(ast.parse(path.read_text()))}
    assert silent == set()


def test_the_domain_brings_in_nothing_but_itself_and_the_standard_library() -> None:
    modules = [
        name.removesuffix(".py").replace("/", ".") for name, _ in _python_files() if name.startswith("kiosk/domain/")
    ]
    loaded = _loaded_by(*modules)
    outside = {one for one in loaded if one.partition(".")[0] not in sys.stdlib_module_names} - {"kiosk"}
    # `zoneinfo` reads how Python itself was built.
    assert {one for one in outside if not one.startswith(("kiosk.domain", "_sysconfigdata"))} == set()
    assert loaded & TOUCHES_THE_WORLD == set()


@pytest.mark.parametrize(
    ("command", "strangers"),
    [
        ("desk", {"textual", "starlette", "uvicorn", "paho", "httpx2", "scim2_server"}),
        ("screen", {"starlette", "uvicorn", "paho", "httpx2", "scim2_server", "sqlite_utils", "smartcard"}),
        ("board", {"textual", "paho", "httpx2", "scim2_server", "smartcard"}),
        ("sensors", {"textual", "starlette", "uvicorn", "httpx2", "scim2_server", "smartcard"}),
        ("sync", {"textual", "starlette", "uvicorn", "paho", "scim2_server", "smartcard"}),
    ],
)
def test_a_service_brings_in_only_what_it_starts(command: str, strangers: set[str]) -> None:
    assert _loaded_by(f"deploy.commands.{command}") & strangers == set()


def test_every_command_can_be_explained() -> None:
    found = {one.name for one in pkgutil.iter_modules([str(ROOT / "deploy" / "commands")])}
    assert found == {name.replace("-", "_") for name in COMMANDS}


def test_no_file_names_where_packages_come_from() -> None:
    hosts = _package_hosts()
    naming = {(name, host) for name, text in _texts() for host in hosts if host in text}
    assert naming == set()


def test_nothing_is_left_for_later_and_no_test_is_passed_over() -> None:
    marks = re.compile(
        "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", r"mark\.sk" + "ip", r"pytest\.sk" + "ip", r"mark\.xf" + "ail"])
    )
    assert {(name, found) for name, text in _texts() for found in marks.findall(text)} == set()


def _python_files() -> Iterator[tuple[str, Path]]:
    """Yield every Python file of ours with its name from the root."""
    for folder in (*WINGS, "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path


def _function_lengths() -> dict[str, int]:
    """Return the lines of every function, decorators and docstring not counted."""
    lengths = {}
    for name, path in _python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node, clean=False) and len(node.body) > 1 else node.body[0]
                lengths[f"{name}:{node.lineno} {node.name}"] = (node.end_lineno or 0) - first.lineno + 2
    return lengths


def _p90(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def _loaded_by(*modules: str) -> set[str]:
    """Return what a new Python has loaded after these imports and not before, packages by their first name too."""
    code = "import importlib, sys; before = set(sys.modules)\nfor one in sys.argv[1:]: importlib.import_module(one)\n"
    command = [sys.executable, "-c", f"{code}print(*(set(sys.modules) - before))", *modules]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return set(names) | {name.partition(".")[0] for name in names}


def _package_hosts() -> set[str]:
    """Return the hosts that this machine takes packages from, and the public ones."""
    settings = [os.environ.get(name, "") for name in os.environ if name.startswith(("PIP_", "UV_", "NPM_"))]
    places = [Path("/etc/pip.conf"), Path("~/.config/pip/pip.conf").expanduser(), Path("~/.npmrc").expanduser()]
    settings += [path.read_text() for path in places if path.is_file()]
    found = {host for text in settings for host in re.findall(r"https?://(?:[^/@\s]*@)?([\w.-]+\.\w+)", text)}
    return found | {"py" + "pi.org", "files.python" + "hosted.org", "registry.np" + "mjs.org", "deb.debian" + ".org"}


def _texts() -> Iterator[tuple[str, str]]:
    """Yield every text file that is part of the project, also one not yet committed, with its name."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield name, content.decode(errors="replace")
