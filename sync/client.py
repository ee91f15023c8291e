"""The only place that speaks HTTP to the centre. An answer is a value; a redirection is never followed.

Nothing here decides what to send, or what an answer means for the queue and the roster.
"""

import gzip
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
import stamina

from kiosk.domain.instant import Instant
from kiosk.tools.clock import CLOCK_FLOOR, Clock
from kiosk.tools.credentials import CredentialError
from sync.answers import (
    Absent,
    Answer,
    Forbidden,
    Gone,
    Got,
    NotCentre,
    OwnCertificate,
    TooLarge,
    Unauthorised,
    Unreachable,
    Unreadable,
    Untrusted,
)
from sync.tls import Identification, Trust

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

DATE_ERROR_S = 0.5
"""The header Date tells whole seconds: half a second is added to it, and it is off by as much at the most."""

BATCH_TYPE = "application/cloudevents-batch+json"

_ABSENT = frozenset({404, 405, 410, 415})
_LATER = frozenset({408, 409, 425, 429})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BROKEN_OFF = (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)


@dataclass(frozen=True, slots=True)
class Heard:
    """The centre's clock said `server` at the moment `at`, to within `error_s` seconds."""

    at: Instant
    server: datetime
    error_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the client behaves: what it is told of each answer's time, what it says of the house, and whom it trusts.

    `health` is the header `Samverk-House` of every request; `floor` a moment that has surely passed.
    """

    heard: Callable[[Heard], None] = lambda _heard: None
    health: Callable[[], str] = lambda: ""
    floor: Callable[[], datetime] = lambda: CLOCK_FLOOR
    identification: Identification = field(default_factory=Identification)


class CentreClient:
    """A kept connection to the centre at `url`. `token` is asked at each request, so that a new one takes hold."""

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        clock: Clock,
        manners: Manners | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Make the client; nothing is sent yet. A `transport` takes the place of the network."""
        self._url = url.rstrip("/")
        self._token = token
        self._clock = clock
        self._manners = manners or Manners()
        # What is retried is in our own log and schedule.
        stamina.instrumentation.set_on_retry_hooks(())
        # The environment's proxies, .netrc and certificates could send the token elsewhere.
        over_tls = transport is None and urlsplit(url).scheme == "https"
        context = httpx2.create_ssl_context(trust_env=False) if over_tls else _unused_context()
        self._trust = Trust(context, self._manners.identification, self._manners.floor)
        timeout = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
        self._http = httpx2.Client(
            timeout=timeout, trust_env=False, follow_redirects=False, verify=context, transport=transport
        )

    def behave(self, manners: Manners) -> None:
        """Behave like this from now on; whom to trust stays as it was, but for the floor."""
        self._manners = manners
        self._trust.floor = manners.floor

    def post_events(self, batch: bytes) -> Answer:
        """Send a CloudEvents JSON batch, compressed."""
        headers = {"Content-Type": BATCH_TYPE, "Content-Encoding": "gzip"}
        return self._ask("POST", "/events", headers, content=gzip.compress(batch, mtime=0))

    def post(self, path: str, body: bytes) -> Answer:
        """Ask a question that is a JSON document."""
        return self._ask("POST", path, {"Content-Type": "application/json"}, content=body)

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
        self._trust.look_at_clock(self._clock().wall)
        try:
            sent = {**headers, "Authorization": f"Bearer {self._token()}", "Accept": "application/json, */*+json"}
            health = self._manners.health()
            sent |= {"Samverk-House": health} if health else {}
            request = self._http.build_request(method, self._url + path, headers=sent, content=content, params=params)
            return self._send(request)
        except CredentialError as error:
            return Unauthorised(str(error))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._not_answered(error)

    def _not_answered(self, error: Exception) -> Answer:
        ends = self._manners.identification.runs_out()
        if ends is not None and ends < max(self._clock().wall, self._manners.floor()):
            return OwnCertificate(f"ran out on {ends:%Y-%m-%d}")
        for cause in _causes(error):
            if isinstance(cause, ssl.SSLCertVerificationError):
                return Untrusted(cause.verify_message or "it cannot be verified")
            if isinstance(cause, ssl.SSLError) and "ALERT" in str(cause.reason):
                return OwnCertificate(f"is refused by the centre ({str(cause.reason).lower().replace('_', ' ')})")
        return Unreachable(_in_words(error))

    def _send(self, request: httpx2.Request) -> Answer:
        for attempt in stamina.retry_context(on=_BROKEN_OFF, attempts=ATTEMPTS, wait_initial=0.1, wait_jitter=0.1):
            with attempt:
                before = self._clock()
                with self._opened(request) as response:
                    first = self._clock()
                    answer = self._read(response)
                self._notice_time(response, answer, before, first)
                return answer
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _notice_time(self, response: httpx2.Response, answer: Answer, before: Instant, first: Instant) -> None:
        # Only whoever answers as the centre does is believed about the time.
        if not isinstance(answer, Got):
            return
        try:
            date = parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
        except (ValueError, TypeError):
            return
        took_s = first.seconds_since(before)
        middle = date.timestamp() + DATE_ERROR_S + took_s / 2
        self._manners.heard(Heard(first, datetime.fromtimestamp(middle, UTC), DATE_ERROR_S + took_s / 2))

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
    is_known = _refusals(body).get(status)
    if is_known is not None and (status != HTTPStatus.GONE or _is_json(response)):
        return is_known
    if status in _ABSENT:
        return Absent(status)
    if status in _LATER or status >= 500:  # noqa: PLR2004 - the class of the server's own faults
        return Unreachable(f"it answers {status}", _retry_after_s(response))
    return Unreadable(status, body) if _is_json(response) else NotCentre(f"it answers {status} and no JSON")


def _refusals(body: bytes) -> dict[int, Answer]:
    return {
        HTTPStatus.UNAUTHORIZED: Unauthorised("it is unknown or withdrawn"),
        HTTPStatus.FORBIDDEN: Forbidden(),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge(),
        HTTPStatus.GONE: Gone(body),
    }


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


def _unused_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _in_words(error: Exception) -> str:
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    return type(error).__name__


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (httpx2.ConnectTimeout, "nobody answers there"),
    (httpx2.ConnectError, "there is no connection"),
    (httpx2.TimeoutException, "it fell silent"),
    (httpx2.RemoteProtocolError, "the answer broke off"),
    (httpx2.ReadError, "the answer broke off"),
    (httpx2.WriteError, "the line broke while sending"),
    (httpx2.DecodingError, "the answer is garbled"),
)
"""What went wrong on the line, in words."""
