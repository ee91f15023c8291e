"""An example house at one moment, for pictures: plainly made-up people, three zones, one answer of each kind shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.answers import Answer, Offer, Outcome, ZoneChoice
from kiosk.domain.board import Board, ReaderHealth, ReaderState, ZonePicture
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import BootId, GuestId, ReaderId, RequestId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.roll_call import RollCall, Tick, counted
from kiosk.domain.zones import Words, ZoneState
from kiosk.screen.place import Place
from kiosk.tools.site import DemonstrationBadge

ENTRANCE = ReaderId("entrance")
NOW = Instant(datetime(2026, 11, 23, 13, 32, 10, tzinfo=UTC), BootId("example"), 10_000.0)

_FIRE = ZoneId("lagerelden")
_REST = ZoneId("rastplatsen")


def _ago(minutes: int) -> Instant:
    return replace(NOW, wall=NOW.wall - timedelta(minutes=minutes), elapsed_s=NOW.elapsed_s - 60 * minutes)


def _zone(name: Words, about: Words, state: ZoneState, joined: int, waiting: int = 0) -> ZonePicture:
    is_known = state is not ZoneState.UNKNOWN
    return ZonePicture(
        id=ZoneId(name.sv.lower().replace("ä", "a")),
        name=name,
        about=about,
        counts=True,
        state=state,
        since=_ago(18),
        people_low=joined if is_known else 0,
        people_high=joined + 2 if is_known else None,
        confidence=0.9 if is_known else 0.0,
        reason=None,
        joined=joined,
        taking_part=joined - waiting,
        waiting=waiting,
    )


ZONES = (
    _zone(Words("Lägerelden", "The campfire"), Words("för djupare samtal", "for deeper talks"), ZoneState.OCCUPIED, 3),
    _zone(
        Words("Hinderbanan", "The obstacle course"),
        Words("utmaningar att lösa", "challenges to solve"),
        ZoneState.VACANT,
        0,
    ),
    _zone(
        Words("Rastplatsen", "The rest stop"),
        Words("för möten av en slump", "for chance meetings"),
        ZoneState.UNKNOWN,
        2,
        1,
    ),
)
BOARD = Board(
    site=SiteId("stockholm"),
    name="Samverket Stockholm",
    at=NOW,
    in_house=6,
    present=3,
    zones=ZONES,
    readers=(ReaderHealth(ENTRANCE, ReaderState.READY, _ago(300)),),
    roster_age_s=40.0,
)
READER_GONE = replace(BOARD, readers=(ReaderHealth(ENTRANCE, ReaderState.NO_READER, _ago(4)),))

_NAMES = (
    *("Astrid Exempel", "Bo Exempel", "Cecilia Exempel", "David Exempel", "Elin Exempel"),
    *("Farid Exempel", "Greta Exempel", "Hassan Exempel", "Inga Exempel"),
)
PLACE = Place(
    name="Samverket Stockholm",
    reader=ENTRANCE,
    key_reader=ENTRANCE,
    zone=ZoneInfo("Europe/Stockholm"),
    zones={one.id: one.name for one in ZONES},
    may_quit=True,
    is_demonstration=True,
    speed=60,
    badges=tuple(
        DemonstrationBadge(key=str(at), uid=f"0400000{at}", name=name) for at, name in enumerate(_NAMES, start=1)
    ),
    notice=(
        "Värdarnas tavla: http://127.0.0.1:8080/once/5fJ2mQ",
        "Verkligt: desk, broker, centre. Simulerat: kortläsaren, och sensorerna ur en inspelning.",
    ),
)

_CHOICES = tuple(ZoneChoice(one.id, one.name, one.about, one.state, one.joined) for one in ZONES)
_OFFER = Offer(zone=_REST, name=ZONES[2].name, joined=2, waiting=1)
_ANSWER = Answer(
    request=RequestId("example"),
    at=NOW,
    outcome=Outcome.ARRIVED,
    reader=ENTRANCE,
    visit=VisitId("visit"),
    name="Astrid Exempel",
    since=NOW,
    zones=_CHOICES,
    offer=_OFFER,
    undo_s=10,
)
ANSWERS = {
    "arrived": _ANSWER,
    "already_in": replace(_ANSWER, outcome=Outcome.ALREADY_IN, since=_ago(380), zone=_FIRE, undo_s=0, leave_again_s=10),
    "member": replace(
        _ANSWER,
        outcome=Outcome.ALREADY_IN,
        language=Language.EN,
        since=_ago(380),
        offer=replace(_OFFER, names=("Bo Exempel", "Cecilia Exempel"), waiting=0),
        guests=1,
        undo_s=0,
    ),
    "host": replace(_ANSWER, outcome=Outcome.ALREADY_IN, since=_ago(380), undo_s=0, may_call_roll=True),
    "left": replace(_ANSWER, outcome=Outcome.LEFT, since=_ago(380), zones=(), offer=None),
}
REFUSAL = Answer(
    request=RequestId("example"),
    at=NOW,
    outcome=Outcome.REFUSED,
    reader=ENTRANCE,
    reason=Reason.BADGE_UNKNOWN,
    reference="K7-3F",
)
_ON_LIST = Sought(
    visit=VisitId("visit"),
    name="Astrid Exempel",
    agency="Exempelmyndigheten",
    certain=True,
    last_zone=_FIRE,
    seen=_ago(12),
)
_LISTED = (
    _ON_LIST,
    replace(_ON_LIST, name="Kim Exempel", guest=GuestId("guest"), guest_of="Astrid Exempel"),
    replace(_ON_LIST, visit=VisitId("visit-2"), name="Bo Exempel", last_zone=_REST, seen=_ago(31)),
    replace(_ON_LIST, visit=VisitId("visit-3"), name="Cecilia Exempel", last_zone=None, seen=_ago(3)),
    replace(_ON_LIST, visit=VisitId("visit-4"), name="David Exempel", certain=False, last_zone=_REST, seen=_ago(640)),
    replace(_ON_LIST, visit=VisitId("visit-5"), name="Elin Exempel", seen=_ago(55)),
)
ROLL_CALL = counted(
    RollCall(
        id="example",
        is_drill=False,
        began=NOW.wall,
        ended=None,
        host="Siv",
        rows=_LISTED,
        ticks=(Tick(id="tick", person="visit-5", at=NOW.wall, host="Siv"),),
    )
)
