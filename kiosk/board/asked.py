"""From a host's form to what it asks of the desk, or HTTP 400: nothing else may be asked from a browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from kiosk.domain.ids import Actor
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Words
from kiosk.door.messages import (
    Ask,
    AskCancelActivity,
    AskConfirm,
    AskJoinZone,
    AskLeave,
    AskLetGuestIn,
    AskLetGuestOut,
    AskMoveGuest,
    AskPlanActivity,
    AskUndo,
)

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Which host asks, when, under which id, and in which time zone a time of day is meant."""

    request: str
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


def _plan(form: Form, asker: Asker) -> Ask:
    day = asker.at.wall.astimezone(asker.zone).date()
    starts_at = datetime.combine(day, time.fromisoformat(form["starts"]), tzinfo=asker.zone)
    return AskPlanActivity(
        asker.request,
        form["zone"],
        Words(form["title_sv"], form.get("title_en") or form["title_sv"]),
        starts_at,
        starts_at + timedelta(minutes=int(form["minutes"])),
        asker.by,
    )


_FORMS: Mapping[str, Callable[[Form, Asker], Ask]] = {
    "confirm": lambda form, asker: AskConfirm(asker.request, form["visit"], asker.by),
    "leave": lambda form, asker: AskLeave(asker.request, form["visit"], asker.by),
    "undo": lambda form, asker: AskUndo(asker.request, form["visit"], asker.by),
    "join": lambda form, asker: AskJoinZone(asker.request, form["visit"], form["zone"], asker.by),
    "guest_in": lambda form, asker: AskLetGuestIn(asker.request, form["visit"], form["name"], asker.by),
    "guest_out": lambda form, asker: AskLetGuestOut(asker.request, form["guest"], asker.by),
    "guest_move": lambda form, asker: AskMoveGuest(asker.request, form["guest"], form["zone"], asker.by),
    "plan": _plan,
    "cancel": lambda form, asker: AskCancelActivity(asker.request, form["activity"], asker.by),
}
"""What each button of the hosts' page asks for."""
