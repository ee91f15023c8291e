"""What every drawing function is handed: the house, the moment, the language and the room there is."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.zones import Words
from kiosk.look.words import said, time_of_day
from kiosk.screen.pages import Page
from kiosk.screen.paper import Room
from kiosk.screen.place import Place


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a drawn page depends on, besides its size. `now` is cut to the minute: nothing finer is shown."""

    place: Place
    page: Page
    now: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One attempt at a page: so many cells wide between the margins and high, with this much room."""

    place: Place
    now: datetime
    language: Language
    width: int
    height: int
    room: Room

    @property
    def is_roomy(self) -> bool:
        """Return whether there is room for cards, buttons and pictures."""
        return self.room is Room.ROOMY

    def say(self, words: Words, **values: object) -> str:
        """Return the text in this view's language with its values filled in."""
        return said(words, self.language).format(**values)

    def time(self, moment: Instant) -> str:
        """Return the local time of day of the moment."""
        return time_of_day(moment.wall, self.now, self.place.zone)

    def gap(self, rows: int = 1) -> int:
        """Return so many empty rows where there is room for any."""
        return rows if self.room >= Room.PLAIN else 0
