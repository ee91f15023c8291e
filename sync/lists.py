"""From the centre's SCIM lists to the roster, one page at a time. A list that fails changes nothing, revokes nobody."""

from dataclasses import replace

from kiosk.domain.instant import Instant
from kiosk.store.enrolment import Page
from kiosk.store.intake import Applied, Intake, Place
from kiosk.store.replica import Replica
from sync.answers import Absent, Answer, Got, Problem, Unreachable, Unreadable
from sync.parts import Parts, Work
from sync.records import Listing, Paging, is_dead_cursor, parse_agencies, parse_config, parse_members

PAGE = 200
"""How many records one page is asked to hold."""
ROUNDS_MAX = 4
"""How often a list is read anew when it does not come out whole, or by index not twice the same."""
RECORDS_MAX = 1_000_000
"""A list longer than this never ends."""
WITHDRAWN_PAGES_MAX = 50
"""How many pages of withdrawn members are read before the whole list."""

AGENCIES = "agencies"
_MEMBERS = "members"
END = "end"
_ENDPOINT = {AGENCIES: "/scim/v2/Agencies", _MEMBERS: "/scim/v2/Users"}
_PARSE = {AGENCIES: parse_agencies, _MEMBERS: parse_members}


class Lists:
    """Reads the whole roster by SCIM, beside the one in force, and puts it in force at the end."""

    def __init__(self, parts: Parts, intake: Intake, replica: Replica) -> None:
        """Use the parts; nothing is asked yet."""
        self._parts = parts
        self._intake = intake
        self._replica = replica
        self.is_held = False

    def is_under_way(self) -> bool:
        """Return whether a list was begun and not ended."""
        place = self._intake.place()
        # A list read to its end but not put in force was interrupted right there: how long it should be is forgotten.
        return place is not None and place.phase != END

    def read(self, place: Place, at: Instant) -> Work:
        """Read the lists, or go on with those that were begun, and put them in force. `at` is when they are true of."""
        if not self.is_under_way():
            problem = yield from self._begin(place, at)
            if problem is not None:
                return problem
        while True:
            now = self._intake.place()
            if now is None:
                return Unreachable("the list was broken off")
            answer = self._parts.client.get(_ENDPOINT[now.phase], _question(now))
            problem = self._take(now, answer)
            if problem is not None:
                return problem
            if not self.is_under_way():
                return None
            yield

    def _begin(self, place: Place, at: Instant) -> Work:
        answer = self._parts.client.get("/scim/v2/ServiceProviderConfig")
        if not isinstance(answer, Got):
            return answer
        config = parse_config(answer.body)
        if config is None:
            return Unreachable("the answer is no ServiceProviderConfig")
        yield
        if config.can_filter and self._replica.people_known() > PAGE:
            yield from self._withdrawn()
        self._intake.begin(replace(place, phase=AGENCIES, paging=config.paging.value), at)
        return None

    def _withdrawn(self) -> Work:
        """Let those who are no longer active be so at once. A server that cannot say who they are is left in peace."""
        start = 1
        for _ in range(WITHDRAWN_PAGES_MAX):
            question = {"filter": "active eq false", "startIndex": str(start), "count": str(PAGE)}
            answer = self._parts.client.get(_ENDPOINT[_MEMBERS], question)
            listing = parse_members(answer.body) if isinstance(answer, Got) else None
            if listing is None or not listing.records:
                return None
            known = [one for one in listing.page.people if self._replica.member(one.member.id) is not None]
            withdrawn = tuple(one for one in known if not one.member.active)
            self._replica.change(Page(people=withdrawn), (), None)
            start += listing.records
            if listing.total is None or start > listing.total:
                return None
            yield
        return None

    def _take(self, place: Place, answer: Answer) -> Problem | None:
        if not isinstance(answer, Got):
            if isinstance(answer, Absent) or (isinstance(answer, Unreadable) and is_dead_cursor(answer.body)):
                self._intake.abandon()
            return answer
        listing = _PARSE[place.phase](answer.body)
        if listing is None:
            return Unreachable("the answer is no SCIM list")
        then = after(place, listing)
        if then.start_index > RECORDS_MAX:
            self._intake.abandon()
            return Unreachable("the list has no end")
        self._intake.take(listing.page, then)
        if then.phase == END:
            self._end(then, listing.total)
        return None

    def _end(self, place: Place, total: int | None) -> None:
        is_whole = total is None or self._intake.taken(_MEMBERS) >= total
        is_settled = place.paging == Paging.CURSOR or self._intake.incoming_version() == place.round_version
        if not (is_whole and is_settled) and place.round < ROUNDS_MAX:
            self._intake.again()
            return
        applied = self._intake.apply(is_whole=is_whole and is_settled)
        self._replica.changed()
        self._tell(applied)

    def _tell(self, applied: Applied) -> None:
        self.is_held = applied.is_held
        if applied.is_held:
            why = f"the centre's list lacks {applied.lacking} known members: nobody is removed until it is believable"
            self._parts.notices.wrong("roster", why)
        else:
            self._parts.notices.well("roster")
        said = "roster: %d members, %d gone, %d refused"
        self._parts.notices.tell(said, applied.members, applied.gone, applied.refused)


def after(place: Place, listing: Listing) -> Place:
    """Return where the list goes on after that page: `phase` is "end" when it does not."""
    start = place.start_index + max(1, listing.records)
    if place.paging == Paging.CURSOR:
        is_last = not listing.next_cursor
    else:
        is_last = listing.records == 0 or (listing.total is not None and start > listing.total)
    if not is_last:
        return replace(place, cursor=listing.next_cursor, start_index=start)
    return replace(place, phase=_MEMBERS if place.phase == AGENCIES else END, cursor="", start_index=1)


def _question(place: Place) -> dict[str, str]:
    where = {"cursor": place.cursor} if place.paging == Paging.CURSOR else {"startIndex": str(place.start_index)}
    return {"count": str(PAGE), **where}
