"""The desk's part in a roll call: who may call it, whom it is about, and what stands in the access log of it."""

import logging
from dataclasses import dataclass, replace

from kiosk.desk.roll_calls import RollCallBook
from kiosk.desk.wings import Wings
from kiosk.domain.answers import Answer
from kiosk.domain.board import RunningCall
from kiosk.domain.evacuation import Sought, evacuation_list
from kiosk.domain.house import House
from kiosk.domain.ids import Actor, MemberId, VisitId
from kiosk.domain.ids import host as host_actor
from kiosk.domain.instant import Instant
from kiosk.domain.roll_call import RollCall
from kiosk.store.errors import StoreError
from kiosk.store.hosts import HostFile
from kiosk.store.journal import JournalWriter
from kiosk.tools.site import Site

PURPOSE = "roll call"
PURPOSE_DRILL = "roll call, drill"
WHAT = "the evacuation list"

log = logging.getLogger("samverk.desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody wants a roll call: a host at a board is named, one at the screen shows it by their visit.

    `call` is the id of a new one.
    """

    call: str
    is_drill: bool
    by: Actor | None
    visit: VisitId | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of it: a roll call and the host's name, or None if whoever asked is no host."""

    call: RollCall | None
    host: str = ""


class Calling:
    """Knows the hosts, and the roll calls of the last hours. Used from the desk's thread."""

    def __init__(self, site: Site, journal: JournalWriter, wings: Wings) -> None:
        """Take the house, its book and what the roster says; no roll call runs."""
        self._site = site
        self._journal = journal
        self._wings = wings
        self._hosts = HostFile(site.state_dir / "hosts.json")
        self._book = RollCallBook()
        self._is_unreadable = False

    def marked(self, answer: Answer, house: House) -> Answer:
        """Return the answer saying whether its member may call the roll."""
        if answer.visit is None or self._host_of(answer.visit, house) is None:
            return answer
        return replace(answer, may_call_roll=True)

    def open(self, opening: Opening, house: House, now: Instant) -> Opened:
        """Begin a roll call, or return the one of that kind that runs, with everybody who has come since."""
        name = self._host_of(opening.visit, house) if opening.visit else None
        by = host_actor(name) if name else opening.by
        if by is None or (opening.visit and name is None):
            return Opened(None)
        running = self._book.running()
        if running is None or running.is_drill is not opening.is_drill:
            host = name or by.removeprefix("host:")
            running = RollCall(id=opening.call, is_drill=opening.is_drill, began=now.wall, ended=None, host=host)
        call = self._book.meet(replace(running, rows=self._list(house, now)))
        self._journal.log_access(now, by, WHAT, _purpose(call))
        return Opened(call, name or "")

    def tell(self, told: RollCall, house: House, now: Instant) -> Opened:
        """Take in what a device has of a roll call, and return all that is known of it."""
        # Whoever was ticked and is not on the list has come after it was made; a list that is not known is made.
        if not (self._book.get(told.id) and self._book.is_complete(told.id, told.ticks)):
            told = replace(told, rows=self._list(house, now))
        return Opened(self._book.meet(told))

    def get(self, call: str) -> Opened:
        """Return a roll call, or None if it is not known."""
        return Opened(self._book.get(call))

    def end(self, call: str, by: Actor, now: Instant) -> Opened:
        """End a roll call that runs, and return it; None if it is not known."""
        known = self._book.get(call)
        if known is None or known.ended is not None:
            return Opened(known)
        ended = self._book.meet(replace(known, ended=now.wall))
        told = f"{WHAT}, ended: {ended.sought} sought, {ended.found} found"
        self._journal.log_access(now, by, told, _purpose(ended))
        return Opened(ended)

    def picture(self) -> RunningCall | None:
        """Return the counts of the roll call that runs, or None."""
        return self._book.picture()

    def forget(self, now: Instant) -> None:
        """Forget the names that may be kept no longer."""
        self._book.forget(now)

    def forget_member(self, member: MemberId) -> None:
        """Forget whoever was erased."""
        self._book.forget_member(member)

    def _list(self, house: House, now: Instant) -> tuple[Sought, ...]:
        names = self._journal.guest_names()
        return evacuation_list(house, self._wings.people(list(house.presences)), names, self._site.rule, now)

    def _host_of(self, visit: VisitId, house: House) -> str | None:
        presence = house.of_visit(visit)
        if presence is None:
            return None
        try:
            name = self._hosts.named(presence.member)
        except StoreError as error:
            log.log(logging.DEBUG if self._is_unreadable else logging.ERROR, "no badge is a host's: %s", error)
            self._is_unreadable = True
            return None
        self._is_unreadable = False
        return name


def _purpose(call: RollCall) -> str:
    return PURPOSE_DRILL if call.is_drill else PURPOSE
