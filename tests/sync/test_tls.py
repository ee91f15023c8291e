"""TLS on a device whose clock came up in 1970, with certificates that have run out, and with the wrong ones."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sync.answers import Answer, Got, OwnCertificate, Unreachable, Untrusted
from sync.client import CentreClient, Manners
from sync.tls import Identification
from tests.support.centre import ManualClock
from tests.support.certificates import Authority

pytestmark = pytest.mark.parts

NOW = datetime.now(UTC)  # noqa: TID251 - the TLS library judges by the machine's own clock
YEAR = timedelta(days=365)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AUTHORITY = Authority(NOW - YEAR * 20, NOW + YEAR * 20)


@contextmanager
def centre(folder: Path, begins: datetime, ends: datetime, *, asks: bool = False) -> Iterator[str]:
    """Serve one JSON answer over TLS with a certificate of that time, and ask for ours if `asks`; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_refused: None  # type: ignore[method-assign] # refusals are what is tried
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = folder / "centre.pem"
    file.write_bytes(AUTHORITY.issue("127.0.0.1", begins, ends))
    context.load_cert_chain(file)
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=AUTHORITY.certificate.decode())
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url: str, wall: datetime, floor: datetime, certificate: bytes = b"", authority: bytes | None = None) -> Answer:
    """Return what a request comes to on a device whose clock says `wall` and that knows that `floor` has passed."""
    known = AUTHORITY.certificate if authority is None else authority
    manners = Manners(floor=lambda: floor, identification=Identification(certificate, known))
    client = CentreClient(url, lambda: "token", ManualClock(wall), manners)
    try:
        return client.get("/")
    finally:
        client.close()


def test_a_clock_of_1970_does_not_keep_the_house_from_a_valid_centre(tmp_path: Path) -> None:
    # Issued after the last moment that the device knows of.
    with centre(tmp_path, NOW + YEAR, NOW + YEAR * 2) as url:
        assert isinstance(ask(url, EPOCH, NOW), Got)


def test_a_clock_that_is_set_judges_certificates_by_itself(tmp_path: Path) -> None:
    with centre(tmp_path, NOW + YEAR, NOW + YEAR * 2) as url:
        answer = ask(url, NOW, NOW - YEAR)
    assert isinstance(answer, Untrusted)
    assert "not yet valid" in str(answer)


def test_a_clock_of_1970_does_not_let_a_certificate_pass_that_has_run_out_by_then(tmp_path: Path) -> None:
    with centre(tmp_path, NOW - YEAR * 3, NOW - YEAR) as url:
        answer = ask(url, EPOCH, NOW)
    assert isinstance(answer, Untrusted)
    assert "expired" in str(answer)


def test_a_stranger_is_told_from_a_network_that_is_down(tmp_path: Path) -> None:
    with centre(tmp_path, NOW - YEAR, NOW + YEAR) as url:
        stranger = ask(url, NOW, NOW, authority=Authority(NOW - YEAR, NOW + YEAR).certificate)
    assert isinstance(stranger, Untrusted)
    assert isinstance(ask("https://127.0.0.1:9", NOW, NOW), Unreachable)


def test_our_own_certificate_lets_us_in(tmp_path: Path) -> None:
    ours = AUTHORITY.issue("stockholm", NOW - YEAR, NOW + YEAR)
    with centre(tmp_path, NOW - YEAR, NOW + YEAR, asks=True) as url:
        assert isinstance(ask(url, NOW, NOW, ours), Got)


def test_our_own_certificate_that_ran_out_is_named_and_not_the_network(tmp_path: Path) -> None:
    ended = NOW - timedelta(days=3)
    ours = AUTHORITY.issue("stockholm", NOW - YEAR, ended)
    with centre(tmp_path, NOW - YEAR, NOW + YEAR, asks=True) as url:
        answer = ask(url, NOW, NOW, ours)
    assert answer == OwnCertificate(f"ran out on {ended:%Y-%m-%d}")
    assert "new one" in str(answer)


def test_our_own_certificate_that_the_centre_refuses_is_named_and_not_the_network(tmp_path: Path) -> None:
    ours = Authority(NOW - YEAR, NOW + YEAR).issue("stockholm", NOW - YEAR, NOW + YEAR)
    with centre(tmp_path, NOW - YEAR, NOW + YEAR, asks=True) as url:
        answer = ask(url, NOW, NOW, ours)
    assert isinstance(answer, OwnCertificate)
    assert "refused" in str(answer)
