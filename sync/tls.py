"""Trust in the centre's certificate, and in our own: also on a device whose clock came up in the past.

Nothing here opens a connection.
"""

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What names the house to the centre beside its token, and the authority the centre is known by; both optional.

    Both are PEM. `certificate` holds our certificate, its chain and its key; `authority` replaces the system's own.
    """

    certificate: bytes = b""
    authority: bytes = b""

    def runs_out(self) -> datetime | None:
        """Return when our certificate runs out, None if we have none. Raise `ValueError` if it cannot be read."""
        if not self.certificate:
            return None
        return x509.load_pem_x509_certificate(self.certificate).not_valid_after_utc


class Trust:
    """The rules of a connection. Call `look_at_clock` before each: it decides how certificates' times are judged."""

    def __init__(self, context: ssl.SSLContext, identification: Identification, floor: Callable[[], datetime]) -> None:
        """Complete the context. `floor` is a moment that has surely passed: the clock before it was never set."""
        self.context = context
        self.floor = floor
        if identification.authority:
            context.load_verify_locations(cadata=identification.authority.decode("ascii"))
        if identification.certificate:
            _load_chain(context, identification.certificate)
        self._strict = context.verify_flags
        context.sslsocket_class = _checking(self)

    def look_at_clock(self, wall: datetime) -> None:
        """Judge times by the clock as it is, or, if it was never set, by the moment that has surely passed.

        Then a certificate may not have run out before that moment; one that begins later is no reason for doubt.
        """
        is_set = wall >= self.floor()
        self.context.verify_flags = self._strict if is_set else self._strict | ssl.VerifyFlags(NO_CHECK_TIME)


def _checking(trust: Trust) -> type[ssl.SSLSocket]:
    class FlooredSocket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
            super().do_handshake(block)
            ends = (self.getpeercert() or {}).get("notAfter")
            if isinstance(ends, str) and datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) < trust.floor():
                error = ssl.SSLCertVerificationError("certificate has expired")
                error.verify_message = "certificate has expired"
                raise error

    return FlooredSocket


def _load_chain(context: ssl.SSLContext, certificate: bytes) -> None:
    # The library wants a file: this one is in memory only.
    descriptor = os.memfd_create("samverk-certificate")
    try:
        os.write(descriptor, certificate)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
