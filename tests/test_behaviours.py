"""What Samverk promises, behaviour by behaviour: each page is whole, and every test that a row names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs" / "behaviours").glob("*.md"))
_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_behaviour_is_there_once_and_names_tests_that_exist(page: Path) -> None:
    rows = _ROW.findall(page.read_text())
    assert [int(number) for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 1
    for number, _, tests in rows:
        named = _NAMED.findall(tests)
        assert named or tests.startswith("not here: "), f"behaviour {number} names no test"
        assert [f"{path}::{name}" for path, name in named if name not in _tests_of(ROOT / path)] == []


@cache
def _tests_of(path: Path) -> frozenset[str]:
    """Return the names of the tests in that file; none if there is no such file."""
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text()))
    return frozenset(one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
