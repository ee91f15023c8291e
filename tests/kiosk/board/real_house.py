"""A house with people in it on disk, for tests of what the board reads from files alone."""

from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.requests import JoinZone, LetGuestIn, Tap
from kiosk.tools.site import Site
from tests.support.books import UIDS, close_books, open_desk, write_roster
from tests.support.house import FIRE, at


def fill(site: Site) -> dict[str, VisitId]:
    """Let Astrid in, by the fire with a guest, then Bo, who is offered the fire, and return their visits."""
    write_roster(site.state_dir / "roster.db")
    desk, books = open_desk(site)
    visits = {}
    maja = host("Maja")
    for name, seconds in (("Astrid", 0), ("Bo", 360)):
        tap = Tap(
            id=RequestId(f"tap-{name}"),
            at=at(seconds),
            reader=ReaderId("entrance"),
            direction=Direction.BOTH,
            uid=Uid(bytes.fromhex(UIDS[name])),
        )
        visit = desk.handle(tap).visit
        assert visit is not None
        visits[name] = visit
        if name == "Astrid":
            desk.handle(JoinZone(id=RequestId("join"), at=at(300), visit=visit, zone=ZoneId(FIRE), by=maja))
            desk.handle(LetGuestIn(id=RequestId("guest"), at=at(330), visit=visit, name="Gun <Gäst>", by=maja))
    close_books(books)
    return visits
