"""Making a blank NTAG 424 DNA a badge of ours, or giving one of ours the keys of a newer version.

The order is such that a card that was taken away in the middle can be put back and finished: every key is looked for
under all that it may be, and the owner's key, which opens the rest, is changed last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards import layout
from kiosk.cards.ev2 import Problem, Session
from kiosk.cards.keys import OWNER, SPARE, SUN_FILE, SUN_META, TAP, VERSION_MAX, Masters, Versions, card_key
from kiosk.cards.ntag424 import (
    FACTORY_KEY,
    NDEF_FILE,
    KeyChange,
    Random,
    Transmit,
    authenticate,
    card_uid,
    change_key,
    change_own_key,
    change_settings,
    read_ndef,
    select,
    write,
)
from kiosk.cards.prove import heard

CHANGED = (SUN_META, SUN_FILE, TAP, SPARE)
"""The keys that are changed before the owner's."""


class Standing(StrEnum):
    """What card lies there."""

    BLANK = "blank"
    OURS = "ours"
    OURS_OLDER = "ours_older"
    NOT_OURS = "not_ours"
    OTHER_KIND = "other_kind"
    GONE = "gone"


class Step(StrEnum):
    """Where it ended."""

    SELECT = "select"
    """It is no NTAG 424 DNA."""
    OWNER = "owner"
    """Its owner's key is neither the factory's nor ours: the card is somebody else's."""
    UID = "uid"
    """It is another card than the reader saw."""
    KEYS = "keys"
    FILE = "file"
    LAST_KEY = "last_key"
    PROOF = "proof"
    """It was written, and does not read back as it should."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The card is not finished: put it back and begin again."""

    step: Step
    problem: Problem


@dataclass(frozen=True, slots=True)
class Personalised:
    """The card is a badge of ours, and has proved it. `changed` keys were not so before."""

    version: int
    changed: int


@dataclass(frozen=True, slots=True)
class Order:
    """Which card gets the keys of which version: `versions` are those it may have now, and the wanted one."""

    uid: bytes = field(repr=False)
    version: int
    versions: Versions = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an order that cannot be carried out whole."""
        masters = self.versions.get(self.version, Masters())
        if None in {masters.tap, masters.sun, masters.owner} or not 0 < self.version <= VERSION_MAX:
            message = f"all three master keys of version {self.version} are needed, and a version of 1 to {VERSION_MAX}"
            raise ValueError(message)

    def wanted(self, number: int) -> bytes:
        """Return what the key of that number shall be."""
        key = card_key(self.versions[self.version], self.uid, number)
        assert key is not None  # noqa: S101 - narrows for the type checker; all masters are there
        return key

    def possible(self, number: int) -> Iterator[bytes]:
        """Yield all that the key of that number may be, the likeliest first."""
        yield self.wanted(number)
        yield FACTORY_KEY
        for version in sorted(self.versions, reverse=True):
            key = card_key(self.versions[version], self.uid, number)
            if key is not None and version != self.version:
                yield key


def personalise(transmit: Transmit, order: Order, random: Random) -> Personalised | Failed:
    """Make the card on the reader a badge of ours, prove it by reading back, and return what was done."""
    selected = select(transmit)
    if selected is not None:
        return Failed(Step.SELECT, selected)
    card = _Card(transmit, order, random)
    known = {number: card.find(number) for number in (OWNER, *CHANGED)}
    for number, found in known.items():
        if isinstance(found, Problem):
            return Failed(Step.OWNER if number == OWNER else Step.KEYS, found)
    keys = {number: found for number, found in known.items() if isinstance(found, bytes)}
    steps: tuple[tuple[Step, Callable[[], Problem | None]], ...] = (
        (Step.UID, lambda: card.check_uid(keys[OWNER])),
        (Step.KEYS, lambda: card.change(keys)),
        (Step.FILE, lambda: card.write_file(keys[OWNER])),
        (Step.LAST_KEY, lambda: card.change_owner(keys[OWNER])),
        (Step.PROOF, card.prove),
    )
    for step, do in steps:
        problem = do()
        if problem is not None:
            return Failed(step, problem)
    return Personalised(order.version, sum(key != order.wanted(number) for number, key in keys.items()))


def standing(transmit: Transmit, order: Order, random: Random) -> Standing:
    """Return what card lies on the reader, and change nothing on it."""
    selected = select(transmit)
    if selected is not None:
        return Standing.GONE if selected is Problem.GONE else Standing.OTHER_KIND
    card = _Card(transmit, order, random)
    found = {number: card.find(number) for number in (OWNER, *CHANGED)}
    if Problem.GONE in found.values():
        return Standing.GONE
    if isinstance(found[OWNER], Problem):
        return Standing.NOT_OURS
    if set(found.values()) == {FACTORY_KEY}:
        return Standing.BLANK
    return Standing.OURS if all(key == order.wanted(number) for number, key in found.items()) else Standing.OURS_OLDER


class _Card:
    """One card that lies still, and the steps it goes through."""

    def __init__(self, transmit: Transmit, order: Order, random: Random) -> None:
        self._transmit = transmit
        self._order = order
        self._random = random

    def find(self, number: int) -> bytes | Problem:
        """Return what the key of that number is now."""
        for key in self._order.possible(number):
            session = self._authenticate(number, key)
            if isinstance(session, Session):
                return key
            if session is not Problem.FORGED:
                return session
        return Problem.FORGED

    def check_uid(self, owner: bytes) -> Problem | None:
        session = self._authenticate(OWNER, owner)
        uid = session if isinstance(session, Problem) else card_uid(self._transmit, session)
        if isinstance(uid, Problem):
            return uid
        return None if uid == self._order.uid else Problem.FORGED

    def change(self, keys: dict[int, bytes]) -> Problem | None:
        session = self._authenticate(OWNER, keys[OWNER])
        if isinstance(session, Problem):
            return session
        for number in CHANGED:
            new = self._order.wanted(number)
            change = KeyChange(number, self._order.version, keys[number], new)
            problem = None if keys[number] == new else change_key(self._transmit, session, change)
            if problem is not None:
                return problem
        return None

    def write_file(self, owner: bytes) -> Problem | None:
        session = self._authenticate(OWNER, owner)
        if isinstance(session, Problem):
            return session
        problem = write(self._transmit, session, NDEF_FILE, layout.template())
        return problem or change_settings(self._transmit, session, NDEF_FILE, layout.settings())

    def change_owner(self, owner: bytes) -> Problem | None:
        new = self._order.wanted(OWNER)
        if owner == new:
            return None
        session = self._authenticate(OWNER, owner)
        if isinstance(session, Problem):
            return session
        return change_own_key(self._transmit, session, new, self._order.version)

    def prove(self) -> Problem | None:
        """See that every key is as it shall be, and that the card says so itself to whoever reads it."""
        for number in (OWNER, *CHANGED):
            session = self._authenticate(number, self._order.wanted(number))
            if isinstance(session, Problem):
                return session
        problem = select(self._transmit)
        message = problem or read_ndef(self._transmit)
        if isinstance(message, Problem):
            return message
        masters = self._order.versions[self._order.version]
        return None if heard(masters, self._order.uid, message) is not None else Problem.FORGED

    def _authenticate(self, number: int, key: bytes) -> Session | Problem:
        return authenticate(self._transmit, number, key, self._random)
