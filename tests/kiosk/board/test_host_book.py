"""Hosts' links and sessions as they stand on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.ids import BootId
from kiosk.domain.instant import Instant
from kiosk.store.board import LINK_S, LINKS_MAX, SESSION_S, SESSIONS_MAX, HostBook
from tests.support.house import at

pytestmark = pytest.mark.slow


@pytest.fixture
def book(tmp_path: Path) -> Iterator[HostBook]:
    one = HostBook(tmp_path / "board.db")
    yield one
    one.close()


def host_of(book: HostBook, secret: str, now: Instant) -> str | None:
    session = book.session(secret, now)
    return session.host if session else None


def entered(book: HostBook, host: str = "värd", seconds: float = 0.0) -> str:
    session = book.enter(book.new_link(host, at(seconds)), at(seconds))
    assert session is not None
    return session


def test_a_link_lets_its_host_in_once(book: HostBook) -> None:
    link = book.new_link("Maja", at(0))
    session = book.enter(link, at(1))
    assert session is not None
    assert host_of(book, session, at(2)) == "Maja"
    assert book.enter(link, at(2)) is None


def test_looking_at_a_link_does_not_use_it_up(book: HostBook) -> None:
    link = book.new_link("värd", at(0))
    assert book.link_works(link, at(1))
    assert book.link_works(link, at(2))


def test_a_link_works_until_its_time_is_out(book: HostBook) -> None:
    link = book.new_link("värd", at(0))
    assert book.link_works(link, at(LINK_S - 1))
    assert book.enter(link, at(LINK_S)) is None


def test_a_session_lasts_until_its_time_is_out(book: HostBook) -> None:
    session = entered(book)
    assert host_of(book, session, at(SESSION_S - 1)) == "värd"
    assert host_of(book, session, at(SESSION_S)) is None


@pytest.mark.parametrize("guess", ["", "guess", "x" * 43, "å" * 30, "x" * 5000])
def test_a_guess_opens_nothing(book: HostBook, guess: str) -> None:
    entered(book)
    assert host_of(book, guess, at(0)) is None
    assert not book.link_works(guess, at(0))


def test_a_link_is_no_session_and_a_session_no_link(book: HostBook) -> None:
    link = book.new_link("värd", at(0))
    assert host_of(book, link, at(0)) is None
    assert not book.link_works(entered(book), at(0))


def test_an_ended_session_opens_nothing_and_leaves_others_alone(book: HostBook) -> None:
    ended, other = entered(book), entered(book, "Maja")
    book.end(ended)
    assert host_of(book, ended, at(1)) is None
    assert host_of(book, other, at(1)) == "Maja"


def test_a_session_survives_a_restart_and_stands_on_disk_as_a_digest_only(tmp_path: Path) -> None:
    first = HostBook(tmp_path / "board.db")
    session = entered(first)
    first.close()
    again = HostBook(tmp_path / "board.db")
    assert host_of(again, session, at(5, BootId("boot-2"))) == "värd"
    again.close()
    assert session.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())


def test_a_clock_gone_back_across_a_boot_ends_the_session(book: HostBook) -> None:
    session = entered(book, seconds=1000)
    assert host_of(book, session, at(10, BootId("boot-2"))) is None


def test_a_step_of_the_wall_clock_within_a_boot_ends_nothing(book: HostBook) -> None:
    session = entered(book, seconds=1000)
    assert host_of(book, session, at(10)) == "värd"


def test_only_the_newest_links_and_sessions_are_kept(book: HostBook) -> None:
    oldest_session = entered(book)
    newest = [entered(book, str(number)) for number in range(SESSIONS_MAX)]
    assert host_of(book, oldest_session, at(0)) is None
    assert all(host_of(book, one, at(0)) for one in newest)
    oldest_link = book.new_link("värd", at(0))
    links = [book.new_link("värd", at(0)) for _ in range(LINKS_MAX)]
    assert not book.link_works(oldest_link, at(0))
    assert all(book.link_works(one, at(0)) for one in links)
