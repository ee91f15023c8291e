"""The example hub: Stockholm with three zones, four agencies and members who are plainly examples."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.ids import BadgeKey

SOURCE = "se.samverket.stockholm.demonstration"
DATABASE_NAME = "centre.db"
TOKEN_NAME = "centre-token"  # noqa: S105 - the name of a credential, not a secret
SPEED = 60
"""How many times faster than it was recorded the day in the zones is played."""
ENTRANCE = "entrance"
SIDE_ENTRANCE = "side-entrance"
KEYS = "keys"
"""The reader that the screen's keys show badges to, where the entrance has a real one."""
KEY_VERSION = 1
TIMEZONE = ZoneInfo("Europe/Stockholm")
HOLD_S = 10.0
SILENT_S = 65.0
"""A motion sensor's ordinary hold and silence, as many times shorter as the day is played faster."""
ZONES = ("lagerelden", "hinderbanan", "rastplatsen")

AGENCIES = {
    "exempelmyndigheten": "Exempelmyndigheten",
    "provverket": "Provverket",
    "forsoksstyrelsen": "Försöksstyrelsen",
    "region-exempel": "Region Exempel",
}

_AT_THE_KEYS = (
    "Astrid Exempel",
    "Björn Provsson",
    "Cecilia Mallberg",
    "Daniel Testlund",
    "Elif Exempel",
    "Fatima Provgren",
    "Gustav Mallström",
    "Hanna Testberg",
    "Ismail Exempel",
)
_VISITORS = (
    "Jonas Exempel",
    "Karin Provsson",
    "Leila Mallberg",
    "Mats Testlund",
    "Nadia Exempel",
    "Oskar Provgren",
    "Petra Mallström",
    "Rune Testberg",
    "Sara Exempel",
    "Tuva Provsson",
    "Ulf Mallberg",
    "Ylva Testlund",
)


@dataclass(frozen=True, slots=True)
class Example:
    """An example member: `key` is the digit that shows their badge, or None for those who come by themselves."""

    member: str
    name: str
    agency: str
    uid: str
    key: str | None
    language: str

    def badge(self, secret: bytes) -> BadgeKey:
        """Return the key of the member's badge."""
        return badge_key(secret, Uid(bytes.fromhex(self.uid)))


def examples() -> tuple[Example, ...]:
    """Return all example members, those with a key first."""
    agencies = tuple(AGENCIES)
    return tuple(
        Example(
            member=f"exempel-{number:02}",
            name=name,
            agency=agencies[number % len(agencies)],
            uid=f"04E0{number:02X}5A3C2B80",
            key=str(number) if number <= len(_AT_THE_KEYS) else None,
            language="en" if number == len(_AT_THE_KEYS) else "sv",
        )
        for number, name in enumerate((*_AT_THE_KEYS, *_VISITORS), start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where this demonstration keeps its state and listens; `driver` is the entrance's reader driver."""

    state_dir: Path
    broker_port: int
    centre_port: int
    board_port: int
    driver: str


def site_file(places: Places, now: datetime) -> str:
    """Return the demonstration's site file. The house closes half a day from `now`, whatever the hour."""
    closes = (now.astimezone(TIMEZONE) + timedelta(hours=12)).strftime("%H:%M")
    keys = KEYS if places.driver != "scripted" else ENTRANCE
    parts = [_SITE.format(places=places, closes=closes, source=SOURCE, speed=SPEED, keys=keys)]
    scripted = dict.fromkeys((keys, SIDE_ENTRANCE))
    parts += [_READER.format(id=ENTRANCE, driver=places.driver)]
    parts += [_READER.format(id=one, driver="scripted") for one in scripted if one != ENTRANCE]
    parts += [
        _SENSOR.format(zone=zone, number=number, hold=HOLD_S, silent=SILENT_S) for zone in ZONES for number in (1, 2)
    ]
    parts += [_BADGE.format(one=one) for one in examples() if one.key]
    return "\n".join(parts)


_SITE = """\
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{places.state_dir}"
closes = "{closes}"

[rule]
settle_s = 15
grace_s = 45
linger_s = 120

[[zone]]
id = "lagerelden"
name.sv = "Lägerelden"
name.en = "The campfire"
about.sv = "för djupare samtal"
about.en = "for deeper talks"

[[zone]]
id = "hinderbanan"
name.sv = "Hinderbanan"
name.en = "The obstacle course"
about.sv = "för utmaningar att lösa ihop"
about.en = "for challenges to solve together"

[[zone]]
id = "rastplatsen"
name.sv = "Rastplatsen"
name.en = "The resting place"
about.sv = "för möten som bara händer"
about.en = "for chance meetings"

[broker]
host = "127.0.0.1"
port = {places.broker_port}

[centre]
url = "http://127.0.0.1:{places.centre_port}"
source = "{source}"
push_every_s = 1.0
pull_every_s = 5.0

[board]
host = "127.0.0.1"
port = {places.board_port}

[demonstration]
reader = "{keys}"
speed = {speed}
"""

_READER = """\
[[reader]]
id = "{id}"
driver = "{driver}"
direction = "both"
"""

_SENSOR = """\
[[sensor]]
id = "{zone}-{number}"
zone = "{zone}"
profile = "zigbee2mqtt"
kind = "pir"
topic = "zigbee2mqtt/{zone}/pir-{number}"
hold_s = {hold}
silent_s = {silent}
"""

_BADGE = """\
[[demonstration.badge]]
key = "{one.key}"
uid = "{one.uid}"
name = "{one.name}"
"""
