"""A small house with its books on disk, and a desk over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.tools.site import Site
from tests.kiosk.desk.badge_steps import IDS
from tests.support.books import SECRET, close_books, make_site, open_desk, write_roster


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return the house, with a roster as the centre left it."""
    write_roster(tmp_path / "roster.db")
    return make_site(tmp_path)


@pytest.fixture
def books(site: Site) -> Iterator[Books]:
    """Return its books: another desk can be opened over the same."""
    _desk, books = open_desk(site)
    yield books
    close_books(books)


@pytest.fixture
def desk(site: Site, books: Books) -> Desk:
    """Return a desk that knows the first secret; its ids are never used again."""
    return Desk(site, books, {1: SECRET}, IDS)
