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


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The request was too large."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The centre cannot make sense of what it was sent, and trying the same again will not help. `body` says why."""

    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Unauthorised:
    """The token is missing, unknown or withdrawn."""

    why: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The token is known and may not do this."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The address answers, and there is no such thing there."""

    status: int


@dataclass(frozen=True, slots=True)
class NotCentre:
    """Something else answered, such as the sign-in page of a network. It was not followed."""

    why: str


Problem = Unreachable | TooLarge | Unreadable | Unauthorised | Forbidden | Absent | NotCentre
Answer = Got | Problem


def describe(problem: Problem) -> str:
    """Return the problem in a few words, for the log and for `samverk queue`."""
    match problem:
        case Unreachable(why=why):
            return f"the centre cannot be reached: {why}"
        case TooLarge():
            return "the centre says the request is too large"
        case Unreadable(status=status):
            return f"the centre cannot read what it is sent ({status})"
        case Unauthorised(why=why):
            return f"the centre does not accept the token (401): {why}"
        case Forbidden():
            return "the token may not do this at the centre (403)"
        case Absent(status=status):
            return f"the centre has no such address ({status}): check [centre] url"
        case NotCentre(why=why):
            return f"something else than the centre answers: {why}"
