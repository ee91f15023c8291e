"""Milesight VS121 and VS133 people counters behind a LoRaWAN network server. Pure.

One device can serve several zones and doors: `channel` names a line or a region of it. Records that the device sends
again after a gap (`history`) are said as history and nothing else; values of a period are lost with a lost message,
so totals are read unless the setting asks for increments.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sensors.profiles.lorawan import DEVICE_IDS, Uplink, transport, wrong_topic
from sensors.profiles.measures import crossings, people, whole
from sensors.profiles.payloads import epoch_time
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Reports, Said, Setting, wrong_channel
from sensors.readings import PEOPLE_MAX, Content, Crossed, CrossedBy, People, Refusal, What, Word

DEVICE_WRAPS_AT, LINE_WRAPS_AT = 2**16, 2**32
"""Totals of the whole device have 16 bits (VS121), those of a line 32 (VS133)."""

HISTORY_MAX = 64
"""The most records of the past that are read from one message."""

STAMP_MAX = 2**32 - 1

_CHANNEL = re.compile(r"line_[1-4]|region_([1-9]|1[0-6])")
_CHANNELS = "line_1 to line_4, region_1 to region_16; none is the whole device"

Contents = tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """Reads what its channel tells: how many are there, and how many have crossed."""

    unwrap: Callable[[bytes], Uplink | Refusal]
    channel: str
    reports: Reports
    inverted: bool

    def __call__(self, payload: bytes) -> Said:
        """Return what is so now and what was, oldest last. A message with neither is refused as `missing`."""
        if not payload:
            return ()
        uplink = self.unwrap(payload)
        if isinstance(uplink, Refusal):
            return uplink
        past = self._past(uplink.values.get("history"))
        if isinstance(past, Refusal):
            return past
        content = self._contents(uplink.values, uplink)
        if isinstance(content, Refusal):
            return past if past and content is Refusal.MISSING else content
        stamp = _stamp(uplink.values) or uplink.received
        return (*(Word(one, stamp) for one in content), *past)

    def _past(self, records: object) -> tuple[Word, ...] | Refusal:
        """Return the records that tell of this channel and of when they were made."""
        if records is None:
            return ()
        if not isinstance(records, list):
            return Refusal.WRONG_TYPE
        return tuple(word for one in records[:HISTORY_MAX] if isinstance(one, dict) for word in self._record(one))

    def _record(self, record: dict[str, Any]) -> Iterator[Word]:
        stamp, content = _stamp(record), self._contents(record, None)
        if stamp is not None and not isinstance(content, Refusal):
            yield from (Word(one, stamp, history=True) for one in content)

    def _contents(self, values: dict[str, Any], uplink: Uplink | None) -> Contents | Refusal:
        if self.channel.startswith("region"):
            return _region(self.channel, values)
        if self.channel or self.reports is Reports.INCREMENTS:
            return self._crossed(values, uplink)
        return self._device(values, uplink)

    def _device(self, values: dict[str, Any], uplink: Uplink | None) -> Contents | Refusal:
        """Return how many the whole device sees and how many have crossed, as far as it reports either."""
        found: Contents = ()
        if "people_count_all" in values:
            count = people(values["people_count_all"])
            if isinstance(count, Refusal):
                return count
            found = (count,)
        if found and not {"people_total_in", "people_total_out"} & values.keys():
            return found
        crossed = self._crossed(values, uplink)
        return crossed if isinstance(crossed, Refusal) else (*found, *crossed)

    def _crossed(self, values: dict[str, Any], uplink: Uplink | None) -> Contents | Refusal:
        is_total = self.reports is Reports.TOTALS
        before = f"{self.channel}_{'total' if is_total else 'period'}" if self.channel else "people"
        between = "_total" if is_total and not self.channel else ""
        wraps_at = LINE_WRAPS_AT if self.channel else DEVICE_WRAPS_AT
        both = crossings(
            values.get(f"{before}{between}_in"),
            values.get(f"{before}{between}_out"),
            inverted=self.inverted,
            most=wraps_at - 1 if is_total else PEOPLE_MAX,
        )
        if isinstance(both, Refusal):
            return both
        if is_total:
            return (Crossed(*both, wraps_at, uplink.sequence if uplink else None),)
        return (CrossedBy(*both, uplink.identity if uplink else None),)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic of the device's uplinks."""
    reports = setting.reports or Reports.TOTALS
    read = Counter(transport(setting.topic), setting.channel, reports, setting.inverted)
    return (Hearing(setting.topic, Part.STATE, read),)


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is no uplink's, or a channel that the devices have not."""
    yield from wrong_topic(setting)
    yield from wrong_channel(setting, _CHANNEL, _CHANNELS)


def _region(channel: str, values: dict[str, Any]) -> Contents | Refusal:
    """Return how many are in the region, or, where it does not count, whether anybody is."""
    if f"{channel}_count" in values:
        count = people(values[f"{channel}_count"])
        return count if isinstance(count, Refusal) else (count,)
    is_taken = whole(values.get(channel), 1)
    if isinstance(is_taken, Refusal):
        return is_taken
    return (What.MOTION if is_taken else What.CLEAR,)


def _stamp(values: dict[str, Any]) -> datetime | None:
    seconds = whole(values.get("timestamp"), STAMP_MAX)
    return None if isinstance(seconds, Refusal) else epoch_time(seconds)


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset({What.MOTION, What.CLEAR, People, Crossed, CrossedBy}),
    options=frozenset({"channel", "inverted", "reports"}),
    device_ids=DEVICE_IDS,
)
