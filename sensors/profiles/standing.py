"""Whether a device or a gateway is there, in the forms that families have in common. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from sensors.profiles.payloads import decode, plain
from sensors.profiles.profile import Said
from sensors.readings import Refusal, What, Word

_JSON_STARTS = (b"{", b'"')

_TEXTS: Mapping[str, bool] = MappingProxyType({"online": True, "offline": False, "true": True, "false": False})


class _Standing(msgspec.Struct):
    """The form with a state inside, such as `{"state": "online"}`."""

    state: str


_standing = msgspec.json.Decoder(_Standing | str)


@dataclass(frozen=True, slots=True)
class Standing:
    """Reads `online`, `offline`, `true` and `false`, in any case, plain or as a JSON text or state.

    An empty payload only clears what the broker kept, and says nothing.
    """

    there: What
    gone: What

    def __call__(self, payload: bytes) -> Said:
        """Return that it is there or gone, or why neither was understood."""
        if not payload:
            return ()
        text = _text(payload)
        if isinstance(text, Refusal):
            return text
        is_there = _TEXTS.get(text.strip().lower())
        if is_there is None:
            return Refusal.UNKNOWN_STATE
        return (Word(self.there if is_there else self.gone),)


def _text(payload: bytes) -> str | Refusal:
    if not payload.lstrip().startswith(_JSON_STARTS):
        return plain(payload)
    standing = decode(_standing, payload)
    return standing.state if isinstance(standing, _Standing) else standing


DEVICE = Standing(What.ONLINE, What.OFFLINE)
"""Reads whether the sensor itself is there."""

GATEWAY = Standing(What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE)
"""Reads whether what the sensor is reached through is there."""
