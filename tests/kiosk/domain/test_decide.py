"""What a request leads to: in words for the member, in events for the journal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.decide import decide
from kiosk.domain.decision import Decision, Facts
from kiosk.domain.direction import Direction
from kiosk.domain.house import House, replay
from kiosk.domain.ids import MEMBER, MemberId, ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import BadgeStatus, Holder, Language
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import CheckIn, Confirm, FailedTap, JoinZone, Leave, LeaveZone, Tap, Undo
from kiosk.domain.rule import DAY_S, Rule
from tests.support.house import COURSE, FIRE, START, CountedIds, at, facts, holder

READER = ReaderId("entrance")
ASTRID = holder("Astrid")


def tap(seconds: float = 0, direction: Direction = Direction.BOTH, uid: str = "04A1B2C3D4E5F6") -> Tap:
    return Tap(
        id=RequestId(f"tap-{seconds}"), at=at(seconds), reader=READER, direction=direction, uid=Uid(bytes.fromhex(uid))
    )


class Story:
    """A house in which one request follows another."""

    def __init__(self, who: Holder | None = ASTRID) -> None:
        """Begin with an empty house."""
        self.house = House()
        self.ids = CountedIds()
        self.who = who
        self.recent: Answer | None = None

    def facts(self) -> Facts:
        """Return the facts as they are now."""
        return replace(facts(self.house, self.who, self.ids), recent=self.recent)

    def tap(self, seconds: float, direction: Direction = Direction.BOTH) -> Decision:
        """Show the badge."""
        decision = decide(tap(seconds, direction), self.facts())
        self.house = replay(decision.events, self.house)
        if not decision.answer.repeated:
            self.recent = decision.answer
        return decision

    def ask(self, request: JoinZone | LeaveZone | Leave | Undo | Confirm | CheckIn) -> Decision:
        """Ask for something else."""
        decision = decide(request, self.facts())
        self.house = replay(decision.events, self.house)
        return decision

    @property
    def visit(self) -> VisitId:
        """Return the visit of the one member here."""
        return self.house.presences[MemberId("astrid")].visit


def outcome(decision: Decision) -> tuple[Outcome, Reason | None]:
    return decision.answer.outcome, decision.answer.reason


def test_a_tap_from_outside_lets_in_and_says_who_and_for_how_long_it_can_be_undone() -> None:
    decision = Story().tap(0)
    assert outcome(decision) == (Outcome.ARRIVED, None)
    assert (decision.answer.name, decision.answer.undo_s) == ("Astrid", 10)
    assert [type(one) for one in decision.events] == [events.Arrived]


def test_the_same_badge_within_the_guard_time_is_one_event_and_the_first_answer_again() -> None:
    story = Story()
    first = story.tap(0)
    again = story.tap(4.9)
    assert again.events == ()
    assert again.answer == replace(first.answer, request=again.answer.request, repeated=True)


def test_an_answer_said_again_is_in_the_language_chosen_since() -> None:
    story = Story()
    story.tap(0)
    story.who = replace(ASTRID, member=replace(ASTRID.member, language=Language.EN))
    again = story.tap(1)
    assert (again.answer.repeated, again.answer.language) == (True, Language.EN)


def test_a_later_tap_says_already_in_and_changes_nothing_but_opens_the_way_out() -> None:
    story = Story()
    story.tap(0)
    seen = story.tap(3600)
    assert outcome(seen) == (Outcome.ALREADY_IN, None)
    assert (seen.answer.since, seen.answer.leave_again_s) == (at(0), 10)
    assert story.house.presences[MemberId("astrid")].state is State.ARRIVED


def test_again_soon_after_already_in_leaves_and_later_does_not() -> None:
    story = Story()
    story.tap(0)
    story.tap(3600)
    assert outcome(story.tap(3608))[0] is Outcome.LEFT
    story = Story()
    story.tap(0)
    story.tap(3600)
    assert outcome(story.tap(3611))[0] is Outcome.ALREADY_IN


def test_yesterdays_forgotten_check_out_never_turns_this_morning_into_one() -> None:
    story = Story()
    story.tap(0)
    assert outcome(story.tap(DAY_S))[0] is Outcome.ALREADY_IN


def test_an_out_reader_lets_out_and_refuses_nobody_who_is_in() -> None:
    story = Story()
    story.tap(0)
    assert outcome(story.tap(60, Direction.OUT))[0] is Outcome.LEFT
    assert outcome(story.tap(120, Direction.OUT)) == (Outcome.REFUSED, Reason.NOT_IN_HOUSE)


def test_an_in_reader_never_lets_out() -> None:
    story = Story()
    story.tap(0, Direction.IN)
    for seconds in (60, 67):
        decision = story.tap(seconds, Direction.IN)
        assert outcome(decision)[0] is Outcome.ALREADY_IN
        assert decision.answer.leave_again_s == 0


def test_an_unknown_badge_is_an_answer_with_a_reference_and_not_an_error() -> None:
    decision = decide(tap(), facts(House(), None, CountedIds()))
    assert outcome(decision) == (Outcome.REFUSED, Reason.BADGE_UNKNOWN)
    assert decision.answer.reference == "ABC-DEF"
    (refused,) = decision.events
    assert isinstance(refused, events.TapRefused)


def test_a_random_uid_cannot_be_identified_and_is_not_called_unknown() -> None:
    decision = decide(tap(uid="08A1B2C3"), facts(House(), None, CountedIds()))
    assert outcome(decision) == (Outcome.REFUSED, Reason.CARD_RANDOM)


LATER = START + timedelta(days=1)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (holder("Astrid", BadgeStatus.LOST), Reason.BADGE_LOST),
        (holder("Astrid", BadgeStatus.WITHDRAWN), Reason.BADGE_WITHDRAWN),
        (holder("Astrid", is_active=False), Reason.MEMBER_INACTIVE),
        (replace(ASTRID, member=replace(ASTRID.member, valid_from=LATER)), Reason.MEMBERSHIP_NOT_BEGUN),
        (replace(ASTRID, member=replace(ASTRID.member, valid_until=START)), Reason.MEMBERSHIP_ENDED),
    ],
)
def test_entry_is_refused_for_a_reason_on_the_closed_list(who: Holder, reason: Reason) -> None:
    decision = decide(tap(), facts(House(), who, CountedIds()))
    assert outcome(decision) == (Outcome.REFUSED, reason)


def test_an_unset_clock_turns_nobody_away_for_their_dates() -> None:
    who = replace(ASTRID, member=replace(ASTRID.member, valid_from=LATER))
    early = replace(tap(), at=at(0, clock=ClockState.UNSET))
    assert decide(early, facts(House(), who, CountedIds())).answer.outcome is Outcome.ARRIVED


@pytest.mark.parametrize(
    ("age_s", "result"),
    [
        (Rule().rights_old_s, (Outcome.ARRIVED, None, events.Rights.FRESH)),
        (Rule().rights_old_s + 1, (Outcome.ARRIVED, None, events.Rights.OLD)),
        (Rule().rights_limit_s + 1, (Outcome.REFUSED, Reason.RIGHTS_TOO_OLD, events.Rights.OLD)),
    ],
)
def test_old_rights_mark_the_decision_and_too_old_ones_send_to_a_host(age_s: float, result: tuple[object, ...]) -> None:
    given_facts = replace(facts(House(), ASTRID, CountedIds()), roster_age_s=age_s)
    answer = decide(tap(), given_facts).answer
    assert (answer.outcome, answer.reason, answer.rights) == result


def test_without_a_roster_a_badge_is_not_called_unknown() -> None:
    given_facts = replace(facts(House(), None, CountedIds()), roster_age_s=None)
    assert outcome(decide(tap(), given_facts)) == (Outcome.REFUSED, Reason.ROSTER_MISSING)


def test_a_card_that_could_not_be_read_is_answered_at_its_reader() -> None:
    failed = FailedTap(id=RequestId("f"), at=at(0), reader=READER, reason=Reason.CARD_UNREADABLE)
    decision = decide(failed, facts(House(), None, CountedIds()))
    assert outcome(decision) == (Outcome.REFUSED, Reason.CARD_UNREADABLE)
    assert decision.answer.reader == READER


def test_a_zone_can_be_joined_changed_and_left() -> None:
    story = Story()
    story.tap(0)
    for zone in (FIRE, COURSE):
        joining = JoinZone(id=RequestId("j"), at=at(9), visit=story.visit, zone=zone, by=MEMBER)
        assert story.ask(joining).answer.zone == zone
    assert story.ask(joining).events == ()
    leaving = LeaveZone(id=RequestId("k"), at=at(10), visit=story.visit, by=MEMBER)
    assert outcome(story.ask(leaving))[0] is Outcome.LEFT_ZONE
    assert outcome(story.ask(leaving)) == (Outcome.REFUSED, Reason.NOT_IN_ZONE)


def test_a_zone_that_is_not_here_cannot_be_joined() -> None:
    story = Story()
    story.tap(0)
    joining = JoinZone(id=RequestId("j"), at=at(9), visit=story.visit, zone=ZoneId("bastun"), by=MEMBER)
    assert outcome(story.ask(joining)) == (Outcome.REFUSED, Reason.ZONE_UNKNOWN)


def test_an_arrival_can_be_undone_within_its_time_and_not_after() -> None:
    for seconds, result in ((10, Outcome.ARRIVAL_UNDONE), (10.5, Outcome.REFUSED)):
        story = Story()
        story.tap(0)
        undo = Undo(id=RequestId("u"), at=at(seconds), visit=story.visit, by=MEMBER)
        assert outcome(story.ask(undo))[0] is result


def test_a_leaving_can_be_undone_and_an_undone_arrival_cannot() -> None:
    story = Story()
    story.tap(0)
    story.ask(Leave(id=RequestId("l"), at=at(60), visit=story.visit, by=MEMBER))
    undo = Undo(id=RequestId("u"), at=at(62), visit=story.visit, by=MEMBER)
    assert outcome(story.ask(undo))[0] is Outcome.LEAVING_UNDONE
    story = Story()
    story.tap(0)
    undo = replace(undo, at=at(3))
    story.ask(undo)
    assert outcome(story.ask(undo)) == (Outcome.REFUSED, Reason.UNDO_TOO_LATE)


def test_a_host_lets_in_somebody_without_a_badge_once() -> None:
    story = Story()
    check_in = CheckIn(id=RequestId("c"), at=at(0), member=MemberId("astrid"), by=host("eva"))
    assert outcome(story.ask(check_in))[0] is Outcome.ARRIVED
    assert outcome(story.ask(check_in)) == (Outcome.REFUSED, Reason.ALREADY_IN)


def test_a_host_can_confirm_only_somebody_in_a_zone() -> None:
    story = Story()
    story.tap(0)
    confirm = Confirm(id=RequestId("c"), at=at(20), visit=story.visit, by=host("eva"))
    assert outcome(story.ask(confirm)) == (Outcome.REFUSED, Reason.NOT_IN_ZONE)
    story.ask(JoinZone(id=RequestId("j"), at=at(21), visit=story.visit, zone=FIRE, by=MEMBER))
    assert outcome(story.ask(confirm))[0] is Outcome.CONFIRMED


@given(
    status=st.sampled_from(BadgeStatus),
    is_active=st.booleans(),
    is_known=st.booleans(),
    age_s=st.one_of(st.none(), st.floats(0, 365 * DAY_S)),
    waited_s=st.floats(20, 10 * DAY_S),
    by_key=st.booleans(),
    clock=st.sampled_from(ClockState),
)
def test_exit_is_never_refused(  # noqa: PLR0913 - each is one thing that might have been held against somebody
    *,
    status: BadgeStatus,
    is_active: bool,
    is_known: bool,
    age_s: float | None,
    waited_s: float,
    by_key: bool,
    clock: ClockState,
) -> None:
    story = Story()
    story.tap(0)
    inside = story.house.presences[MemberId("astrid")]
    who = holder("Astrid", status, is_active=is_active) if is_known else None
    now: Instant = at(waited_s, clock=clock)
    given_facts = replace(story.facts(), holder=who, presence=inside, roster_age_s=age_s, recent=None)
    leaving = Leave(id=RequestId("l"), at=now, visit=inside.visit, by=MEMBER)
    tapping = replace(tap(direction=Direction.OUT), at=now)
    decision = decide(leaving if by_key else tapping, given_facts)
    assert decision.answer.outcome is Outcome.LEFT
    assert replay(decision.events, story.house).inside() == ()
