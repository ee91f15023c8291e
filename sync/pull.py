"""The incoming half of the thread: from the centre's roster to ours, by whatever means this centre has."""

from kiosk.store.intake import Intake, Place
from kiosk.store.replica import Replica
from sync.answers import Absent, Gone, Problem
from sync.follow import Follow
from sync.lists import AGENCIES, Lists
from sync.messages import RosterState, read
from sync.parts import Course, Parts, Work

PULL = "pull"
STATES_MAX = 3
"""How often a roster that changes while it is read is looked at again within one contact."""


class Pull:
    """One contact after another: what is new, and whether the roster is equal to the centre's."""

    def __init__(self, parts: Parts, intake: Intake, replica: Replica) -> None:
        """Use the parts; nothing is asked yet."""
        self._parts = parts
        self._intake = intake
        self._replica = replica
        self._lists = Lists(parts, intake, replica)
        self._follow = Follow(parts, replica)
        self._course = Course()
        self.centre_epoch = ""

    def step(self) -> bool:
        """Ask for one document if it is time. Return whether the next may be asked for at once."""
        if not self._parts.is_due(PULL):
            return False
        has_ended, problem = self._course.go_on(self._contact())
        if not has_ended:
            return True
        if problem is None:
            self._parts.went_well(PULL, self._parts.identity.pull_every_s)
        else:
            self._parts.failed(PULL, problem)
        return False

    def _contact(self) -> Work:
        now = self._parts.clock()
        state = self._state()
        if not isinstance(state, RosterState):
            return state
        if state.position < 0:
            return (yield from self._by_lists(state, Place(AGENCIES, centre_version=state.version)))
        self.centre_epoch = state.epoch
        problem: Problem | None = Gone(b"")
        if not self._lists.is_under_way() and self._follow.can_go_on(state):
            problem = yield from self._follow_on(state)
        if isinstance(problem, Gone):
            place = Place(AGENCIES, centre_version=state.version, epoch=state.epoch, position=state.position)
            yield
            problem = yield from self._lists.read(place, now)
            if problem is None and not self._lists.is_held:
                problem = yield from self._follow_on(state)
        return problem

    def _follow_on(self, state: RosterState) -> Work:
        for _ in range(STATES_MAX):
            at = self._parts.clock()
            if self._replica.reached().position != state.position:
                yield
                problem = yield from self._follow.catch_up(state)
                if problem is not None or self._follow.is_held:
                    return problem
            if self._replica.reached().position == state.position:
                return (yield from self._follow.compare(state, at))
            again = self._state()
            if not isinstance(again, RosterState):
                return again
            state = again
        return None

    def _by_lists(self, state: RosterState, place: Place) -> Work:
        now = self._parts.clock()
        if state.version and state.version == self._intake.centre_version() and not self._lists.is_under_way():
            self._intake.confirm(now)
            return None
        yield
        return (yield from self._lists.read(place, now))

    def _state(self) -> RosterState | Problem:
        # Only a centre of our own names the state of its roster; any other is read in full each time.
        answer = self._parts.client.get("/roster/version")
        return RosterState("") if isinstance(answer, Absent) else read(RosterState, answer)
