"""What every test may use, and the order: quick tests of one part first, journeys over whole processes last."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import log_watch

SOAK_S = 12 * 3600
"""How long a test with `--soak` may go on that does not say so itself."""

# A machine that is busy with other work fails no test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure() -> None:
    """Have every line that is said to a log looked at."""
    log_watch.begin()


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    """Undo what a command that starts a log of its own does to everybody's."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)


@pytest.fixture(autouse=True)
def no_person_in_any_log() -> Iterator[None]:
    """Fail whatever test let a UID, a name or an e-mail address into a log, also by a thread of an earlier one."""
    yield
    found, log_watch.WATCH.found = log_watch.WATCH.found, []
    assert found == [], "said to a log, and never to be"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--soak`, which tests that can go on for long read through the fixture `soak`."""
    parser.addoption("--soak", action="store_true", help="let the tests that can go on for long do so")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over a module that is all of a kind to be left out: to load them takes longer than the unit tests."""
    left_out = re.findall(r"not (\w+)", str(config.getoption("markexpr") or ""))
    if not left_out or collection_path.suffix != ".py":
        return None
    marks = re.search(r"^pytestmark = .*", collection_path.read_text(encoding="utf-8"), re.MULTILINE)
    return True if marks and any(f"pytest.mark.{one}" in marks[0] for one in left_out) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the journeys last: a fault in one part is shown by its own test first. With `--soak`, give time."""
    items.sort(key=lambda item: "tests/journeys/" in item.path.as_posix())
    if config.getoption("--soak"):
        for item in items:
            if "soak" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(SOAK_S))


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Return whether this run has time for hours of work."""
    return bool(request.config.getoption("--soak"))
