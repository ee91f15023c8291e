"""A small house for the screen's tests: fixed moments, three zones, and answers of every kind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.answers import Answer, Offer, Outcome, ZoneChoice
from kiosk.domain.board import Board, ReaderHealth, ReaderState, ZonePicture
from kiosk.domain.evacuation import Sought
from kiosk.domain.events import Rights
from kiosk.domain.ids import BootId, GuestId, ReaderId, RequestId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.roll_call import RollCall, Tick, counted
from kiosk.domain.zones import Words, ZoneState
from kiosk.screen.draw.view import Frame
from kiosk.screen.pages import About, Answered, DeskDown, Fault, Page, ReaderDown, Refused, Starting, Waiting
from kiosk.screen.place import Place
from kiosk.screen.roll_pages import RollEnd, RollList, RollReport, RollStart
from kiosk.tools.site import DemonstrationBadge

BOOT = BootId("boot")
ENTRANCE = ReaderId("entrance")
NOW = Instant(datetime(2026, 11, 23, 13, 32, 10, tzinfo=UTC), BOOT, 1000.0)
ARRIVED_AT = Instant(datetime(2026, 11, 23, 7, 12, tzinfo=UTC), BOOT, 1.0)


def later(seconds: float, moment: Instant = NOW) -> Instant:
    """Return the moment so many seconds later."""
    return replace(moment, wall=moment.wall + timedelta(seconds=seconds), elapsed_s=moment.elapsed_s + seconds)


NAMES = {
    ZoneId("lagerelden"): (
        Words("Lägerelden", "The campfire"),
        Words("för djupare samtal", "for deeper talks"),
    ),
    ZoneId("hinderbanan"): (
        Words("Hinderbanan", "The obstacle course"),
        Words("utmaningar att lösa", "challenges to solve"),
    ),
    ZoneId("rastplatsen"): (
        Words("Rastplatsen", "The rest stop"),
        Words("för möten av en slump", "for chance meetings"),
    ),
}
STATES = (ZoneState.OCCUPIED, ZoneState.VACANT, ZoneState.UNKNOWN)

PLACE = Place(
    name="Samverket Stockholm",
    reader=ENTRANCE,
    key_reader=ENTRANCE,
    zone=ZoneInfo("Europe/Stockholm"),
    zones={one: words for one, (words, _about) in NAMES.items()},
    phone="08-123 45 67",
)
DEMONSTRATION = replace(
    PLACE,
    phone="",
    may_quit=True,
    is_demonstration=True,
    speed=60,
    badges=tuple(
        DemonstrationBadge(key=str(at), uid=f"0400000{at}", name=name)
        for at, name in enumerate(("Astrid Berg", "Bo Ek", "Cecilia Dahl", "David Falk", "Elin Gran"), start=1)
    ),
    notice=("Värdarnas tavla: http://127.0.0.1:8080/in?link=a1b2c3d4",),
)


def board(*, reader: ReaderState = ReaderState.READY, roster_age_s: float | None = 60.0) -> Board:
    """Return the house with one zone of each state."""
    zones = tuple(
        ZonePicture(
            id=zone,
            name=name,
            about=about,
            counts=True,
            state=state,
            since=later(-1200),
            people_low=0,
            people_high=None,
            confidence=0.9,
            reason=None,
            joined=at,
            taking_part=0,
            waiting=1 if at == 2 else 0,
        )
        for (zone, (name, about)), state, at in zip(NAMES.items(), STATES, (3, 0, 2), strict=True)
    )
    return Board(
        site=SiteId("stockholm"),
        name="Samverket Stockholm",
        at=NOW,
        in_house=6,
        present=3,
        zones=zones,
        readers=(ReaderHealth(ENTRANCE, reader, later(-600)),),
        roster_age_s=roster_age_s,
    )


CHOICES = tuple(
    ZoneChoice(zone, name, about, state, joined)
    for (zone, (name, about)), state, joined in zip(NAMES.items(), STATES, (3, 0, 2), strict=True)
)
OFFER = Offer(zone=ZoneId("rastplatsen"), name=NAMES[ZoneId("rastplatsen")][0], joined=2, waiting=1)


def answer(outcome: Outcome, language: Language = Language.SV) -> Answer:
    """Return what the desk says for that outcome, with everything that goes with it."""
    base = Answer(
        request=RequestId(f"request-{outcome}"),
        at=NOW,
        outcome=outcome,
        reader=ENTRANCE,
        visit=VisitId("visit-1"),
        name="Astrid Berg",
        language=language,
        since=ARRIVED_AT,
    )
    match outcome:
        case Outcome.ARRIVED:
            return replace(base, since=NOW, zones=CHOICES, offer=OFFER, undo_s=10)
        case Outcome.ALREADY_IN:
            return replace(base, zone=ZoneId("lagerelden"), zones=CHOICES, offer=OFFER, leave_again_s=10)
        case Outcome.LEFT:
            return replace(base, undo_s=10)
        case Outcome.JOINED:
            return replace(base, zone=ZoneId("lagerelden"))
        case _:
            return base


def old(one: Answer) -> Answer:
    """Return the answer as given on old membership data."""
    return replace(one, rights=Rights.OLD)


def refusal(reason: Reason, *, known: bool = False, language: Language = Language.SV) -> Answer:
    """Return a refusal at the entrance."""
    return Answer(
        request=RequestId("request-refused"),
        at=NOW,
        outcome=Outcome.REFUSED,
        reader=ENTRANCE,
        reason=reason,
        reference="K7-3F" if reason is Reason.BADGE_UNKNOWN else None,
        name="Astrid Berg" if known else None,
        language=language,
    )


def answered(outcome: Outcome, language: Language = Language.SV) -> Answered:
    """Return the page of an answer one second after it was given."""
    one = answer(outcome, language)
    return Answered(
        answer=one,
        language=language,
        undo_s=min(9, one.undo_s),
        again_s=min(9, one.leave_again_s),
        asks_exit=outcome is Outcome.LEFT,
    )


_ON_LIST = Sought(
    visit=VisitId("visit-1"),
    name="Astrid Berg",
    agency="Skatteverket",
    certain=True,
    last_zone=ZoneId("lagerelden"),
    seen=later(-60),
)
PEOPLE = (
    _ON_LIST,
    replace(_ON_LIST, name="Kim Lind", guest=GuestId("guest-1"), guest_of="Astrid Berg", seen=later(-120)),
    replace(_ON_LIST, visit=VisitId("visit-3"), name="Bo Ek", certain=False, last_zone=None, seen=later(-180)),
    replace(_ON_LIST, visit=VisitId("visit-4"), name="Cecilia Dahl", last_zone=ZoneId("rastplatsen"), seen=later(-240)),
)


def roll_call(*found: str, is_drill: bool = False, people: tuple[Sought, ...] = PEOPLE) -> RollCall:
    """Return a roll call that runs, in which those have been found."""
    ticks = tuple(Tick(id=f"tick-{one}", person=one, at=NOW.wall, host="Siv") for one in found)
    call = RollCall(id="call-1", is_drill=is_drill, began=NOW.wall, ended=None, host="Siv", rows=people, ticks=ticks)
    return counted(call)


def roll_pages(language: Language) -> dict[str, Page]:
    """Return the pages of a roll call; two of the people on the list have room whatever the cells."""
    call = roll_call("visit-4")
    hosts = answered(Outcome.ALREADY_IN, language)
    return {
        "host": replace(hosts, answer=replace(hosts.answer, may_call_roll=True)),
        "roll start": RollStart(VisitId("visit-1"), language),
        "roll list": RollList(is_drill=False, people=call.rows, found=call.found_keys(), language=language, room=2),
        "roll end": RollEnd(is_drill=True, left=3, language=language),
        "roll report": RollReport(is_drill=False, sought=4, found=2, missing=PEOPLE[1:3], language=language),
    }


def pages(language: Language) -> dict[str, Page]:
    """Return one page of each kind, by a name for its files."""
    return {
        "starting": Starting(language),
        "waiting": Waiting(board(), language),
        **{str(one): answered(one, language) for one in Outcome if one is not Outcome.REFUSED},
        "refused": Refused(refusal(Reason.BADGE_UNKNOWN, language=language), language),
        "about": About(language),
        **{f"{name}_reader_down": replace(page, reader=ReaderState.NO_DAEMON) for name, page in _stands(language)},
        "reader": ReaderDown(ReaderState.NO_READER, "14:22", language),
        "desk": DeskDown("14:22", language),
        "fault": Fault(language),
        **roll_pages(language),
    }


def _stands(language: Language) -> Iterator[tuple[str, Answered | Refused | About]]:
    """Yield the pages that stay when the reader goes."""
    yield "already_in", answered(Outcome.ALREADY_IN, language)
    yield "refused", Refused(refusal(Reason.BADGE_UNKNOWN, language=language), language)
    yield "about", About(language)


def frame(page: Page, place: Place = PLACE) -> Frame:
    """Return the page as it stands at the fixed minute."""
    return Frame(place, page, NOW.wall.replace(second=0))
