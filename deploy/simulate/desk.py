"""The real desk over real books in a folder, in virtual time. It holds no rule: it asks, and notes the answers."""

from collections import Counter
from pathlib import Path

from deploy.simulate.asking import asked
from deploy.simulate.clock import HouseClock
from deploy.simulate.day import BEGINS_S
from deploy.simulate.hub import AGENCIES, SECRET, agency_of, uid_of
from deploy.simulate.options import Options, wall
from deploy.simulate.visits import Act, Action
from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.ids import AgencyId, MemberId, VisitId
from kiosk.domain.members import Agency, Badge, Member
from kiosk.store.enrolment import Enrolled, Page
from kiosk.store.intake import Place
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader, RosterWriter
from kiosk.store.zones import ZonesReader
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site

NOT_ASKED = "not asked"
"""Counted as an outcome: an act for which there was nothing to ask, as of somebody who never came in."""


class VirtualDesk:
    """The desk with everybody's acts put to it. `outcomes` counts its answers by act and outcome.

    `has_people` says whether anybody is in the house by its book.
    """

    def __init__(self, site: Site, options: Options, clock: HouseClock, members: tuple[str, ...]) -> None:
        """Write the roster and open the desk."""
        self._site = site
        self._clock = clock
        self._t = BEGINS_S
        chance = options.chance("desk")
        self._random_bytes = chance.randbytes
        self._new_id = Ids(lambda: int(wall(self._t).timestamp() * 1000), chance.getrandbits)
        self._visits: dict[str, VisitId] = {}
        self.outcomes: Counter[tuple[str, str]] = Counter()
        _write_roster(site.state_dir / "roster.db", clock, members)
        self._books = self._open()
        self.desk = self._new_desk()
        self.has_people = False

    def restart(self) -> None:
        """Close all books and build the desk anew from its journal."""
        self.close()
        self._books = self._open()
        self.desk = self._new_desk()

    def act(self, action: Action) -> Answer | None:
        """Put one act to the desk, and return its answer; None if there was nothing to ask."""
        self._t = action.t
        request = asked(action, self._clock.at(action.t), self._visits.get(action.member))
        if request is None or (action.act is Act.CONFIRM and not self._stands_joined(action)):
            self.outcomes[action.act, NOT_ASKED] += 1
            return None
        answer = self.desk.handle(request)
        self.outcomes[action.act, answer.outcome] += 1
        self.has_people = bool(self.desk.house.inside())
        if answer.outcome is Outcome.ARRIVED and answer.visit is not None:
            self._visits[action.member] = answer.visit
        return answer

    def tick(self, t: float) -> None:
        """Let time do its work."""
        self._t = t
        self.desk.tick(self._clock.at(t))
        self.has_people = bool(self.desk.house.inside())

    def close(self) -> None:
        """Close all books."""
        self._books.journal.close()
        self._books.roster.close()
        self._books.zones.close()

    def _stands_joined(self, action: Action) -> bool:
        """Return whether the host's board shows the member in the zone where the host sees them."""
        presence = self.desk.house.presences.get(MemberId(action.member))
        return presence is not None and presence.inside and presence.zone == action.zone

    def _open(self) -> Books:
        folder = self._site.state_dir
        return Books(
            journal=JournalWriter(folder / "journal.db", self._random_bytes),
            roster=RosterReader(folder / "roster.db"),
            zones=ZonesReader(folder / "zones.db"),
        )

    def _new_desk(self) -> Desk:
        return Desk(self._site, self._books, {1: SECRET}, self._new_id)


def _write_roster(path: Path, clock: HouseClock, members: tuple[str, ...]) -> None:
    agencies = tuple(Agency(AgencyId(one), one.capitalize(), len(members)) for one in AGENCIES)
    people = tuple(
        Enrolled(
            Member(MemberId(one), one.capitalize(), AgencyId(agency_of(one))),
            (Badge(badge_key(SECRET, Uid(uid_of(one))), 1, MemberId(one)),),
        )
        for one in members
    )
    writer = RosterWriter(path)
    writer.intake.begin(Place(phase="agencies"), clock.at(BEGINS_S))
    writer.intake.take(Page(agencies=agencies, people=people), Place(phase="done"))
    writer.intake.apply(is_whole=True)
    writer.close()
