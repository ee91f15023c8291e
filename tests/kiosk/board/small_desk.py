"""A desk for the board's tests: a real door with a told picture behind it, which remembers what it was asked."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Board, Person, ReaderHealth, ReaderState, UnknownBadge, ZonePicture
from kiosk.domain.ids import ReaderId, RequestId, SiteId, VisitId, ZoneId
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import Words, ZoneState
from kiosk.door.badges import SayUnknownBadges, ShowUnknownBadges
from kiosk.door.connection import Connection
from kiosk.door.messages import (
    Ask,
    AskConfirm,
    AskLeave,
    NoteAccess,
    SayAccepted,
    SayAnswer,
    SayBoard,
    SayPeople,
    ShowBoard,
    ShowPeople,
    Watch,
    decode_asked,
)
from kiosk.door.server import DoorServer
from kiosk.tools.site import Site, read
from tests.support.house import COURSE, FIRE, REST, at

JOIN_S = 5.0


def small_site(state_dir: Path, port: int = 8080) -> Site:
    """Return a house of three zones whose door and files are in that directory."""
    zones = "".join(
        f'[[zone]]\nid = "{one}"\nname = {{sv = "{sv}", en = "{en}"}}\nabout = {{sv = "{about}", en = "{about_en}"}}\n'
        for one, sv, en, about, about_en in (
            (FIRE, "Lägerelden", "The campfire", "för djupare samtal", "for deeper talks"),
            (COURSE, "Hinderbanan", "The obstacle course", "för knepiga frågor", "for hard problems"),
            (REST, "Rastplatsen", "The resting place", "för möten på måfå", "for chance meetings"),
        )
    )
    return read(
        f'[site]\nid = "stockholm"\nname = "Samverket Stockholm"\nstate_dir = "{state_dir}"\n{zones}'
        f"[board]\nport = {port}\n"
    )


def small_board(*, fire: ZoneState = ZoneState.OCCUPIED, in_house: int = 7, joined: int = 3) -> Board:
    """Return a house with people by the fire, nobody on the course, and a resting place nobody hears of."""
    return Board(
        site=SiteId("stockholm"),
        name="Samverket Stockholm",
        at=at(3600),
        in_house=in_house,
        present=4,
        zones=(_fire(fire, joined), _course(), _rest()),
        readers=(ReaderHealth(ReaderId("entrance"), ReaderState.READY, at(0)),),
        roster_age_s=240.0,
    )


ANNA = Person(
    visit=VisitId("visit-anna"),
    name="Anna <Exempel>",
    agency="Exempelmyndigheten",
    state=State.PRESENT,
    zone=FIRE,
    since=at(600),
    waited_s=0.0,
)
BO = Person(
    visit=VisitId("visit-bo"),
    name="Bo Exempelsson",
    agency="Provverket",
    state=State.PASSIVE,
    zone=None,
    since=at(900),
    waited_s=2800.0,
)


@dataclass
class SmallDesk:
    """Serves a picture at a site's door, in a thread of its own, from `start` to `stop`."""

    site: Site
    board: Board = field(default_factory=small_board)
    asked: list[Ask] = field(default_factory=list)
    is_silent: bool = False
    people: tuple[Person, ...] = (ANNA, BO)
    unknown: tuple[UnknownBadge, ...] = ()

    def start(self) -> None:
        """Open the door."""
        self._watchers: set[Connection] = set()
        self._stop = threading.Event()
        self._door = DoorServer(self.site.door, self._on_line, self._watchers.discard)
        self._thread = threading.Thread(target=self._door.run, args=(self._stop,), name="small desk")
        self._thread.start()

    def stop(self) -> None:
        """Close the door. Stopping twice is safe."""
        self._stop.set()
        self._door.wake()
        self._thread.join(JOIN_S)

    def show(self, board: Board) -> None:
        """Tell the watchers of a new picture."""
        self.board = board
        for one in tuple(self._watchers):
            one.send(SayBoard(board))

    def _on_line(self, connection: Connection, line: bytes) -> None:
        asked = decode_asked(line)
        self.asked.append(asked)
        if self.is_silent:
            return
        match asked:
            case Watch():
                self._watchers.add(connection)
                connection.send(SayBoard(self.board))
            case ShowBoard():
                connection.send(SayBoard(self.board))
            case ShowPeople():
                connection.send(SayPeople(asked.id, self.people))
            case ShowUnknownBadges():
                connection.send(SayUnknownBadges(asked.id, self.unknown))
            case NoteAccess():
                connection.send(SayAccepted(asked.id))
            case _:
                connection.send(SayAnswer(_answer(asked)))


def _answer(asked: Ask) -> Answer:
    request = RequestId(asked.id)
    match asked:
        case AskConfirm(visit=BO.visit):
            return Answer(request=request, at=at(0), outcome=Outcome.REFUSED, reason=Reason.NOT_IN_ZONE)
        case AskConfirm():
            return Answer(request=request, at=at(0), outcome=Outcome.CONFIRMED)
        case AskLeave(visit=visit):
            return Answer(request=request, at=at(0), outcome=Outcome.LEFT, visit=VisitId(visit), undo_s=10)
        case _:
            return Answer(request=request, at=at(0), outcome=Outcome.JOINED)


def _fire(state: ZoneState, joined: int) -> ZonePicture:
    return ZonePicture(
        id=FIRE,
        name=Words("Lägerelden", "The campfire"),
        about=Words("för djupare samtal", "for deeper talks"),
        counts=True,
        state=state,
        since=at(1500),
        people_low=4,
        people_high=6,
        confidence=0.97,
        reason=Words("Rörelse i två sensorer nyss.", "Motion in two sensors just now."),
        joined=joined,
        taking_part=joined,
        waiting=0,
    )


def _course() -> ZonePicture:
    return ZonePicture(
        id=COURSE,
        name=Words("Hinderbanan", "The obstacle course"),
        about=Words("för knepiga frågor", "for hard problems"),
        counts=True,
        state=ZoneState.VACANT,
        since=at(2400),
        people_low=0,
        people_high=0,
        confidence=0.88,
        reason=Words("Ingen rörelse på tolv minuter.", "No motion for twelve minutes."),
        joined=2,
        taking_part=0,
        waiting=1,
    )


def _rest() -> ZonePicture:
    return ZonePicture(
        id=ZoneId(REST),
        name=Words("Rastplatsen", "The resting place"),
        about=Words("för möten på måfå", "for chance meetings"),
        counts=True,
        state=ZoneState.UNKNOWN,
        since=at(300),
        people_low=0,
        people_high=None,
        confidence=0.0,
        reason=Words("Sensorn har varit tyst sedan 08.05.", "The sensor has been silent since 08.05."),
        joined=2,
        taking_part=2,
        waiting=0,
    )
