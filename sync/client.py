"""The only place that speaks HTTP to the centre. An answer is a value; a redirection is never followed.

Nothing here decides what to send, or what an answer means for the queue and the roster.
"""

import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2
import stamina

from kiosk.tools.clock import Clock
from kiosk.tools.credentials import CredentialError
from sync.answers import (
    Absent,
    Answer,
    Forbidden,
    Got,
    NotCentre,
    TooLarge,
    Unauthorised,
    Unreachable,
    Unreadable,
)

CONNECT_S = 5.0
SILENCE_S = 10.0
"""How long the centre may be silent within an answer."""
ANSWER_S = 120.0
"""How long one whole answer may take, on the slowest line we promise to work on."""
ANSWER_MAX_BYTES = 8 * 1024 * 1024
ERROR_MAX_BYTES = 64 * 1024
RETRY_AFTER_MAX_S = 86_400.0
"""The longest wait that an answer may ask of us."""
ATTEMPTS = 2
"""A kept connection that the centre has closed meanwhile is not a failure: once more, at once."""

BATCH_TYPE = "application/cloudevents-batch+json"

_ABSENT = frozenset({404, 405, 410, 415})
_LATER = frozenset({408, 409, 425, 429})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BROKEN_OFF = (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)


class CentreClient:
    """A kept connection to the centre at `url`. `token` is asked at each request, so that a new one takes hold."""

    def __init__(self, url: str, token: Callable[[], str], clock: Clock) -> None:
        """Make the client; nothing is sent yet."""
        self._url = url.rstrip("/")
        self._token = token
        self._clock = clock
        # What is retried is in our own log and schedule.
        stamina.instrumentation.set_on_retry_hooks(())
        # The environment's proxies and .netrc could send the token elsewhere.
        timeout = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
        self._http = httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def post_events(self, batch: bytes) -> Answer:
        """Send a CloudEvents JSON batch, compressed."""
        headers = {"Content-Type": BATCH_TYPE, "Content-Encoding": "gzip"}
        return self._ask("POST", "/events", headers, content=gzip.compress(batch, mtime=0))

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read the document at that path below the centre's address."""
        return self._ask("GET", path, {}, params=dict(params or {}))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        try:
            sent = {**headers, "Authorization": f"Bearer {self._token()}", "Accept": "application/json, */*+json"}
            request = self._http.build_request(method, self._url + path, headers=sent, content=content, params=params)
            return self._send(request)
        except CredentialError as error:
            return Unauthorised(str(error))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return Unreachable(type(error).__name__)

    def _send(self, request: httpx2.Request) -> Answer:
        for attempt in stamina.retry_context(on=_BROKEN_OFF, attempts=ATTEMPTS, wait_initial=0.1, wait_jitter=0.1):
            with attempt, self._opened(request) as response:
                return self._read(response)
        raise AssertionError  # pragma: no cover - the loop returns or raises

    @contextmanager
    def _opened(self, request: httpx2.Request) -> Iterator[httpx2.Response]:
        response = self._http.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()

    def _read(self, response: httpx2.Response) -> Answer:
        status = response.status_code
        if response.is_redirect or 300 <= status < 400:  # noqa: PLR2004 - the class of redirections
            return NotCentre(f"it redirects ({status})")
        body = self._body(response, ANSWER_MAX_BYTES if response.is_success else ERROR_MAX_BYTES)
        if body is None:
            return Unreachable("the answer is too long or too slow")
        if response.is_success:
            return Got(body) if _is_json(response) else NotCentre(f"it answers {status} and no JSON")
        return _refusal(response, body)

    def _body(self, response: httpx2.Response, bytes_max: int) -> bytes | None:
        until_s = self._clock().elapsed_s + ANSWER_S
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > bytes_max or self._clock().elapsed_s > until_s:
                return None
        return bytes(body)


def is_safe(url: str) -> bool:
    """Return whether a token may be sent there: over TLS, or to this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def _is_json(response: httpx2.Response) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _refusal(response: httpx2.Response, body: bytes) -> Answer:
    status = response.status_code
    match status:
        case 401:
            return Unauthorised("it is unknown or withdrawn")
        case 403:
            return Forbidden()
        case 413:
            return TooLarge()
    if status in _ABSENT:
        return Absent(status)
    if status in _LATER or status >= 500:  # noqa: PLR2004 - the class of the server's own faults
        return Unreachable(f"it answers {status}", _retry_after_s(response))
    return Unreadable(status, body) if _is_json(response) else NotCentre(f"it answers {status} and no JSON")


def _retry_after_s(response: httpx2.Response) -> float | None:
    # RFC 9110, section 10.2.3: seconds, or a date, which is measured from the answer's own date, not from our clock.
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return min(float(text[:9]), RETRY_AFTER_MAX_S)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(0.0, wait.total_seconds()), RETRY_AFTER_MAX_S)
