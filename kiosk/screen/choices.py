"""What becomes of a member's own choice: the answer it was made on, with the choice in it, and what to say of it."""

from dataclasses import replace
from typing import assert_never

from kiosk.domain.answers import Answer
from kiosk.look.texts import Note
from kiosk.screen.pages import AnswerExit, Choice, ChooseLanguage, ChooseNaming, ChooseOffers


def chosen(choice: Choice, before: Answer, after: Answer) -> tuple[Answer, Note]:
    """Return the answer on show with what the desk says after the choice, and the note to show."""
    match choice:
        case AnswerExit():
            return before, Note.THANKED
        case ChooseNaming(shown=shown):
            return _renewed(before, after), Note.NAMED if shown else Note.NOT_NAMED
        case ChooseOffers(wanted=wanted):
            renewed = _renewed(before, after)
            return (renewed, Note.OFFERED) if wanted else (replace(renewed, offer=None), Note.LET_BE)
        case ChooseLanguage():
            return _renewed(before, after), Note.LANGUAGE
        case _:
            assert_never(choice)


def _renewed(before: Answer, after: Answer) -> Answer:
    return replace(
        before,
        named=after.named,
        offers=after.offers,
        guests=after.guests,
        zones=after.zones or before.zones,
        language=after.language,
    )
