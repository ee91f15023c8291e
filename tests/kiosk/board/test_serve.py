"""The board's own process: its address, its files, its event streams, and how it stops."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.board.live import VIEWERS_MAX
from kiosk.board.serve import BoardAddressError, Handover, serve
from kiosk.domain.zones import ZoneState
from kiosk.store.errors import AlreadyOpenError
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site
from tests.kiosk.board.conftest import wait_until
from tests.kiosk.board.small_desk import SmallDesk, small_board, small_site
from tests.support.certificates import Authority
from tests.support.house import ToldClock

pytestmark = pytest.mark.parts

STOP_S = 2.0


@dataclass(frozen=True)
class Served:
    """A board that is served in a thread."""

    port: int
    link_file: Path
    stop: threading.Event
    thread: threading.Thread

    def end(self) -> float:
        """Stop it and return how long that took, in seconds."""
        asked_s = time.monotonic()
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()
        return time.monotonic() - asked_s

    @contextmanager
    def events(self) -> Iterator[http.client.HTTPResponse]:
        """Open an event stream."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", "/events")
            with connection.getresponse() as stream:
                yield stream


@contextmanager
def served(site: Site, state_dir: Path) -> Iterator[Served]:
    stop, port_file = threading.Event(), state_dir / "port"
    handover = Handover(port_file=port_file, once_link_file=state_dir / "link")
    thread = threading.Thread(target=serve, args=(site, ToldClock(3700), stop), kwargs={"handover": handover})
    thread.start()
    try:
        wait_until(port_file.exists)
        yield Served(int(port_file.read_text()), state_dir / "link", stop, thread)
    finally:
        stop.set()
        thread.join(10)


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


@pytest.fixture
def site(tmp_path: Path, taken: socket.socket) -> Site:
    """Return a house whose board's port is taken, so that the board takes a free one."""
    return small_site(tmp_path, taken.getsockname()[1])


@pytest.fixture
def desk(site: Site) -> Iterator[SmallDesk]:
    one = SmallDesk(site)
    one.start()
    yield one
    one.stop()


def next_event(stream: http.client.HTTPResponse) -> str:
    lines: list[str] = []
    while True:
        line = stream.readline().decode().rstrip("\n")
        if line.startswith("data: "):
            lines.append(line[6:])
        elif lines:
            return "\n".join(lines)


def test_a_zone_change_arrives_as_an_event(site: Site, tmp_path: Path, desk: SmallDesk) -> None:
    with served(site, tmp_path) as board, board.events() as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        while "Folk här" not in next_event(stream):
            pass
        desk.show(small_board(fire=ZoneState.UNKNOWN))
        assert "Folk här" not in next_event(stream)


def test_one_viewer_too_many_is_told_to_come_back(site: Site, tmp_path: Path) -> None:
    with served(site, tmp_path) as board, ExitStack() as stack:
        leaving = stack.enter_context(ExitStack())
        streams = [leaving.enter_context(board.events())]
        streams += [stack.enter_context(board.events()) for _ in range(VIEWERS_MAX - 1)]
        assert {one.status for one in streams} == {200}
        with board.events() as refused:
            assert refused.status == 503
            assert refused.headers["retry-after"] == "10"
        leaving.close()

        def has_seat() -> bool:
            with board.events() as again:
                return again.status == 200

        wait_until(has_seat)


def test_the_board_stops_in_time_with_streams_open(site: Site, tmp_path: Path, desk: SmallDesk) -> None:
    with served(site, tmp_path) as board, ExitStack() as stack:
        for _ in range(20):
            next_event(stack.enter_context(board.events()))
        assert desk.asked
        assert board.end() < STOP_S


def test_what_is_handed_over_is_private_and_gone_in_the_end(site: Site, tmp_path: Path) -> None:
    with served(site, tmp_path) as board:
        assert board.link_file.stat().st_mode & 0o777 == 0o600
        assert board.link_file.read_text().startswith(f"http://127.0.0.1:{board.port}/enter/")
    assert sorted(one.name for one in tmp_path.iterdir() if one.name in {"port", "link", "port.new", "link.new"}) == []


def test_the_handed_over_link_signs_a_host_in(site: Site, tmp_path: Path) -> None:
    with served(site, tmp_path) as board:
        path = board.link_file.read_text().strip().partition(f":{board.port}")[2]
        with closing(http.client.HTTPConnection("127.0.0.1", board.port, timeout=10)) as connection:
            connection.request("POST", path)
            with connection.getresponse() as answer:
                assert (answer.status, answer.headers["location"]) == (303, "/host?lang=sv")


def test_a_taken_port_is_an_error_that_names_it(site: Site) -> None:
    with pytest.raises(BoardAddressError, match=str(site.tables.board.port)):
        serve(site, ToldClock(), threading.Event())


def test_with_a_certificate_the_board_is_served_over_tls_and_its_cookie_is_bound_to_it(
    site: Site, tmp_path: Path
) -> None:
    begins = SystemClock()().wall - timedelta(hours=1)
    authority = Authority(begins, begins + timedelta(days=1))
    (tmp_path / "board.pem").write_bytes(authority.issue("127.0.0.1", begins, begins + timedelta(days=1)))
    file = str(tmp_path / "board.pem")
    table = replace(site.tables.board, certificate=file, key=file)
    with served(replace(site, tables=replace(site.tables, board=table)), tmp_path) as board:
        address = board.link_file.read_text().strip()
        assert address.startswith(f"https://127.0.0.1:{board.port}/enter/")
        trusted = ssl.create_default_context(cadata=authority.certificate.decode())
        trusted.verify_flags |= ssl.VERIFY_X509_STRICT
        with closing(http.client.HTTPSConnection("127.0.0.1", board.port, timeout=10, context=trusted)) as connection:
            connection.request("POST", address.partition(f":{board.port}")[2])
            with connection.getresponse() as answer:
                assert (answer.status, answer.headers["set-cookie"][:20]) == (303, "__Host-samverk_host=")
        with closing(http.client.HTTPConnection("127.0.0.1", board.port, timeout=10)) as plain:
            plain.request("GET", "/")
            with pytest.raises((http.client.HTTPException, OSError)):
                plain.getresponse()


def test_a_certificate_that_is_none_is_an_error_that_says_where_to_look(site: Site, tmp_path: Path) -> None:
    (tmp_path / "board.pem").write_text("no certificate")
    table = replace(site.tables.board, certificate=str(tmp_path / "board.pem"), key=str(tmp_path / "board.pem"))
    with pytest.raises(BoardAddressError, match=r"\[board\]"):
        serve(
            replace(site, tables=replace(site.tables, board=table)),
            ToldClock(),
            threading.Event(),
            Handover(port_file=tmp_path / "port"),
        )


def test_a_second_board_of_the_same_house_is_refused(site: Site, tmp_path: Path) -> None:
    with served(site, tmp_path), pytest.raises(AlreadyOpenError):
        serve(site, ToldClock(), threading.Event(), Handover(port_file=tmp_path / "other"))
