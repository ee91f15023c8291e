"""From what a person wants of the desk to what is said through its door."""

from typing import assert_never

from kiosk.door.messages import (
    Ask,
    AskAnswerExit,
    AskChooseLanguage,
    AskChooseNaming,
    AskChooseOffers,
    AskJoinZone,
    AskLeave,
    AskLeaveZone,
    AskUndo,
    ScriptedTap,
)
from kiosk.screen.pages import (
    AnswerExit,
    Choice,
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    JoinZone,
    Leave,
    LeaveZone,
    ShowBadge,
    Undo,
    Wish,
)


def ask_of(wish: Wish, request: str, reader: str) -> Ask:
    """Return the message with that id; `reader` is the scripted one that example badges are shown to."""
    match wish:
        case JoinZone(visit=visit, zone=zone):
            return AskJoinZone(id=request, visit=visit, zone=zone)
        case LeaveZone(visit=visit):
            return AskLeaveZone(id=request, visit=visit)
        case Leave(visit=visit):
            return AskLeave(id=request, visit=visit)
        case Undo(visit=visit):
            return AskUndo(id=request, visit=visit)
        case ShowBadge(uid=uid):
            return ScriptedTap(id=request, reader=reader, uid=uid)
        case _:
            return _choice(wish, request)


def _choice(choice: Choice, request: str) -> Ask:
    match choice:
        case ChooseNaming(visit=visit, shown=shown):
            return AskChooseNaming(id=request, visit=visit, shown=shown)
        case ChooseOffers(visit=visit, wanted=wanted):
            return AskChooseOffers(id=request, visit=visit, wanted=wanted)
        case ChooseLanguage(visit=visit, language=language):
            return AskChooseLanguage(id=request, visit=visit, language=language)
        case AnswerExit(met=met):
            return AskAnswerExit(id=request, met=met)
        case _:
            assert_never(choice)
