"""How a roster is compared with the centre's without reading either: records, buckets, and one digest of all. Pure.

The formulas are those of docs/centre-protocol.md.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from kiosk.store.enrolment import BadgeRow, Key, MemberRow, Refused

BUCKETS = 256
HASH_BYTES = 8

AgencyRow = tuple[str, str, int, int | None, str]


@dataclass
class Digests:
    """The digest of every bucket, and the hashes of the records of those buckets that are looked into."""

    buckets: list[int] = field(default_factory=lambda: [0] * BUCKETS)
    records: dict[int, dict[Key, str]] = field(default_factory=dict)

    def add(self, key: Key, record_hash: str) -> None:
        """Count that record in."""
        bucket = bucket_of(key)
        if bucket in self.records:
            self.records[bucket][key] = record_hash
        self.buckets[bucket] ^= int(record_hash, 16)

    def texts(self) -> list[str]:
        """Return the buckets' digests as they are told."""
        return [f"{one:0{HASH_BYTES * 2}x}" for one in self.buckets]

    def whole(self) -> str:
        """Return the digest of the roster."""
        return hashlib.sha256("".join(self.texts()).encode()).hexdigest()[:32]


def digests(
    members: Iterable[tuple[MemberRow, list[BadgeRow]]],
    agencies: Iterable[AgencyRow],
    refused: Mapping[Key, Refused],
    look_into: Iterable[int] = (),
) -> Digests:
    """Return the digests of the roster. A refused record counts as the centre has it, as long as ours is as it was.

    Only of the buckets that are looked into are the hashes kept: a large roster has many.
    """
    found = Digests(records={one: {} for one in look_into})
    left = dict(refused)
    for row, badges in members:
        _count(found, ("member", row[0]), member_hash(row, badges), left)
    for agency in agencies:
        _count(found, ("agency", agency[0]), agency_hash(agency), left)
    for key, one in left.items():
        if not one.own:
            found.add(key, one.hash)
    return found


def member_hash(row: MemberRow, badges: list[BadgeRow]) -> str:
    """Return the hash of a member with their badges, sorted by key and version."""
    name, agency, active, start, end, language = row[1:]
    content = ["member", row[0], name, agency, bool(active), _told(start), _told(end), language, badges]
    return _hash(content)


def agency_hash(row: AgencyRow) -> str:
    """Return the hash of an agency."""
    return _hash(["agency", *row])


def bucket_of(key: Key) -> int:
    """Return the bucket of a record."""
    return hashlib.sha256("/".join(key).encode()).digest()[0]


def xor(hashes: Iterable[str]) -> str:
    """Return the digest of a bucket of records with these hashes. Raise `ValueError` if one is no hash."""
    found = 0
    for one in hashes:
        found ^= int(one, 16)
    return f"{found:0{HASH_BYTES * 2}x}"


def _count(found: Digests, key: Key, own: str, refused: dict[Key, Refused]) -> None:
    one = refused.pop(key, None)
    found.add(key, one.hash if one is not None and one.own == own else own)


def _hash(content: list[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).digest()[:HASH_BYTES].hex()


def _told(moment: str | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
