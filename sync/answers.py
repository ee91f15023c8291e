"""What a request to the centre can come to. All of these are expected: none is an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Got:
    """The centre answered with a JSON document."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer, half an answer, or one that says to come back: after `after_s` seconds if it says when."""

    why: str
    after_s: float | None = None

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"the centre cannot be reached: {self.why}"


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The request was too large."""

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return "the centre says the request is too large"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The centre cannot make sense of what it was sent, and trying the same again will not help. `body` says why."""

    status: int
    body: bytes = b""

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"the centre cannot read what it is sent ({self.status})"


@dataclass(frozen=True, slots=True)
class Unauthorised:
    """The token is missing, unknown or withdrawn."""

    why: str

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"the centre does not accept the token (401): {self.why}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The token is known and may not do this."""

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return "the token may not do this at the centre (403)"


@dataclass(frozen=True, slots=True)
class Untrusted:
    """Whoever answers cannot prove to be the centre: nothing was sent."""

    why: str

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"the centre's certificate is not accepted here: {self.why}"


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """The certificate that names this house to the centre does not hold: the network is not to blame."""

    why: str

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"this house's own certificate {self.why}: put a new one in the credential centre-certificate"


@dataclass(frozen=True, slots=True)
class Gone:
    """What was asked for cannot be told from there on: it must be read in full. `body` says why."""

    body: bytes

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return "the centre cannot go on from where this house is: the roster is read in full"


@dataclass(frozen=True, slots=True)
class Absent:
    """The address answers, and there is no such thing there."""

    status: int

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"the centre has no such address ({self.status}): check [centre] url"


@dataclass(frozen=True, slots=True)
class NotCentre:
    """Something else answered, such as the sign-in page of a network. It was not followed."""

    why: str

    def __str__(self) -> str:
        """Return the problem in a few words, for the log and for `samverk queue`."""
        return f"something else than the centre answers: {self.why}"


Refused = TooLarge | Unreadable | Unauthorised | Forbidden | Gone | Absent
Problem = Refused | Unreachable | Untrusted | OwnCertificate | NotCentre
Answer = Got | Problem
