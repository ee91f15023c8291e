"""Makes the board's HTML from plain values. Escapes everything; knows no requests, sessions or sockets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.board.done import Done
from kiosk.board.health import Health, Looked, alarms, health
from kiosk.board.live import Picture
from kiosk.board.people import Found, Gone, People
from kiosk.board.strip import STRIP
from kiosk.board.texts import LOOKS, PERSON_STATES, READER_STATES, WHYS, ZONE_STATES
from kiosk.board.view import house_view
from kiosk.board.words import age_text, in_language, range_text, strip_text, text, time_text
from kiosk.domain.activities import Activity
from kiosk.domain.board import Board, UnknownBadge
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Language
from kiosk.domain.requests import NAME_MAX, TITLE_MAX
from kiosk.domain.roll_call import RollCall
from kiosk.look.roll_call import Paper, where, written
from kiosk.store.search import TEXT_MAX, TEXT_MIN
from kiosk.tools.site import Site

_ROOM = Path(__file__).parent
VERSION = sha256(
    b"".join(one.read_bytes() for kind in ("templates", "static") for one in sorted((_ROOM / kind).iterdir()))
).hexdigest()[:16]
"""Changes with what pages are made of: one left open over an update loads itself anew."""
NAMES_S = 600
"""How long names stand on a page that nobody touches."""
WARNING_S = 20
"""So long before that, it is said, and one press keeps them for as long again (WCAG 2.2, success criterion 2.2.1)."""
FRAGMENTS_MAX = 8
"""Rendered pictures that are remembered: two languages, in public and for hosts, the newest and the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one host is shown besides the picture: what they asked for, and what came of what they did."""

    host: str
    people: People | None = None
    gone: tuple[Gone, ...] | None = None
    found: Found | None = None
    done: Done | None = None
    read: Instant | None = None
    unknown: tuple[UnknownBadge, ...] = ()


class Pages:
    """Every page of one house's board."""

    def __init__(self, site: Site) -> None:
        """Read the templates."""
        self._site = site
        self.zone = self._zone = ZoneInfo(site.tables.site.timezone)
        self._environment = Environment(
            loader=PackageLoader("kiosk.board"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._fragment = lru_cache(FRAGMENTS_MAX)(self._render_fragment)

    def fragment(self, picture: Picture, language: Language, *, is_public: bool) -> str:
        """Return the live part of a page. The same picture is rendered once, however many look at it."""
        return self._fragment(picture, language, is_public)

    def wall(self, picture: Picture, language: Language, look: str = "", *, is_bare: bool = False) -> str:
        """Return the wall page; bare, for a screen that nobody touches, without buttons and pointer."""
        live = self.fragment(picture, language, is_public=True)
        return self._render("wall.html", language, look, live=live, is_bare=is_bare)

    def host(self, picture: Picture, language: Language, shown: Shown, look: str = "") -> str:
        """Return a host's page: with people if they were asked for, and what came of an action if there was one."""
        return self._render(
            "host.html",
            language,
            look,
            live=self.fragment(picture, language, is_public=False),
            shown=shown,
            host=shown.host,
            has_names=any(one is not None for one in (shown.people, shown.gone, shown.found)),
            names_s=NAMES_S,
            warning_s=WARNING_S,
            zones=tuple(self._site.zones.values()),
            zone_names=self._zone_names(language),
            activities=_announced(picture),
            clock=self._clock,
            last_time=lambda instant: time_text(instant, self._zone, picture.heard or instant),
            whys=WHYS,
            limits={"name": NAME_MAX, "title": TITLE_MAX, "text": TEXT_MAX, "text_min": TEXT_MIN},
            day=lambda instant: instant.wall.astimezone(self._zone).date().isoformat(),
        )

    def roll_call_start(
        self, language: Language, host: str, running: RollCall | None, past: tuple[RollCall, ...], look: str = ""
    ) -> str:
        """Return the page from which a roll call is begun, with those that were."""
        values = {"host": host, "running": running, "past": past, "when": self._when}
        return self._render("roll_call_start.html", language, look, **values)

    def roll_call(
        self, language: Language, host: str, call: RollCall, look: str = "", *, newer: RollCall | None = None
    ) -> str:
        """Return one roll call: the list to tick off, or the report once it has ended; and that a newer one runs."""
        names = self._zone_names(language)
        return self._render(
            "roll_call.html",
            language,
            look,
            host=host,
            call=call,
            newer=newer,
            missing=call.missing(),
            when=self._when,
            clock=self._clock,
            where=lambda row: where(row, self._paper(call, names)),
        )

    def roll_call_paper(self, language: Language, call: RollCall) -> str:
        """Return the list as plain text, with who has been found."""
        paper = self._paper(call, self._zone_names(language))
        return written(call.rows, paper, lambda row: call.tick_of(row) is not None)

    def enter(self, link: str, language: Language, look: str = "") -> str:
        """Return the page that a one-time link leads to. Opening it uses nothing up."""
        return self._render("enter.html", language, look, link=link)

    def sign_in(self, language: Language, look: str = "", *, has_hosts: bool, said: str = "") -> str:
        """Return the page where hosts sign in, with the text named `said` if something has gone wrong."""
        return self._render("sign_in.html", language, look, has_hosts=has_hosts, said=said)

    def message(self, name: str, language: Language, look: str = "") -> str:
        """Return a page that says one thing: the texts `name` and `name_title`."""
        return self._render("message.html", language, look, name=name)

    def _render(self, template: str, language: Language, look: str, **values: object) -> str:
        return self._environment.get_template(template).render(
            lang=str(language),
            look=look,
            looks=LOOKS,
            version=VERSION,
            other="en" if language is Language.SV else "sv",
            site=self._site.name,
            t=self._text(language),
            **self._words(language),
            **values,
        )

    def _render_fragment(self, picture: Picture, language: Language, is_public: bool) -> str:  # noqa: FBT001 - lru_cache keys positional arguments
        board, told = picture.board, picture.lost or picture.heard
        values: dict[str, Any] = {"house": None, "lines": (), "alarms": ()}
        if board is not None and picture.heard is not None:
            lines = self._health(board, picture.heard, picture)
            values = {
                "house": house_view(board, is_public=is_public, strips=picture.side.strips),
                "lines": tuple(one for one in lines if not is_public or one.is_public),
                "alarms": alarms(lines),
                "is_clock_unset": board.at.clock is ClockState.UNSET,
            }
        return self._environment.get_template("live.html").render(
            t=self._text(language),
            picture=picture,
            time=lambda instant: time_text(instant, self._zone, told or instant),
            clock=self._clock,
            zone_names=self._zone_names(language),
            is_public=is_public,
            version=VERSION,
            demonstration=self._site.tables.demonstration,
            strip_said=lambda strip: strip_text(strip, language),
            strip_minutes=STRIP.total_seconds() / 60,
            **self._words(language),
            **values,
        )

    def _health(self, board: Board, heard: Instant, picture: Picture) -> tuple[Health, ...]:
        age_s = roster_age_s(board, picture)
        side, zone = picture.side, self._zone
        return health(Looked(board=board, heard=heard, lost=picture.lost, side=side, roster_age_s=age_s, zone=zone))

    def _paper(self, call: RollCall, names: Mapping[ZoneId, str]) -> Paper:
        return Paper(name=self._site.name, at=call.began, zone=self._zone, zones=names, is_drill=call.is_drill)

    def _when(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%H:%M}"

    def _zone_names(self, language: Language) -> dict[ZoneId, str]:
        return {one.id: in_language(one.name, language) for one in self._site.zones.values()}

    @staticmethod
    def _text(language: Language) -> Callable[..., str]:
        return lambda name, /, **holes: text(name, language, **holes)

    def _words(self, language: Language) -> dict[str, Callable[..., str]]:
        return {
            "words": lambda words: in_language(words, language),
            "count": lambda counted: range_text(counted, language),
            "age": lambda age_s: age_text(age_s, language),
            "moment": lambda instant, today: time_text(instant, self._zone, today),
            "zone_state": lambda state: in_language(ZONE_STATES[state], language),
            "reader_state": lambda state: in_language(READER_STATES[state], language),
            "person_state": lambda state: in_language(PERSON_STATES[state], language),
        }


def _announced(picture: Picture) -> tuple[Activity, ...]:
    return house_view(picture.board, is_public=False).activities if picture.board else ()


def roster_age_s(board: Board, picture: Picture) -> float | None:
    """Return how old the member list is at the desk's last sign of life."""
    if board.roster_age_s is None or picture.heard is None:
        return board.roster_age_s
    return board.roster_age_s + picture.heard.seconds_since(board.at)
