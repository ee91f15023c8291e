"""A house that has kept data for a while: days of visits at its desk, and what its files hold afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import MEMBER, GuestId, MemberId, ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.requests import ChooseLanguage, JoinZone, Leave, LetGuestIn, Tap
from kiosk.tools.site import Site
from tests.support.books import UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import BOOT, FIRE, CountedIds

EVA = host("eva")
CENTRE = """
[centre]
url = "https://centre.example"
source = "se.samverket.test"
"""
DECISION = """
[retention]
decision = "dnr 2026-7"
"""
EPOCH = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
STEPS_MAX = 10_000


def moment(wall: datetime) -> Instant:
    """Return that moment of one long boot, aware UTC."""
    return Instant(wall, BOOT, (wall - EPOCH).total_seconds() + 1e6)


class Kept:
    """A desk, and short ways to let things happen at it."""

    def __init__(self, site: Site, ids: CountedIds) -> None:
        """Open its books."""
        self.site = site
        self._ids = ids
        self.desk, self.books = open_desk(site, ids)

    @property
    def folder(self) -> Path:
        """Return where its files are."""
        return self.site.state_dir

    def restart(self) -> None:
        """Close the books and open them again, as after a power cut."""
        self.close()
        self.desk, self.books = open_desk(self.site, self._ids)

    def fresh_roster(self, wall: datetime) -> None:
        """Let the centre have confirmed the roster at that moment."""
        write_roster(self.folder / "roster.db", confirmed=moment(wall))

    def close(self) -> None:
        """Close the books."""
        close_books(self.books)

    def tap(self, name: str, wall: datetime) -> None:
        """Show that member's badge."""
        uid = Uid(bytes.fromhex(UIDS[name]))
        where = ReaderId("entrance")
        self.desk.handle(Tap(id=RequestId("t"), at=moment(wall), reader=where, direction=Direction.BOTH, uid=uid))

    def visit(self, name: str) -> VisitId:
        """Return the member's visit, open or last closed."""
        return self.desk.house.presences[MemberId(name.lower())].visit

    def join(self, name: str, wall: datetime, zone: ZoneId = FIRE) -> None:
        """Let the member join a zone."""
        self.desk.handle(JoinZone(id=RequestId("j"), at=moment(wall), visit=self.visit(name), zone=zone, by=MEMBER))

    def choose_english(self, name: str, wall: datetime) -> None:
        """Let the member ask for English from now on."""
        chosen = ChooseLanguage(
            id=RequestId("c"), at=moment(wall), visit=self.visit(name), language=Language.EN, by=MEMBER
        )
        self.desk.handle(chosen)

    def leave(self, name: str, wall: datetime) -> None:
        """Let the member leave the house."""
        self.desk.handle(Leave(id=RequestId("l"), at=moment(wall), visit=self.visit(name), by=MEMBER))

    def guest(self, name: str, guest: str, wall: datetime) -> GuestId:
        """Let a guest of that name in with the member."""
        request = LetGuestIn(id=RequestId("g"), at=moment(wall), visit=self.visit(name), name=guest, by=EVA)
        let_in = self.desk.handle(request).guest
        assert let_in is not None
        return let_in

    def tick(self, wall: datetime) -> None:
        """Let time do its work, once."""
        self.desk.tick(moment(wall))

    def night(self, wall: datetime) -> int:
        """Let time do its work until nothing more is removed at that moment; return in how many ticks."""
        for ticks in range(1, STEPS_MAX):
            self.tick(wall + timedelta(seconds=ticks))
            if not self.desk.is_removing:
                return ticks
        raise AssertionError(STEPS_MAX)

    def remove_old(self, wall: datetime) -> None:
        """Remove what has been kept long enough, as if somebody had asked."""
        while self.desk.remove_old(moment(wall)):
            pass

    def bytes_on_disk(self) -> bytes:
        """Return all that the files of the house hold, write-ahead logs included."""
        return b"".join(one.read_bytes() for one in sorted(self.folder.iterdir()) if one.is_file())


@contextmanager
def kept_house(folder: Path, more: str = DECISION, names: tuple[str, ...] = tuple(UIDS)) -> Iterator[Kept]:
    """Yield a house in that folder with a roster of these members."""
    write_roster(folder / "roster.db", names, confirmed=moment(EPOCH))
    house = Kept(make_site(folder, more), CountedIds())
    try:
        yield house
    finally:
        house.close()
