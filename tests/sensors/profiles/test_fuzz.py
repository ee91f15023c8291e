"""Whatever comes, no profile raises: it says words within their bounds, or refuses by name.

Every family in the table is tried on every topic of its corpus: with any bytes, any JSON of the corpus's own keys, and
the corpus damaged in bytes and in values.
"""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensors.profiles import PROFILES, Said, Setting
from sensors.readings import PAYLOAD_MAX, PEOPLE_MAX, Crossed, CrossedBy, Fault, Level, People, Refusal, Word
from tests.sensors.profiles.cases import CORPORA, heard, reading, sayable

pytestmark = pytest.mark.slow

EXAMPLES, EXAMPLES_OF_A_SOAK = 25, 20_000

HOSTILE: tuple[Any, ...] = (
    *("not set", "ONc", "", "nan", "-1", "1e999", "\ud83d", "\0", "None", "9" * 30, "x" * 5000, "2026-03-02T10:14:05"),
    *(
        None,
        True,
        False,
        0,
        -0.0,
        -1,
        0.5,
        255,
        65_535,
        65_536,
        2**32,
        2**53,
        2**63,
        2**64,
        1e308,
        1e-320,
        10**300,
        10**4000,
    ),
    *([], {}, [[]], [None], {"": None}, {"Action": None}, {"value": {}}, [{"timestamp": 1}]),
)
"""Values that a sensor should never send, and that some do."""

DEPTH = 3000
RAW = (
    *(json.dumps(one).encode() for one in HOSTILE),
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b'"\\ud800"', b'"\xff"', b"", b'{"a":1,"a":{}}'),
    *(b"[" * DEPTH + b"]" * DEPTH, b'{"a":' * DEPTH + b"1" + b"}" * DEPTH),
)
"""The same and worse as bytes, to stand where a value stood."""

TRIED_MAX = 1000

MARK = "the value's place"


def _keys(name: str) -> list[str]:
    """Return every key of every JSON payload of the corpus."""

    def walk(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*(walk(one) for one in value.values()))
        return set().union(*(walk(one) for one in value)) if isinstance(value, list) else set()

    found: set[str] = set()
    for case in CORPORA[name]:
        try:
            found |= walk(json.loads(case.payload))
        except (ValueError, RecursionError):
            continue
    return sorted(found) or [""]


def _values(keys: list[str]) -> st.SearchStrategy[object]:
    leaves = st.one_of(st.sampled_from(HOSTILE), st.integers(-2, 70_000), st.booleans(), st.text(max_size=6))
    names = st.one_of(st.sampled_from(keys), st.text(max_size=4))
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6), max_leaves=12
    )


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode(errors="surrogatepass")


def _broken_bytes(payload: bytes, seed: int) -> bytes:
    """Return the payload with bytes changed, lost, doubled or put in, the same for the same seed."""
    chance, body = random.Random(seed), bytearray(payload[:4096])  # noqa: S311 - a test's own chance
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(5):
            case 0:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del body[at : at + chance.randint(1, 8)]
            case 2:
                body[at:at] = body[at : at + 40]
            case 3:
                body[at:at] = chance.choice(
                    (b"\xff", b"NaN", b"-", b"9" * 400, b"[" * 2000, b'"', b"\\ud800", b"null", b"\0")
                )
            case _:
                del body[at:]
    return bytes(body)


def _broken_values(payload: bytes, seed: int) -> bytes:
    """Return the JSON payload with one of its values put out for a hostile one, or one of its keys gone."""
    chance = random.Random(seed)  # noqa: S311 - a test's own chance
    try:
        whole = json.loads(payload)
    except (ValueError, RecursionError):
        return _broken_bytes(payload, seed)
    inside = whole
    while isinstance(inside, dict | list) and inside:
        key = chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        deeper = inside[key]
        if chance.random() < 0.5 or not isinstance(deeper, dict | list):
            if chance.random() < 0.2:
                del inside[key]
            else:
                inside[key] = chance.choice(HOSTILE)
            break
        inside = deeper
    return _dumped(whole)


def _is_right(name: str, word: Word) -> bool:
    """Return whether the word is one that the family may say, and within its bounds."""
    match word.what:
        case People(count):
            is_right = 0 <= count <= PEOPLE_MAX
        case Crossed(entered, left, wraps_at, sequence):
            is_right = min(entered, left) >= 0 and (wraps_at is None or max(entered, left) < wraps_at)
            is_right &= sequence is None or sequence >= 0
        case CrossedBy(entered, left, _):
            is_right = 0 <= min(entered, left) <= max(entered, left) <= PEOPLE_MAX
        case Level(_, value):
            is_right = isfinite(value)
        case Fault(_, is_on, count):
            is_right = is_on in {True, False} and (count is None or count >= 0)
        case _:
            is_right = True
    is_right &= word.sequence is None or (type(word.sequence) is int and word.sequence >= 0)
    return is_right and sayable(word.what) in PROFILES[name].says and isinstance(word.stamp, datetime | None)


def _hold(name: str, read: Callable[[bytes], Said], payload: bytes) -> None:
    said = read(payload)
    assert said == read(payload)
    if not isinstance(said, Refusal):
        assert all(_is_right(name, one) for one in said), said


def _try(name: str, payloads: st.SearchStrategy[bytes], *, soak: bool) -> None:
    hearings = heard(name)

    @settings(max_examples=EXAMPLES_OF_A_SOAK if soak else EXAMPLES, deadline=None)
    @given(payloads)
    def hold(payload: bytes) -> None:
        for one in hearings:
            _hold(name, one.read, payload)

    hold()


@pytest.mark.parametrize("name", PROFILES)
def test_any_bytes_are_words_or_a_refusal(name: str, soak: bool) -> None:  # noqa: FBT001 - the fixture's name
    text = st.text(max_size=80).map(str.encode) | st.sampled_from([_dumped(one)[:200] for one in HOSTILE])
    _try(name, st.binary(max_size=200) | text, soak=soak)


@pytest.mark.parametrize("name", PROFILES)
def test_any_json_is_words_or_a_refusal(name: str, soak: bool) -> None:  # noqa: FBT001 - the fixture's name
    _try(name, _values(_keys(name)).map(_dumped), soak=soak)


@pytest.mark.parametrize("broken", [_broken_bytes, _broken_values])
@pytest.mark.parametrize("name", PROFILES)
def test_a_damaged_payload_is_words_or_a_refusal(
    name: str,
    broken: Callable[[bytes, int], bytes],
    soak: bool,  # noqa: FBT001 - the fixture's name
) -> None:
    cases = CORPORA[name]

    @settings(max_examples=3 * (EXAMPLES_OF_A_SOAK if soak else EXAMPLES), deadline=None)
    @given(st.sampled_from(range(len(cases))), st.integers(0, 2**32))
    @example(0, 0)
    def hold(number: int, seed: int) -> None:
        case = cases[number]
        _hold(name, reading(PROFILES[name], case), broken(case.payload, seed))

    hold()


def _with_any_value(payload: bytes) -> Iterator[tuple[tuple[object, ...], bytes]]:
    """Yield the JSON payload with each of its values put out for each hostile one in turn, and where that stood.

    A long payload is one value many times over, and is passed by.
    """
    if len(payload) > TRIED_MAX:
        return
    try:
        whole = json.loads(payload)
    except (ValueError, RecursionError):
        return
    places: list[tuple[Any, Any, tuple[object, ...]]] = [({"": whole}, "", ())]
    while places:
        inside, key, path = places.pop()
        value = inside[key]
        if isinstance(value, dict | list):
            keys = value if isinstance(value, dict) else range(len(value))
            places += [(value, one, (*path, one)) for one in keys]
        if path:
            inside[key] = MARK
            text = json.dumps(whole).encode()
            yield from ((path, text.replace(f'"{MARK}"'.encode(), one)) for one in RAW)
            inside[key] = value


@pytest.mark.parametrize("name", PROFILES)
def test_every_value_of_every_payload_can_be_anything_hostile(name: str) -> None:
    tried: set[tuple[Setting, tuple[object, ...]]] = set()
    for case in CORPORA[name]:
        read, done = reading(PROFILES[name], case), set(tried)
        for path, payload in _with_any_value(case.payload):
            if (case.setting, path) not in done:
                tried.add((case.setting, path))
                _hold(name, read, payload)
    assert tried or not any(one.payload.startswith(b"{") for one in CORPORA[name])


def test_the_damage_done_is_real_and_reaches_past_the_first_check() -> None:
    whole = b'{"people_total_in":412,"people_total_out":409}'
    for broken in (_broken_bytes, _broken_values):
        made = {broken(whole, seed) for seed in range(200)}
        assert len(made) > 20
        assert whole not in list(made)[:20]
    decoded = 0
    for seed in range(200):
        try:
            msgspec.json.decode(_broken_values(whole, seed))
            decoded += 1
        except (ValueError, RecursionError):
            continue
    assert decoded > 100
    assert len(_broken_bytes(b"x" * PAYLOAD_MAX, 1)) < PAYLOAD_MAX
