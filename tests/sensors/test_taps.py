"""From tags to what the inbox holds."""

from collections import Counter

from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.ids import SensorId
from sensors.readings import Tag
from sensors.taps import AGAIN_S, LATELY_MAX, RANDOM, REPEATED, UNREAD, Taps
from sensors.watch import Tapped
from tests.sensors.house import ZONE, instant

SECRETS = {1: b"1" * 32, 3: b"3" * 32}
UID = Uid(bytes.fromhex("04A1B2C3D4E5F6"))


def shown(uid: Uid = UID, at_s: float = 0.0, sensor: str = "tag") -> Tapped:
    return Tapped(SensorId(sensor), ZONE, Tag(uid), instant(at_s))


def test_a_tag_becomes_its_badge_keys_the_newest_first() -> None:
    counted: Counter[tuple[str, str]] = Counter()
    (one,) = Taps(SECRETS).made_of([shown()], counted)
    assert one.keys == (badge_key(SECRETS[3], UID), badge_key(SECRETS[1], UID))
    assert (one.reader, one.zone, one.at) == ("tag", ZONE, instant(0))
    assert not counted


def test_a_tag_said_again_while_it_lies_there_is_one_tap() -> None:
    taps, counted = Taps(SECRETS), Counter[tuple[str, str]]()
    made = [taps.made_of([shown(at_s=at_s)], counted) for at_s in (0, 1, 1 + AGAIN_S - 0.1, 1 + 2 * AGAIN_S)]
    assert [len(one) for one in made] == [1, 0, 0, 1]
    assert counted == {("tag", REPEATED): 2}


def test_the_same_tag_at_another_reader_is_another_tap() -> None:
    assert len(Taps(SECRETS).made_of([shown(), shown(sensor="other")], Counter())) == 2


def test_a_random_uid_is_counted_and_not_kept() -> None:
    counted: Counter[tuple[str, str]] = Counter()
    assert Taps(SECRETS).made_of([shown(Uid(bytes.fromhex("08112233")))], counted) == ()
    assert counted == {("tag", RANDOM): 1}


def test_without_a_secret_every_tap_is_only_counted() -> None:
    counted: Counter[tuple[str, str]] = Counter()
    assert Taps({}).made_of([shown(), shown()], counted) == ()
    assert counted == {("tag", UNREAD): 2}


def test_no_more_badges_are_remembered_than_the_bound() -> None:
    taps, counted = Taps(SECRETS), Counter[tuple[str, str]]()
    uids = [Uid(b"\x04" + number.to_bytes(6, "big")) for number in range(LATELY_MAX + 1)]
    taps.made_of([shown(uid) for uid in uids], counted)
    assert len(taps.made_of([shown(uids[0]), shown(uids[-1])], counted)) == 1
