"""Small types for what must not be mixed up. All are text; none carries meaning in its characters."""

from typing import NewType

SiteId = NewType("SiteId", str)
ZoneId = NewType("ZoneId", str)
AgencyId = NewType("AgencyId", str)
MemberId = NewType("MemberId", str)
ReaderId = NewType("ReaderId", str)
SensorId = NewType("SensorId", str)
VisitId = NewType("VisitId", str)
EventId = NewType("EventId", str)
RequestId = NewType("RequestId", str)
BootId = NewType("BootId", str)
GuestId = NewType("GuestId", str)
ActivityId = NewType("ActivityId", str)
BadgeKey = NewType("BadgeKey", str)
Actor = NewType("Actor", str)
"""Who asked: `MEMBER`, `SYSTEM`, or a host as made by `host`."""

MEMBER = Actor("member")
SYSTEM = Actor("system")


def host(name: str) -> Actor:
    """Return the actor for the host of that sign-in name."""
    return Actor(f"host:{name}")
