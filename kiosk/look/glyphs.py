"""The symbols: each stands beside its words, never instead of them. All are one cell wide and in DejaVu Sans Mono."""

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import EXPLANATIONS, Owner, Reason
from kiosk.domain.zones import ZoneState

OUTCOME_SYMBOLS: dict[Outcome, str] = {
    Outcome.ARRIVED: "✓",
    Outcome.ALREADY_IN: "•",
    Outcome.LEFT: "→",
    Outcome.JOINED: "●",
    Outcome.LEFT_ZONE: "○",
    Outcome.ARRIVAL_UNDONE: "↺",
    Outcome.LEAVING_UNDONE: "↺",
    Outcome.CONFIRMED: "✓",
    Outcome.CHOSEN: "✓",
    Outcome.THANKED: "✓",
    Outcome.GUEST_IN: "✓",
    Outcome.GUEST_MOVED: "●",
    Outcome.GUEST_OUT: "→",
    Outcome.CORRECTED: "✓",
    Outcome.CLEARED: "✓",
    Outcome.ORDERED: "✓",
    Outcome.ACTIVITY_PLANNED: "✓",
    Outcome.ACTIVITY_CANCELLED: "○",
    Outcome.BADGE_ENROLLED: "✓",
    Outcome.BADGE_LOST: "○",
    Outcome.BADGE_FOUND: "✓",
    Outcome.REFUSED: "!",
}

OWNER_SYMBOLS: dict[Owner, str] = {
    Owner.MEMBER: "↻",
    Owner.HOST: "?",
    Owner.AGENCY: "?",
    Owner.OPERATOR: "!",
}

ZONE_SYMBOLS: dict[ZoneState, str] = {
    ZoneState.OCCUPIED: "●",
    ZoneState.VACANT: "○",
    ZoneState.UNKNOWN: "?",
}

READER_SYMBOLS: dict[ReaderState, str] = {
    ReaderState.STARTING: "…",
    ReaderState.READY: "✓",
    ReaderState.NO_READER: "!",
    ReaderState.NO_DAEMON: "!",
    ReaderState.FAULT: "!",
}

OUT_OF_ORDER = "!"
STARTING = "…"
OFFER = "▸"
ABOUT = "i"
QUESTION = "?"
FOUND = "✓"
PERSON_UNCERTAIN = "?"
ROLL_DRILL = "○"
BETWEEN = "·"

TYPOGRAPHY = "–×…"  # noqa: RUF001 - a dash and a multiplication sign, as printed text has them

BADGE_ART = (
    "╭──────────╮      ",
    "│ ●●  ──── │ )    ",
    "│ ●●  ───  │ ) )  ",
    "╰──────────╯      ",
)
"""A badge before a reader, all rows equally wide."""

EDGE_ABOVE = "▄"
EDGE_BELOW = "▀"
PATH = "━"

DECORATION = frozenset(EDGE_ABOVE + EDGE_BELOW + PATH + "─│╭╮╰╯ ")
"""What carries no meaning, and so needs no contrast."""

SYMBOLS = frozenset(
    "".join(
        (
            *OUTCOME_SYMBOLS.values(),
            *OWNER_SYMBOLS.values(),
            *ZONE_SYMBOLS.values(),
            *READER_SYMBOLS.values(),
            OUT_OF_ORDER,
            STARTING,
            OFFER,
            BETWEEN,
            *BADGE_ART,
            TYPOGRAPHY,
        )
    )
)
"""Every character besides letters, digits and common punctuation that a screen may show."""


def reason_symbol(reason: Reason) -> str:
    """Return the symbol of a refusal: it tells who can do something about it."""
    return OWNER_SYMBOLS[EXPLANATIONS[reason].owner]
