"""What every test may use, and the order: quick tests of one part first, journeys over whole processes last."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--soak`, which tests that can go on for long read through the fixture `soak`."""
    parser.addoption("--soak", action="store_true", help="let the tests that can go on for long do so")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys last: a fault in one part is shown by its own test first."""
    items.sort(key=lambda item: "tests/journeys/" in item.path.as_posix())


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Return whether this run has time for hours of work."""
    return bool(request.config.getoption("--soak"))
