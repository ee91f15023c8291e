"""What a corpus is made of, and how one is found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from types import MappingProxyType

from sensors.profiles import PROFILES, Hearing, Profile, Read, Said, Setting
from sensors.profiles.profile import Sayable
from sensors.readings import Content, Fault, Level, What, Word

MOMENT = datetime(2026, 3, 2, 9, 14, 7, 120000, UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One payload of one sensor, on its own topic unless another is given."""

    about: str
    setting: Setting
    payload: bytes
    said: Said
    topic: str = ""


def say(*contents: Content, stamp: datetime | None = None, sequence: int | None = None) -> tuple[Word, ...]:
    """Return the words, all with one stamp and number."""
    return tuple(Word(one, stamp, sequence=sequence) for one in contents)


def corpus(name: str) -> tuple[Case, ...]:
    """Return the cases of the profile of that name."""
    cases: tuple[Case, ...] = import_module(f"tests.sensors.profiles.corpus.{name.replace('-', '_')}").CASES
    return cases


CORPORA = MappingProxyType({name: corpus(name) for name in PROFILES})


def reading(profile: Profile, case: Case) -> Read:
    """Return how the case's topic is read."""
    found = {one.topic: one.read for one in profile.hearings(case.setting)}
    return found[case.topic or case.setting.topic]


def heard(name: str) -> list[Hearing]:
    """Return every hearing of the profile's corpus, once."""
    found = {one: None for case in CORPORA[name] for one in PROFILES[name].hearings(case.setting)}
    return list(found)


def sayable(content: Content) -> Sayable:
    """Return the name that a profile claims to be able to say the content under."""
    match content:
        case What():
            return content
        case Level():
            return content.quantity
        case Fault():
            return content.kind
        case _:
            return type(content)
