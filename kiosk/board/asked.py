"""From a host's form to what it asks of the desk, or HTTP 400: nothing else may be asked from a browser."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from kiosk.domain.events import Why
from kiosk.domain.ids import Actor
from kiosk.domain.instant import Instant
from kiosk.domain.presence import Presence
from kiosk.domain.zones import Words
from kiosk.door.badges import AskBadgeFound, AskBadgeLost, AskEnrolBadge
from kiosk.door.messages import (
    Ask,
    AskAnnulVisit,
    AskCancelActivity,
    AskCheckIn,
    AskClearVisit,
    AskConfirm,
    AskCorrectArrival,
    AskCorrectLeaving,
    AskHandGuestOver,
    AskJoinZone,
    AskLeave,
    AskLeaveZone,
    AskLetGuestIn,
    AskLetGuestOut,
    AskMoveGuest,
    AskPlanActivity,
    AskUndo,
)

BULK_MAX = 200
"""People that one press may be about: a full house."""

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Which host asks, when, with what makes the ids of requests, and in which time zone a time of day is meant."""

    new_id: Callable[[], str]
    by: Actor
    at: Instant
    zone: ZoneInfo


def asked(form: Form, asker: Asker) -> Ask:
    """Return what the form asks of the desk; raise HTTP 400 when it lacks something, or for anything else."""
    make = _FORMS.get(form.get("do", ""))
    if make is None:
        raise HTTPException(400)
    try:
        return make(form, asker)
    except (KeyError, ValueError, OverflowError) as error:
        raise HTTPException(400) from error


def is_bulk(form: Form) -> bool:
    """Return whether the form is about several people at once."""
    return form.get("do", "").startswith(("all_", "picked_"))


def asked_of_many(fields: Iterable[tuple[str, str]], inside: Iterable[Presence], asker: Asker) -> tuple[Ask, ...]:
    """Return what a form about several people asks: of everybody in a zone or in none, or of those picked.

    Raise HTTP 400 as `asked` does, and when they are more than `BULK_MAX`.
    """
    fields = tuple(fields)
    form = dict(fields)
    match form.get("do", ""):
        case "all_confirm" if form.get("zone"):
            visits = [str(one.visit) for one in inside if one.zone == form["zone"]]
        case "all_join":
            visits = [str(one.visit) for one in inside if one.zone is None]
        case "picked_confirm" | "picked_join" | "picked_leave":
            visits = [value for name, value in fields if name == "visit"]
        case _:
            raise HTTPException(400)
    if len(visits) > BULK_MAX:
        raise HTTPException(400)
    do = form["do"].partition("_")[2]
    return tuple(asked({**form, "do": do, "visit": one}, asker) for one in dict.fromkeys(visits))


def _plan(form: Form, asker: Asker) -> Ask:
    starts_at = _moment(form["starts"], asker.at.wall.astimezone(asker.zone).date(), asker)
    return AskPlanActivity(
        asker.new_id(),
        form["zone"],
        Words(form["title_sv"], form.get("title_en") or form["title_sv"]),
        starts_at,
        starts_at + timedelta(minutes=int(form["minutes"])),
        asker.by,
    )


def _correct_arrival(form: Form, asker: Asker) -> Ask:
    to = _moment(form["time"], date.fromisoformat(form["day"]), asker)
    return AskCorrectArrival(asker.new_id(), form["visit"], to, Why(form["why"]), asker.by)


def _correct_leaving(form: Form, asker: Asker) -> Ask:
    to = _moment(form["time"], date.fromisoformat(form["day"]), asker)
    return AskCorrectLeaving(asker.new_id(), form["visit"], to, Why(form["why"]), asker.by)


def _moment(clock: str, day: date, asker: Asker) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=asker.zone)


_FORMS: Mapping[str, Callable[[Form, Asker], Ask]] = {
    "check_in": lambda form, asker: AskCheckIn(asker.new_id(), form["member"], asker.by),
    "confirm": lambda form, asker: AskConfirm(asker.new_id(), form["visit"], asker.by),
    "leave": lambda form, asker: AskLeave(asker.new_id(), form["visit"], asker.by),
    "undo": lambda form, asker: AskUndo(asker.new_id(), form["visit"], asker.by),
    "join": lambda form, asker: AskJoinZone(asker.new_id(), form["visit"], form["zone"], asker.by),
    "leave_zone": lambda form, asker: AskLeaveZone(asker.new_id(), form["visit"], asker.by),
    "arrived": _correct_arrival,
    "left": _correct_leaving,
    "annul": lambda form, asker: AskAnnulVisit(asker.new_id(), form["visit"], Why(form["why"]), asker.by),
    "clear": lambda form, asker: AskClearVisit(asker.new_id(), form["visit"], asker.by),
    "enrol": lambda form, asker: AskEnrolBadge(asker.new_id(), form["reference"], form["member"], asker.by),
    "badge_lost": lambda form, asker: AskBadgeLost(asker.new_id(), asker.by, member=form["member"]),
    "badge_found": lambda form, asker: AskBadgeFound(asker.new_id(), asker.by, member=form["member"]),
    "guest_in": lambda form, asker: AskLetGuestIn(asker.new_id(), form["visit"], form["name"], asker.by),
    "guest_out": lambda form, asker: AskLetGuestOut(asker.new_id(), form["guest"], asker.by),
    "guest_move": lambda form, asker: AskMoveGuest(asker.new_id(), form["guest"], form["zone"], asker.by),
    "guest_over": lambda form, asker: AskHandGuestOver(asker.new_id(), form["guest"], form["visit"], asker.by),
    "plan": _plan,
    "cancel": lambda form, asker: AskCancelActivity(asker.new_id(), form["activity"], asker.by),
}
"""What each button of the hosts' page asks for."""
