"""From the centre's SCIM lists to the roster, one page at a time. A list that fails changes nothing, revokes nobody."""

from dataclasses import replace

from kiosk.domain.instant import Instant
from kiosk.store.intake import Applied, Intake, Place
from kiosk.store.schedule import Appointment, Schedule
from kiosk.tools.clock import Clock
from sync import plan
from sync.answers import Absent, Answer, Got, Problem, Unreachable, Unreadable
from sync.client import CentreClient
from sync.notices import Notices
from sync.records import (
    Listing,
    Paging,
    is_dead_cursor,
    parse_agencies,
    parse_members,
    parse_paging,
    parse_version,
)

PAGE = 200
"""How many records one page is asked to hold."""
ROUNDS_MAX = 4
"""How often a list is read anew when it does not come out whole, or by index not twice the same."""
RECORDS_MAX = 1_000_000
"""A list longer than this never ends."""

PULL = "pull"
_AGENCIES = "agencies"
_MEMBERS = "members"
_END = "end"
_ENDPOINT = {_AGENCIES: "/scim/v2/Agencies", _MEMBERS: "/scim/v2/Users"}
_PARSE = {_AGENCIES: parse_agencies, _MEMBERS: parse_members}


class Pull:
    """The incoming half of the thread."""

    def __init__(  # noqa: PLR0913, PLR0917 - the composition of one part out of six others
        self,
        identity: plan.Identity,
        intake: Intake,
        schedule: Schedule,
        client: CentreClient,
        clock: Clock,
        notices: Notices,
    ) -> None:
        """Use the parts; nothing is asked yet."""
        self._identity = identity
        self._intake = intake
        self._schedule = schedule
        self._client = client
        self._clock = clock
        self._notices = notices

    def step(self) -> bool:
        """Ask for one document if it is time. Return whether the next may be asked for at once."""
        kept = self._schedule.get(PULL)
        if kept is not None and kept.wait_s(self._clock()) > 0:
            return False
        place = self._intake.place()
        # A list read to its end but not put in force was interrupted right there: how long it should be is forgotten.
        return self._start() if place is None or place.phase == _END else self._page(place)

    def _start(self) -> bool:
        now = self._clock()
        version = self._version()
        if not isinstance(version, str):
            return self._failed(version)
        if version and version == self._intake.centre_version():
            self._intake.confirm(now)
            return self._done()
        config = self._client.get("/scim/v2/ServiceProviderConfig")
        if not isinstance(config, Got):
            return self._failed(config)
        paging = parse_paging(config.body)
        if paging is None:
            return self._failed(Unreachable("the answer is no ServiceProviderConfig"))
        return self._begin(Place(_AGENCIES, centre_version=version, paging=paging.value), now)

    def _version(self) -> str | Problem:
        # Only a centre of our own names the state of its roster; any other is read in full each time.
        answer = self._client.get("/roster/version")
        if isinstance(answer, Absent):
            return ""
        return parse_version(answer.body) or "" if isinstance(answer, Got) else answer

    def _begin(self, place: Place, at: Instant) -> bool:
        self._intake.begin(place, at)
        return True

    def _page(self, place: Place) -> bool:
        answer = self._client.get(_ENDPOINT[place.phase], _question(place))
        if not isinstance(answer, Got):
            return self._not_a_page(answer)
        listing = _PARSE[place.phase](answer.body)
        if listing is None:
            return self._failed(Unreachable("the answer is no SCIM list"))
        then = after(place, listing)
        if then.start_index > RECORDS_MAX:
            self._intake.abandon()
            return self._failed(Unreachable("the list has no end"))
        self._intake.take(listing.page, then)
        return self._end(then, listing.total) if then.phase == _END else True

    def _not_a_page(self, answer: Answer) -> bool:
        if isinstance(answer, Got):
            return True
        if isinstance(answer, Absent) or (isinstance(answer, Unreadable) and is_dead_cursor(answer.body)):
            self._intake.abandon()
        return self._failed(answer)

    def _end(self, place: Place, total: int | None) -> bool:
        is_whole = total is None or self._intake.taken(_MEMBERS) >= total
        is_settled = place.paging == Paging.CURSOR or self._intake.incoming_version() == place.round_version
        if not (is_whole and is_settled) and place.round < ROUNDS_MAX:
            self._intake.again()
            return True
        self._tell(self._intake.apply(is_whole=is_whole and is_settled))
        return self._done()

    def _tell(self, applied: Applied) -> None:
        if applied.is_held:
            why = f"the centre's list lacks {applied.lacking} known members: nobody is removed until it is believable"
            self._notices.wrong("roster", why)
        else:
            self._notices.well("roster")
        self._notices.tell("roster: %d members, %d gone, %d refused", applied.members, applied.gone, applied.refused)

    def _done(self) -> bool:
        self._notices.well(PULL)
        self._schedule.put(PULL, Appointment(self._clock(), self._identity.pull_every_s))
        return False

    def _failed(self, problem: Problem) -> bool:
        why = str(problem)
        self._notices.wrong(PULL, why)
        kept = self._schedule.get(PULL)
        failures = (kept.failures if kept else 0) + 1
        delay_s = plan.wait_s(problem, failures, self._identity.source)
        self._schedule.put(PULL, Appointment(self._clock(), delay_s, why, failures))
        return False


def after(place: Place, listing: Listing) -> Place:
    """Return where the list goes on after that page: `phase` is "end" when it does not."""
    start = place.start_index + max(1, listing.records)
    if place.paging == Paging.CURSOR:
        is_last = not listing.next_cursor
    else:
        is_last = listing.records == 0 or (listing.total is not None and start > listing.total)
    if not is_last:
        return replace(place, cursor=listing.next_cursor, start_index=start)
    return replace(place, phase=_MEMBERS if place.phase == _AGENCIES else _END, cursor="", start_index=1)


def _question(place: Place) -> dict[str, str]:
    where = {"cursor": place.cursor} if place.paging == Paging.CURSOR else {"startIndex": str(place.start_index)}
    return {"count": str(PAGE), **where}
