"""The log says where something went wrong, and nothing about whom."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.screen.log import LOG_BYTES_MAX, log_to, where

pytestmark = pytest.mark.slow

SECRET = "Astrid Exempel"  # noqa: S105 - a name, to look for in the log


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    handler = log_to(tmp_path / "screen.log")
    yield tmp_path / "screen.log"
    handler.close()
    root.handlers[:] = before
    root.setLevel(level)


def _fail() -> None:
    raise KeyError(SECRET)


def test_an_error_is_told_by_kind_and_place_without_its_text() -> None:
    with pytest.raises(KeyError) as caught:
        _fail()
    told = where(caught.value)
    assert told.startswith("KeyError at test_log.py:")
    assert SECRET not in told


def test_a_logged_exception_leaves_no_value_in_the_file(log_file: Path) -> None:
    try:
        _fail()
    except KeyError:
        logging.getLogger("samverk.screen").exception("it failed")
    text = log_file.read_text()
    assert "it failed" in text
    assert "KeyError at test_log.py" in text
    assert SECRET not in text


def test_the_log_never_grows_beyond_twice_its_bound(log_file: Path) -> None:
    for _line in range(800):
        logging.getLogger("samverk.screen").warning("x" * 1000)
    files = list(log_file.parent.iterdir())
    assert len(files) == 2
    assert sum(one.stat().st_size for one in files) <= 2 * LOG_BYTES_MAX
