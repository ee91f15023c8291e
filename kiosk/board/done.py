"""What came of a host's action, in words for a host. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.board.texts import HOST_REASONS, TEXTS
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.domain.zones import Words

UNDOABLE = frozenset({Outcome.LEFT, Outcome.ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Words for the host, and the visit if it can be undone for a few seconds."""

    words: Words
    next_step: Words | None = None
    is_refused: bool = False
    undo_visit: str | None = None


AWAY = Done(words=TEXTS["desk_away"], is_refused=True)


def done(answer: Answer | None) -> Done:
    """Return the words for what came of one request; None is a desk that did not answer."""
    if answer is None:
        return AWAY
    if answer.reason is not None:
        why = EXPLANATIONS[answer.reason]
        is_refused = answer.outcome is Outcome.REFUSED
        if answer.reason in HOST_REASONS:
            return Done(words=HOST_REASONS[answer.reason], is_refused=is_refused)
        return Done(words=why.sentence, next_step=why.next_step, is_refused=is_refused)
    can_undo = answer.outcome in UNDOABLE and answer.undo_s > 0
    words = TEXTS.get(f"done_{answer.outcome}", TEXTS["done_other"])
    return Done(words=words, undo_visit=answer.visit if can_undo else None)


def done_for_many(answers: Iterable[Answer | None]) -> Done:
    """Return the words for what came of several requests: how many were done, and why the others were not."""
    known = tuple(answers)
    if not known:
        return Done(words=TEXTS["done_nobody"], is_refused=True)
    if all(one is None for one in known):
        return AWAY
    refused = Counter(one.reason if one else None for one in known if one is None or one.outcome is Outcome.REFUSED)
    good = len(known) - sum(refused.values())
    return Done(
        words=Words(TEXTS["done_many"].sv.format(n=good), TEXTS["done_many"].en.format(n=good)),
        next_step=_why(refused) if refused else None,
        is_refused=good == 0,
    )


def _why(refused: Counter[Reason | None]) -> Words:
    parts = [(count, _said(reason)) for reason, count in refused.items()]
    sv = " ".join(f"{count}: {words.sv}" for count, words in parts)
    return Words(sv, " ".join(f"{count}: {words.en}" for count, words in parts))


def _said(reason: Reason | None) -> Words:
    if reason is None:
        return TEXTS["desk_away"]
    return HOST_REASONS.get(reason, EXPLANATIONS[reason].sentence)
