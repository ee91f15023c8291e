"""The journal's hash chain, pure: each event commits to all before it, also after its payload has been dropped."""

import hashlib

GENESIS = bytes(32)
"""What the first event is chained to."""


def commitment(salt: bytes, name: str, payload: str) -> bytes:
    """Return SHA-256 over salt, stored name and payload. Without the salt it tells nothing of a short payload."""
    return hashlib.sha256(salt + name.encode() + b"\0" + payload.encode()).digest()


def link(previous: bytes, seq: int, event_id: str, committed: bytes) -> bytes:
    """Return the chain value after this event: SHA-256 over the value before, sequence, id and commitment."""
    return hashlib.sha256(previous + seq.to_bytes(8, "big") + event_id.encode() + committed).digest()
