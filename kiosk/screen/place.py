"""What the screen is told of the house when it starts: its name, hosts and the reader beside it. Never who is in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.ids import ReaderId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.zones import Words
from kiosk.look.words import HostIs, printable
from kiosk.tools.site import DemonstrationBadge, Site

NOTICE_BYTES_MAX = 16 * 1024
NOTICE_LINES_MAX = 8

NoticeLine = Annotated[str, msgspec.Meta(max_length=200)]


class NoticeError(Exception):
    """The notice cannot be shown; the text says why."""


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines to show below the waiting page, as they stand in the file: `{"lines": ["...", "..."]}`."""

    lines: Annotated[tuple[NoticeLine, ...], msgspec.Meta(max_length=NOTICE_LINES_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long pages stand, in seconds: an answer nobody touches, and any page that somebody reads or listens to."""

    answer_s: float = 15.0
    reading_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The house as its screen knows it. `languages` holds the usual one first; `reader` None follows all.

    `times` are how long pages stand, `kept_days` and `kept_months` how long visits and choices are kept. `asks_exit` is
    whether the question at the exit is asked, `can_speak` whether there is a voice here, `names_spoken` whether only
    whoever wears the headset hears it, `volume` the usual one. `badges` are a demonstration's example badges,
    `key_reader` the reader that keys show them to, and `speed` how many times too fast it is played.
    """

    name: str
    reader: ReaderId | None
    zone: ZoneInfo
    languages: tuple[Language, ...] = (Language.SV, Language.EN)
    zones: Mapping[ZoneId, Words] = field(default_factory=dict)
    host: HostIs = "here"
    phone: str = ""
    may_quit: bool = False
    is_demonstration: bool = False
    speed: int = 1
    badges: tuple[DemonstrationBadge, ...] = ()
    key_reader: ReaderId | None = None
    notice: tuple[str, ...] = ()
    times: Times = Times()
    kept_days: int = 14
    kept_months: int = 13
    asks_exit: bool = True
    can_speak: bool = False
    names_spoken: bool = False
    volume: int = 2

    @property
    def language(self) -> Language:
        """Return the language that the screen rests in."""
        return self.languages[0] if self.languages else Language.SV

    @property
    def readers(self) -> tuple[ReaderId, ...]:
        """Return the readers whose answers are shown here; none means all."""
        if self.reader is None:
            return ()
        return tuple(dict.fromkeys((self.reader, self.key_reader or self.reader)))


def place_of(
    site: Site,
    reader: ReaderId | None = None,
    *,
    may_quit: bool = False,
    notice: tuple[str, ...] = (),
    can_speak: bool = False,
) -> Place:
    """Return what the site file says to a screen beside that reader, by default the first."""
    house = site.tables.site
    demonstration = site.tables.demonstration
    beside = reader or next(iter(site.readers), None)
    screen = site.tables.screen
    keys = ReaderId(demonstration.reader) if demonstration and demonstration.reader else beside
    return Place(
        name=printable(site.name),
        reader=beside,
        key_reader=keys,
        zone=ZoneInfo(house.timezone),
        languages=house.languages,
        zones={one.id: one.name for one in site.zones.values()},
        host=house.host,
        phone=house.host_phone,
        may_quit=may_quit,
        is_demonstration=demonstration is not None,
        speed=demonstration.speed if demonstration else 1,
        badges=demonstration.badge if demonstration else (),
        notice=notice,
        times=Times(answer_s=screen.answer_s, reading_s=screen.reading_s),
        kept_days=site.tables.retention.closed_visit_days,
        kept_months=site.tables.retention.preferences_months,
        asks_exit=screen.exit_question,
        can_speak=can_speak,
        names_spoken=bool(site.tables.sound.headset),
        volume=site.tables.sound.volume,
    )


def read_notice(path: Path) -> tuple[str, ...]:
    """Return the lines of a notice file, or raise `NoticeError`."""
    try:
        with path.open("rb") as file:
            notice = msgspec.json.decode(file.read(NOTICE_BYTES_MAX), type=Notice)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"the notice {path} cannot be shown: {error}"
        raise NoticeError(message) from error
    return tuple(printable(one) for one in notice.lines)
