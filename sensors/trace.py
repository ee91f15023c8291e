"""A trace: MQTT messages as JSON lines, for keeping and for playing again.

No device's own id may be in one, and no tag's UID: of a topic that tags come on, only what its profile has made of the
payload is kept.
"""

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.domain.badge import Uid
from sensors.profiles import PROFILES, Conceal
from sensors.readings import Message
from sensors.topics import Route

LINE_MAX = 1024 * 1024
"""The longest line that is read, in characters."""


STAND_IN = b"\x01"
"""The first byte of a UID that stands for a tag's own. Three bytes of its number follow."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One message and when it came, in seconds."""

    t: float
    message: Message


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that is no traced message, by its number from 1, and why."""

    number: int
    why: str


def conceals(routes: Mapping[str, tuple[Route, ...]]) -> dict[str, Conceal]:
    """Return how a payload is made fit for a trace, for each topic that tags come on."""
    return {topic: one.conceal for topic, known in routes.items() for one in known if one.conceal}


@dataclass(slots=True)
class Mask:
    """Puts the same made-up id in place of the same device's or tag's all through one trace."""

    conceals: Mapping[str, Conceal] = field(default_factory=dict)
    patterns: tuple[re.Pattern[str], ...] = field(
        default_factory=lambda: tuple(profile.device_ids for profile in PROFILES.values())
    )
    _known: dict[str, str] = field(default_factory=dict)
    _tags: dict[bytes, Uid] = field(default_factory=dict, repr=False)

    def __call__(self, text: str) -> str:
        """Return the text without devices' own ids."""
        for pattern in self.patterns:
            text = pattern.sub(self._name, text)
        return text

    def payload(self, message: Message) -> str:
        """Return the payload without the ids of devices and tags. Raise `UnicodeDecodeError` if it is no text."""
        conceal = self.conceals.get(message.topic)
        if conceal:
            return conceal(message.payload, self._stand_in).decode()
        return self(message.payload.decode())

    def _stand_in(self, uid: Uid) -> Uid:
        """Return a UID that no card has in its place: of the first card's number 1, and so on."""
        return self._tags.setdefault(uid.value, Uid(STAND_IN + (len(self._tags) + 1).to_bytes(3)))

    def _name(self, found: re.Match[str]) -> str:
        return self._known.setdefault(found.group().lower(), f"device-{len(self._known) + 1}")


def line(t: float, message: Message, mask: Mask) -> str:
    """Return the message as one line. A payload that is no UTF-8 text stands as base64 under its own key."""
    fields: dict[str, object] = {"t": round(t, 3), "topic": mask(message.topic)}
    try:
        fields["payload"] = mask.payload(message)
    except UnicodeDecodeError:
        fields["payload_base64"] = base64.b64encode(message.payload).decode()
    return json.dumps({**fields, "retain": message.retained}, ensure_ascii=False)


def read(lines: Iterable[str]) -> Iterator[Traced | BadLine]:
    """Return what each line holds, in order. A payload may be text or, for traces made by hand, JSON itself."""
    for number, text in enumerate(lines, 1):
        if text.strip():
            yield _read_line(number, text)


def _read_line(number: int, text: str) -> Traced | BadLine:
    if len(text) > LINE_MAX:
        return BadLine(number, "is too long")
    try:
        one = json.loads(text)
    except (ValueError, RecursionError):
        return BadLine(number, "is not JSON")
    if not isinstance(one, dict):
        return BadLine(number, "is not a JSON object")
    t, topic = one.get("t"), one.get("topic")
    if isinstance(t, bool) or not isinstance(t, int | float) or not math.isfinite(t) or not isinstance(topic, str):
        return BadLine(number, "has no time t or no topic")
    try:
        return Traced(float(t), Message(topic, _payload(one), one.get("retain") is True))
    except ValueError:
        return BadLine(number, "has a payload that is not base64")


def _payload(one: dict[str, object]) -> bytes:
    coded, plain = one.get("payload_base64"), one.get("payload")
    if isinstance(coded, str):
        return base64.b64decode(coded, validate=True)
    if isinstance(plain, str):
        return plain.encode(errors="surrogatepass")
    return b"" if plain is None else json.dumps(plain).encode()
