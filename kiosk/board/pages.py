"""Makes the board's HTML from plain values. Escapes everything; knows no requests, sessions or sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.board.live import Picture
from kiosk.board.texts import LOOKS, PERSON_STATES, READER_STATES, ZONE_STATES
from kiosk.board.view import house_view
from kiosk.board.words import age_text, in_language, range_text, text, time_text
from kiosk.domain.activities import Activity
from kiosk.domain.board import Board, Person
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Language
from kiosk.domain.requests import NAME_MAX, TITLE_MAX
from kiosk.domain.zones import Words
from kiosk.tools.site import Site

_ROOM = Path(__file__).parent
VERSION = sha256(
    b"".join(one.read_bytes() for kind in ("templates", "static") for one in sorted((_ROOM / kind).iterdir()))
).hexdigest()[:16]
"""Changes with what pages are made of: one left open over an update loads itself anew."""
FRAGMENTS_MAX = 8
"""Rendered pictures that are remembered: two languages, in public and for hosts, the newest and the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people shown to one host, and when they were asked for."""

    read: Instant
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a host's action: words for the host, and the visit if it can be undone for a few seconds."""

    words: Words
    next_step: Words | None = None
    is_refused: bool = False
    undo_visit: str | None = None


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

    def host(  # noqa: PLR0913, PLR0917 - a page is everything that stands on it
        self,
        picture: Picture,
        language: Language,
        host: str,
        people: People | None,
        done: Done | None,
        look: str = "",
    ) -> str:
        """Return a host's page: with people if they were asked for, and what came of an action if there was one."""
        return self._render(
            "host.html",
            language,
            look,
            live=self.fragment(picture, language, is_public=False),
            host=host,
            people=people,
            done=done,
            zones=tuple(self._site.zones.values()),
            zone_names=self._zone_names(language),
            activities=_announced(picture),
            clock=self._clock,
            name_max=NAME_MAX,
            title_max=TITLE_MAX,
        )

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
        board = picture.board
        values: dict[str, Any] = {"picture": picture, "house": None, "roster_age": None}
        told = picture.lost or picture.heard
        if board is not None:
            age_s = roster_age_s(board, picture)
            values |= {
                "house": house_view(board, is_public=is_public),
                "roster_age": None if age_s is None else age_text(age_s, language),
                "is_clock_unset": board.at.clock is ClockState.UNSET,
            }
        return self._environment.get_template("live.html").render(
            t=self._text(language),
            time=lambda instant: time_text(instant, self._zone, told or instant),
            clock=self._clock,
            zone_names=self._zone_names(language),
            is_public=is_public,
            version=VERSION,
            demonstration=self._site.tables.demonstration,
            **self._words(language),
            **values,
        )

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
