"""Milesight VS121-P, which reports by itself to the broker: how many are there, in all and by region. Pure.

Its clock is local, with the offset beside it as text. A report can carry a picture: such a one is refused unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec

from sensors.profiles.measures import people, said, whole
from sensors.profiles.payloads import decode, iso_time
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_channel
from sensors.readings import Content, People, Refusal, What

REGIONS_MAX = 16
"""The most regions that the device has."""

_CHANNEL = re.compile(r"region_([1-9]|1[0-6])")
_OFFSET = re.compile(r"UTC([+-])([0-9]{1,2}):([0-9]{2})")
_DST = timedelta(hours=1)


class _Time(msgspec.Struct):
    """The wall clock: of a period its end, of an event its moment."""

    timezone: str = ""
    dst_status: bool = False
    end_time: str | None = None
    time: str | None = None


class _Report(msgspec.Struct):
    time_info: _Time | None = None
    current_total: Any = None
    numbering_regions: list[Any] | None = None
    current_counted: list[Any] | None = None
    occupancy: list[Any] | None = None
    snapshot: Any = None


_report = msgspec.json.Decoder(_Report)


@dataclass(frozen=True, slots=True)
class Counter:
    """Reads how many the whole device sees, or one region of it."""

    channel: str

    def __call__(self, payload: bytes) -> Said:
        """Return the count, or, of a region that is not counted, whether anybody is there."""
        if not payload:
            return ()
        report = decode(_report, payload)
        if isinstance(report, Refusal):
            return report
        if report.snapshot is not None:
            return Refusal.PICTURE
        content = self._region(report) if self.channel else people(report.current_total)
        return said(content, _stamp(report.time_info))

    def _region(self, report: _Report) -> Content | Refusal:
        number = int(self.channel.removeprefix("region_"))
        numbers = (report.numbering_regions or [])[:REGIONS_MAX]
        if number not in numbers:
            return Refusal.MISSING
        at = numbers.index(number)
        if report.current_counted is not None:
            return people(report.current_counted[at]) if at < len(report.current_counted) else Refusal.MISSING
        if report.occupancy is None or at >= len(report.occupancy):
            return Refusal.MISSING
        is_taken = whole(report.occupancy[at], 1)
        if isinstance(is_taken, Refusal):
            return is_taken
        return What.MOTION if is_taken else What.CLEAR


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic that the device reports on."""
    return (Hearing(setting.topic, Part.STATE, Counter(setting.channel)),)


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a region that the device has not."""
    yield from wrong_channel(setting, _CHANNEL, "region_1 to region_16; none is the whole device")


def _stamp(time: _Time | None) -> datetime | None:
    """Return when it was, in UTC; without a zone if the device does not tell its own."""
    if time is None:
        return None
    local = iso_time((time.end_time or time.time or "").replace("/", "-"))
    offset = _OFFSET.fullmatch(time.timezone)
    if local is None or local.tzinfo is not None or offset is None:
        return local
    sign, hours, minutes = offset.groups()
    ahead = timedelta(hours=int(sign + hours), minutes=int(sign + minutes)) + (_DST if time.dst_status else timedelta())
    try:
        return local.replace(tzinfo=timezone(ahead)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset({People, What.MOTION, What.CLEAR}),
    options=frozenset({"channel"}),
    device_ids=re.compile(r"(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}|(?<=\"device_sn\":\")[^\"]*"),
)
