"""The tables of the site file and their keys. Each key that may be left out has its default here."""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.closing import Hours
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, SensorId, SiteId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.retention import Retention
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Words, Zone

IdText = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,63}$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=90 * 86400)]
Topic = Annotated[str, msgspec.Meta(pattern="^[^#+\\x00]{1,200}$")]
TOPIC_OR_NONE = "^[^#+\\x00]{0,200}$"
Pointer = Annotated[str, msgspec.Meta(pattern="^(/[^\\x00]{0,200})?$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """The house itself. `host` says what "to a host" means here.

    Counts of one or two members are published as "1-2" unless `exact_counts` is true.
    """

    id: IdText
    name: Text
    state_dir: Text
    timezone: Text = "Europe/Stockholm"
    closes: Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "18:00"
    languages: tuple[Language, ...] = (Language.SV, Language.EN)
    host: Literal["here", "phone", "none"] = "here"
    host_phone: Annotated[str, msgspec.Meta(pattern="^[0-9 +()-]{0,32}$")] = ""
    exact_counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsTable:
    """A text in both languages."""

    sv: Text
    en: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTable:
    """A zone on the path."""

    id: IdText
    name: WordsTable
    about: WordsTable
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsTable:
    """Where the payloads of a `generic` sensor hold what, as JSON Pointers such as `"/state/people"`.

    `""` is the whole payload. `level` is a number of the sensor's `quantity`, `sequence` the device's message number.
    """

    motion: Pointer | None = None
    people: Pointer | None = None
    entered: Pointer | None = None
    left: Pointer | None = None
    level: Pointer | None = None
    sequence: Pointer | None = None
    time: Pointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorTable:
    """A sensor in a zone. `hold_s` is how long one sign of people lasts, `silent_s` when silence is no longer normal.

    Both default to what suits the sensor's kind; see `sensors.md`. The other keys serve some profiles only; see
    `add-a-sensor.md`. `channel` names the thing in the device's payload that speaks of this zone. `gateway` and
    `availability` are topics. `quantity` says what a plain number is. `inverted` swaps motion and no motion, or into
    and out of the zone. `repeats` tells that each `motion` is measured anew. `reports` and `wraps_at` tell how a
    counter of crossings counts.
    """

    id: IdText
    zone: IdText
    profile: IdText
    kind: IdText
    topic: Topic
    hold_s: Seconds | None = None
    silent_s: Seconds | None = None
    channel: Annotated[str, msgspec.Meta(max_length=64)] = ""
    gateway: Annotated[str, msgspec.Meta(pattern=TOPIC_OR_NONE)] = ""
    availability: Annotated[str, msgspec.Meta(pattern=TOPIC_OR_NONE)] = ""
    quantity: Annotated[str, msgspec.Meta(max_length=64)] = ""
    inverted: bool = False
    repeats: bool = False
    reports: Literal["totals", "increments"] | None = None
    wraps_at: Annotated[int, msgspec.Meta(ge=2, le=2**53)] | None = None
    paths: PathsTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTable:
    """A badge reader. `match` picks one by a part of its name when there are several; one that types (`hid`) needs it.

    With `beep` it sounds when it sees a card, as far as it can be told so. The last four keys are for one that types:
    how it writes a UID, how many digits (0 is any), what it types after them, and whether the last byte comes first.
    See `reader.md`.
    """

    id: IdText
    driver: Literal["pcsc", "hid", "scripted"]
    direction: Direction = Direction.BOTH
    match: Annotated[str, msgspec.Meta(max_length=128)] = ""
    beep: bool = True
    form: Literal["hex", "decimal"] = "hex"
    digits: Annotated[int, msgspec.Meta(ge=0, le=32)] = 0
    terminator: Literal["enter", "tab", "none"] = "enter"
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerTable:
    """The MQTT broker. With `ca` the connection is TLS; `certificate` and `key` name us to it.

    With `discovery` Home Assistant is told of every zone, below the topic `discovery_prefix`.
    """

    host: Text = "localhost"
    port: Port = 1883
    ca: str = ""
    certificate: str = ""
    key: str = ""
    discovery: bool = True
    discovery_prefix: Topic = "homeassistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreTable:
    """The central system. `source` is this house's journal's name there; the token itself is a credential.

    `took_part_rounding_min`: the time of having taken part is told to the centre in windows of so many minutes.
    """

    url: Annotated[str, msgspec.Meta(pattern="^https?://[^\\s]+$")]
    source: Text
    token_credential: IdText = "centre-token"  # noqa: S105 - the name of a credential, not a secret
    push_every_s: Seconds = 5.0
    pull_every_s: Seconds = 60.0
    took_part_rounding_min: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeTable:
    """The secrets that badge keys are made with, in credentials named `badge-key-v1` and so on.

    `card_versions` are those of the master keys with which cards prove themselves; without any, none is asked to. They
    do it by answering a `challenge`, with the credential `card-tap-v1` and so on, or by their own `sun` message, with
    `card-sun-v1`. See `badges.md`.
    """

    key_versions: Annotated[tuple[Annotated[int, msgspec.Meta(ge=1)], ...], msgspec.Meta(min_length=1)] = (1,)
    card_versions: Annotated[tuple[Annotated[int, msgspec.Meta(ge=1, le=255)], ...], msgspec.Meta(max_length=4)] = ()
    proof: Literal["challenge", "sun"] = "challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTable:
    """Where the hosts' board is served. With `certificate` and `key`, files in PEM, over TLS.

    Without them it can be served to this machine alone.
    """

    host: Text = "127.0.0.1"
    port: Port = 8080
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenTable:
    """The members' screen. An answer nobody touches stands `answer_s`, a page somebody reads or listens to `reading_s`.

    Before a page that stood longer than 20 s goes away it warns, and any key or touch gives it its time again.
    """

    theme: Literal["dark", "light", "contrast"] = "dark"
    answer_s: Annotated[float, msgspec.Meta(ge=5, le=600)] = 15.0
    reading_s: Annotated[float, msgspec.Meta(ge=30, le=600)] = 60.0
    exit_question: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTable:
    """What the members' screen sounds like. `volume` is 1 to 4, and what it goes back to after each person.

    `device` and `headset` are names of the machine's sound devices, "" the usual one. Speech goes to the headset where
    there is one, and only there names are spoken. `words_per_minute` is how fast.
    """

    earcons: bool = True
    speech: bool = True
    volume: Annotated[int, msgspec.Meta(ge=1, le=4)] = 2
    device: Annotated[str, msgspec.Meta(pattern="^[^\\x00-\\x1f-][^\\x00-\\x1f]{0,99}$|^$")] = ""
    headset: Annotated[str, msgspec.Meta(pattern="^[^\\x00-\\x1f-][^\\x00-\\x1f]{0,99}$|^$")] = ""
    words_per_minute: Annotated[int, msgspec.Meta(ge=80, le=400)] = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallTable:
    """The evacuation list on paper, every hour, if a printer is named: as CUPS knows it. See `evacuation-paper.md`."""

    printer: Annotated[str, msgspec.Meta(pattern="^([A-Za-z0-9_][A-Za-z0-9_.@-]{0,126})?$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchTable:
    """What is told of the house: behind every figure stand at least `group_min` people and occasions.

    A month that was released keeps the number it was released with. See `research.md`.
    """

    group_min: Annotated[int, msgspec.Meta(ge=5, le=50)] = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationBadge:
    """An example member's badge, shown to the scripted reader by one key."""

    key: Annotated[str, msgspec.Meta(pattern="^[1-9]$")]
    uid: Annotated[str, msgspec.Meta(pattern="^([0-9A-F]{2}){4,10}$")]
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationTable:
    """Only in the demonstration: how many times faster than real the zones are played, and the example badges.

    `reader` is the scripted reader that the screen's keys show badges to; by default the one beside the screen.
    """

    reader: IdText | None = None
    speed: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    badge: tuple[DemonstrationBadge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The whole file as it stands."""

    site: SiteTable
    rule: Rule = field(default_factory=Rule)
    zone: tuple[ZoneTable, ...] = ()
    sensor: tuple[SensorTable, ...] = ()
    reader: tuple[ReaderTable, ...] = ()
    broker: BrokerTable | None = None
    centre: CentreTable | None = None
    badge: BadgeTable = field(default_factory=BadgeTable)
    board: BoardTable = field(default_factory=BoardTable)
    screen: ScreenTable = field(default_factory=ScreenTable)
    sound: SoundTable = field(default_factory=SoundTable)
    roll_call: RollCallTable = field(default_factory=RollCallTable)
    retention: Retention = field(default_factory=Retention)
    research: ResearchTable = field(default_factory=ResearchTable)
    demonstration: DemonstrationTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A hub as described by its site file, every reference in it checked."""

    id: SiteId
    tables: Tables

    @property
    def name(self) -> str:
        """Return the house's name for people."""
        return self.tables.site.name

    @property
    def rule(self) -> Rule:
        """Return the numbers of the rule."""
        return self.tables.rule

    @property
    def state_dir(self) -> Path:
        """Return the one directory that the services write in."""
        return Path(self.tables.site.state_dir)

    @property
    def door(self) -> Path:
        """Return the desk's Unix socket."""
        return self.state_dir / "door.sock"

    @property
    def hours(self) -> Hours:
        """Return when the house closes."""
        return Hours(time.fromisoformat(self.tables.site.closes), ZoneInfo(self.tables.site.timezone))

    @property
    def zones(self) -> dict[ZoneId, Zone]:
        """Return the zones by id, in the order of the path."""
        return {
            ZoneId(one.id): Zone(
                id=ZoneId(one.id),
                name=Words(one.name.sv, one.name.en),
                about=Words(one.about.sv, one.about.en),
                counts=one.counts,
            )
            for one in self.tables.zone
        }

    @property
    def readers(self) -> dict[ReaderId, ReaderTable]:
        """Return the readers by id."""
        return {ReaderId(one.id): one for one in self.tables.reader}

    @property
    def sensors(self) -> dict[SensorId, SensorTable]:
        """Return the sensors by id."""
        return {SensorId(one.id): one for one in self.tables.sensor}
