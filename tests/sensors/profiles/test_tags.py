"""Tag readers: no UID is ever readable, in a word, a refusal or a trace; and a tap without its tag still is a tap."""

import json
import logging

import pytest

from kiosk.domain.badge import Uid
from sensors.profiles import PROFILES, Conceal, Part
from sensors.readings import Message, Reading, Refusal, Tag
from sensors.trace import Mask, Traced, conceals, line
from sensors.trace import read as read_trace
from sensors.watch import Watch
from tests.sensors.house import instant
from tests.sensors.profiles.cases import CORPORA, Case, reading
from tests.sensors.profiles.test_in_a_house import SENSOR, house

READERS = [name for name, one in PROFILES.items() if Tag in one.says]
STAND_IN = Uid(bytes.fromhex("01000001"))


def conceal_of(name: str, case: Case) -> Conceal:
    """Return how the reader's own payloads are made fit for a trace."""
    found = {one.topic: one.conceal for one in PROFILES[name].hearings(case.setting)}[case.setting.topic]
    assert found is not None
    return found


def taps(name: str) -> list[tuple[Case, Uid]]:
    """Return the cases of a reader that are taps, each with its UID."""
    found = []
    for one in CORPORA[name]:
        words = () if isinstance(one.said, Refusal) else one.said
        found += [(one, word.what.uid) for word in words if isinstance(word.what, Tag)]
    return found


def forms(uid: Uid) -> set[str]:
    """Return the ways in which a UID could stand in a text."""
    digits = uid.value.hex()
    return {digits, uid.value.hex("-"), uid.value.hex(":"), str(int(digits, 16)), repr(uid.value).strip("b'")}


def test_there_are_readers_and_taps() -> None:
    assert len(READERS) == 3
    assert all(len(taps(name)) >= 2 for name in READERS)


@pytest.mark.parametrize("name", READERS)
def test_a_word_or_reading_of_a_tag_shows_no_uid(name: str) -> None:
    for case, uid in taps(name):
        said = reading(PROFILES[name], case)(case.payload)
        assert not isinstance(said, Refusal)
        shown = f"{said} {said!r} {Reading(SENSOR, said[0].what, instant(0))}".lower()
        assert [one for one in forms(uid) if one in shown] == []


@pytest.mark.parametrize("name", READERS)
def test_a_trace_of_a_reader_holds_no_uid_and_plays_the_same_taps(name: str) -> None:
    for case, uid in taps(name):
        mask = Mask(conceals(house(name, case.setting).routes))
        text = line(0, Message(case.setting.topic, case.payload), mask)
        assert [one for one in forms(uid) if one in text.lower()] == []
        (traced,) = read_trace([text])
        assert isinstance(traced, Traced)
        said = reading(PROFILES[name], case)(traced.message.payload)
        assert not isinstance(said, Refusal)
        assert [word.what for word in said] == [Tag(STAND_IN)]


@pytest.mark.parametrize("name", READERS)
def test_the_same_tag_has_the_same_stand_in_all_through_a_trace_and_another_has_another(name: str) -> None:
    case, _ = taps(name)[0]
    other = case.payload.replace(b"74", b"75").replace(b"94", b"95").replace(b"E9", b"E7")
    mask = Mask(conceals(house(name, case.setting).routes))
    first, second, third = (
        json.loads(line(0, Message(case.setting.topic, one), mask))["payload"]
        for one in (case.payload, other, case.payload)
    )
    assert first == third
    assert first != second


@pytest.mark.parametrize("name", READERS)
def test_what_is_no_tap_on_a_readers_topic_is_not_kept_at_all(name: str) -> None:
    for case, uid in taps(name):
        conceal = conceal_of(name, case)
        for broken in (b"\xff" + case.payload, case.payload + b'"', b"{" + case.payload, case.payload * 40):
            kept = conceal(broken, lambda _: STAND_IN)
            assert [one for one in forms(uid) if one.encode() in kept.lower()] == []
        escaped = "".join(f"\\u{ord(one):04x}" for one in uid.value.hex())
        hidden = b'{"event_type":"tag_scanned","tag_id":"%s","PN532":{"UID":"%s"}}' % ((escaped.encode(),) * 2)
        assert escaped.encode() not in conceal(hidden, lambda _: STAND_IN)


@pytest.mark.parametrize("name", READERS)
def test_a_house_that_hears_a_tag_neither_keeps_nor_logs_its_uid(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for case, uid in taps(name):
        watch = Watch(house(name, case.setting, kind="desk"), instant(0))
        for one in CORPORA[name]:
            watch.hear(Message(one.topic or one.setting.topic, one.payload), instant(1))
        watch.judge(instant(1), everything=True)
        kept = f"{watch.memory(SENSOR)!r} {watch.counted!r} {watch.occupancies!r} {caplog.text}".lower()
        assert [one for one in forms(uid) if one in kept] == []


def test_only_readers_topics_are_concealed_and_all_of_their_own_are() -> None:
    for name, profile in PROFILES.items():
        for case in CORPORA[name]:
            concealed = {one.topic for one in profile.hearings(case.setting) if one.conceal}
            assert concealed == ({case.setting.topic} if name in READERS else set())
            assert all(one.part is Part.STATE for one in profile.hearings(case.setting) if one.conceal)
