"""From the tags shown at the zones' readers to what the inbox holds: badge keys, and never a UID. No file, no clock.

A reader may say the same tag again and again while it lies there, and the broker may deliver a message twice: both are
one tap.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping

from kiosk.domain.badge import badge_key
from kiosk.domain.ids import BadgeKey, SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import ZoneTap
from sensors.watch import Tapped

AGAIN_S = 5.0
"""The same badge at the same reader again within this long is the same tap."""
LATELY_MAX = 256
"""The most badges remembered for that."""

RANDOM, REPEATED, UNREAD = "random-tap", "repeated-tap", "unread-tap"
"""How taps are counted that lead to nothing: a phone's, one said again, and any while we have no badge secret."""


class Taps:
    """Makes zone taps of tags. `secrets` are the badge secrets by version; without any every tap is only counted."""

    def __init__(self, secrets: Mapping[int, bytes]) -> None:
        """Remember no badge yet."""
        self._secrets = [secrets[version] for version in sorted(secrets, reverse=True)]
        self._lately: OrderedDict[tuple[SensorId, BadgeKey], Instant] = OrderedDict()

    def made_of(self, tapped: Iterable[Tapped], counted: Counter[tuple[str, str]]) -> tuple[ZoneTap, ...]:
        """Return what goes into the inbox, and count all else."""
        made = []
        for one in tapped:
            keys = tuple(badge_key(secret, one.tag.uid) for secret in self._secrets)
            why = UNREAD if not keys else RANDOM if one.tag.uid.is_random else ""
            if not why and self._is_again(one, keys[0]):
                why = REPEATED
            if why:
                counted[one.sensor, why] += 1
            else:
                made.append(ZoneTap(one.sensor, one.zone, keys, one.at))
        return tuple(made)

    def _is_again(self, one: Tapped, key: BadgeKey) -> bool:
        before = self._lately.get((one.sensor, key))
        self._lately[one.sensor, key] = one.at
        self._lately.move_to_end((one.sensor, key))
        while len(self._lately) > LATELY_MAX:
            self._lately.popitem(last=False)
        return before is not None and one.at.seconds_since(before) < AGAIN_S
