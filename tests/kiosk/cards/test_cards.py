"""Reader and card together: what is proved, what is not, and that a card can be finished after any interruption."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.cards import layout, sun
from kiosk.cards.aes import padded, short_mac, unpadded
from kiosk.cards.ev2 import Mode, Problem, Session
from kiosk.cards.keys import OWNER, TAP, Masters, card_key
from kiosk.cards.ntag424 import FACTORY_KEY, READ_MAX, authenticate, card_uid, read_ndef, select
from kiosk.cards.personalise import Failed, Order, Personalised, Step, personalise
from kiosk.cards.prove import VERSIONS_MAX, Prover, Way, heard
from kiosk.domain.badge import Proof, Uid, Unproved
from tests.support.virtual_card.kinds import DONE, GET_UID, MifareCard, Phone, Type2Tag, Type4Tag
from tests.support.virtual_card.ntag424 import Ntag424

UID = bytes.fromhex("04A1B2C3D4E5F7")
OTHER_UID = bytes.fromhex("04A1B2C3D4E5F8")
FIRST = Masters(b"tap-one-16-bytes", b"sun-one-16-bytes", b"own-one-16-bytes")
SECOND = Masters(b"tap-two-16-bytes", b"sun-two-16-bytes", b"own-two-16-bytes")
ONE, BOTH = {1: FIRST}, {1: FIRST, 2: SECOND}

keys = st.binary(min_size=16, max_size=16)


def chance(seed: int = 1) -> Callable[[int], bytes]:
    return Random(seed).randbytes  # noqa: S311 - the same in every run


def over(card: Callable[[bytes], bytes | None]) -> Callable[[bytes], bytes]:
    """Return what a reader makes of the card: nothing at all is an empty answer."""
    return lambda command: card(command) or b""


def order(version: int = 1, versions: dict[int, Masters] = ONE, uid: bytes = UID) -> Order:
    return Order(uid, version, versions)


def ours(uid: bytes = UID) -> Ntag424:
    """Return a card that has been made a badge."""
    card = Ntag424(uid, chance())
    assert personalise(over(card), order(uid=uid), chance(2)) == Personalised(1, 5)
    card.power_up()
    return card


def prove(
    card: Callable[[bytes], bytes | None], way: Way = Way.CHALLENGE, versions: dict[int, Masters] = ONE
) -> object:
    return Prover(versions, way, chance(3))(Uid(UID), over(card))


def test_a_blank_card_becomes_a_badge_that_proves_itself_both_ways() -> None:
    card = ours()
    assert prove(card) == Proof(1)
    card.power_up()
    first = prove(card, Way.SUN)
    card.power_up()
    second = prove(card, Way.SUN)
    assert isinstance(first, Proof)
    assert isinstance(second, Proof)
    assert first.counter is not None
    assert second.counter == first.counter + 1
    assert all(key != FACTORY_KEY for key in card.keys)
    assert card.key_versions == [1] * 5


def test_every_card_has_its_own_keys_and_no_key_is_a_master() -> None:
    one, other = ours(), ours(OTHER_UID)
    assert not set(one.keys) & set(other.keys)
    assert len(set(one.keys)) == 5
    assert not set(one.keys) & {FIRST.tap, FIRST.sun, FIRST.owner}


def test_no_master_key_is_ever_sent_to_a_card() -> None:
    sent = b"".join(ours().commands)
    assert not any(master in sent for master in (FIRST.tap, FIRST.sun, FIRST.owner) if master)


def test_only_the_owner_writes_a_finished_card() -> None:
    card = ours()
    select(over(card))
    tap = card_key(FIRST, UID, TAP)
    assert tap is not None
    session = authenticate(over(card), TAP, tap, chance())
    assert isinstance(session, Session)
    header = bytes([2, 0, 0, 0, 1, 0, 0])
    assert session.answer(card(session.command(0x8D, header, b"x", Mode.PLAIN)) or b"", Mode.PLAIN) is Problem.REFUSED


@pytest.mark.parametrize("after", range(60))
def test_a_card_taken_away_at_any_moment_is_finished_when_it_is_put_back(after: int) -> None:
    card = Ntag424(UID, chance())
    card.leaves_after = after
    outcome = personalise(over(card), order(), chance(2))
    card.leaves_after = None
    card.power_up()
    if isinstance(outcome, Failed):
        assert outcome.problem is Problem.GONE
    assert isinstance(personalise(over(card), order(), chance(4)), Personalised)
    card.power_up()
    assert prove(card) == Proof(1)


def test_the_interruptions_above_reach_past_the_last_command() -> None:
    assert 40 < len(ours().commands) <= 60


@pytest.mark.parametrize("after", range(0, 66, 3))
def test_a_badge_gets_the_keys_of_a_newer_version_also_in_two_goes(after: int) -> None:
    card = ours()
    card.leaves_after = after
    personalise(over(card), order(2, BOTH), chance(5))
    card.leaves_after = None
    card.power_up()
    assert isinstance(personalise(over(card), order(2, BOTH), chance(6)), Personalised)
    card.power_up()
    assert prove(card, versions=BOTH) == Proof(2)
    card.power_up()
    assert prove(card, versions=ONE) is Unproved.NOT_OURS
    assert card.key_versions == [2] * 5


def test_a_badge_of_an_older_version_is_proved_while_that_version_lives() -> None:
    assert prove(ours(), versions=BOTH) == Proof(1)
    assert prove(ours(), Way.SUN, versions=BOTH) == Proof(1, 2)


def test_somebody_elses_card_is_left_as_it_is() -> None:
    card = Ntag424(UID, chance())
    card.keys[0] = b"somebody-elses.."
    before = list(card.keys)
    assert personalise(over(card), order(), chance()) == Failed(Step.OWNER, Problem.FORGED)
    assert card.keys == before
    assert not any(card.file)


def test_another_card_than_the_reader_saw_is_left_as_it_is() -> None:
    card = Ntag424(OTHER_UID, chance())
    assert personalise(over(card), order(), chance()) == Failed(Step.UID, Problem.FORGED)
    assert card.keys == [FACTORY_KEY] * 5


def test_a_card_of_another_kind_is_not_made_a_badge() -> None:
    assert personalise(over(MifareCard(UID)), order(), chance()) == Failed(Step.SELECT, Problem.REFUSED)
    assert personalise(over(lambda _command: None), order(), chance()) == Failed(Step.SELECT, Problem.GONE)


@pytest.mark.parametrize("lacking", ["tap", "sun", "owner"])
def test_no_card_is_begun_without_all_master_keys(lacking: str) -> None:
    with pytest.raises(ValueError, match="all three master keys"):
        order(versions={1: replace(FIRST, **{lacking: None})})


@pytest.mark.parametrize("way", Way)
def test_cards_that_are_not_ours_prove_nothing(way: Way) -> None:
    message = b"\xd1\x01\x04U\x04a.b"
    others: list[Callable[[bytes], bytes | None]] = [
        MifareCard(UID),
        Type2Tag(UID, message),
        Type4Tag(UID, message),
        Phone(chance()),
        Ntag424(UID, chance()),
    ]
    assert {prove(one, way) for one in others} == {Unproved.NOT_OURS}


@pytest.mark.parametrize("way", Way)
def test_a_copy_of_the_number_alone_proves_nothing(way: Way) -> None:
    copy = Ntag424(UID, chance())
    copy.file, copy._sdm = ours().file, ours()._sdm  # noqa: SLF001 - all that a copier can read
    assert prove(copy, way) is Unproved.NOT_OURS


@pytest.mark.parametrize("way", Way)
def test_one_of_our_cards_with_the_number_of_another_proves_nothing(way: Way) -> None:
    other = ours(OTHER_UID)
    other.uid = UID if way is Way.CHALLENGE else OTHER_UID
    assert prove(other, way) is Unproved.NOT_OURS


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("after", range(5))
def test_a_card_that_leaves_in_the_middle_is_gone_and_not_a_copy(way: Way, after: int) -> None:
    card = ours()
    card.leaves_after = after
    found = prove(card, way)
    assert found is Unproved.GONE or isinstance(found, Proof)
    assert (found is Unproved.GONE) is (after < (3 if way is Way.CHALLENGE else 4))


@pytest.mark.parametrize("length", [4, 8, 10])
def test_only_a_number_of_seven_bytes_is_asked_for_a_proof(length: int) -> None:
    def never(_command: bytes) -> bytes:
        raise AssertionError

    assert Prover(ONE, Way.CHALLENGE, chance())(Uid(bytes(range(1, length + 1))), never) is Unproved.NOT_OURS


def test_a_card_is_tried_with_a_bounded_number_of_versions() -> None:
    many = {number: Masters(bytes([number]) * 16) for number in range(1, VERSIONS_MAX + 3)}
    card = Ntag424(UID, chance())
    assert prove(card, versions=many) is Unproved.NOT_OURS
    assert len([one for one in card.commands if one[1] == 0x71]) == VERSIONS_MAX


def test_a_house_without_the_master_of_a_way_proves_nothing_by_it() -> None:
    assert prove(ours(), Way.CHALLENGE, {1: replace(FIRST, tap=None)}) is Unproved.NOT_OURS
    assert prove(ours(), Way.SUN, {1: replace(FIRST, sun=None)}) is Unproved.NOT_OURS


def test_the_owners_key_is_not_needed_at_the_door() -> None:
    assert prove(ours(), Way.CHALLENGE, {1: Masters(tap=FIRST.tap)}) == Proof(1)
    assert isinstance(prove(ours(), Way.SUN, {1: Masters(sun=FIRST.sun)}), Proof)


def message() -> bytes:
    card = ours()
    select(over(card))
    read = read_ndef(over(card))
    assert isinstance(read, bytes)
    return read


def test_any_flipped_bit_of_a_message_refuses_it() -> None:
    told = message()
    assert heard(FIRST, UID, told) is not None
    parts = layout.parts(told)
    assert parts is not None
    for number, part in enumerate(parts):
        for bit in range(8 * len(part)):
            turned = (int.from_bytes(part) ^ 1 << bit).to_bytes(len(part))
            forged = told.replace(part.hex().upper().encode(), turned.hex().upper().encode())
            assert heard(FIRST, UID, forged) is None, (number, bit)


@pytest.mark.parametrize("change", [b"", b"x", b"samverk:kort?e=", b"\xff" * 70])
def test_a_message_that_is_not_ours_is_refused(change: bytes) -> None:
    assert heard(FIRST, UID, change) is None
    assert heard(FIRST, UID, message() + b"0") is None
    assert heard(FIRST, UID, message()[:-1]) is None


@given(st.binary(max_size=40), st.binary(max_size=12), st.text(max_size=8))
def test_whatever_is_said_of_any_length_is_refused_without_a_fault(secret: bytes, mac: bytes, counter: str) -> None:
    assert sun.verified(secret, mac, bytes(16), lambda _uid: bytes(16)) is None
    assert sun.verified_plain(secret, counter, mac, bytes(16)) is None
    assert layout.parts(secret + mac) is None


def test_wrong_input_takes_a_mac_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def counted(key: bytes, text: bytes) -> bytes:
        made.append(text)
        return short_mac(key, text)

    monkeypatch.setattr(sun, "short_mac", counted)
    sun.verified(b"short", b"", bytes(16), lambda _uid: bytes(16))
    sun.verified_plain(b"", "zz", b"", bytes(16))
    assert len(made) == 2


@settings(max_examples=50)
@given(keys, st.integers(0, 4), st.integers())
def test_who_knows_the_same_key_opens_the_same_session(key: bytes, number: int, seed: int) -> None:
    card = Ntag424(UID, chance(seed))
    card.keys[number] = key
    select(over(card))
    session = authenticate(over(card), number, key, chance(seed + 1))
    assert isinstance(session, Session)
    for _ in range(3):
        assert card_uid(over(card), session) == UID


@settings(max_examples=50)
@given(keys, keys, st.integers())
def test_who_does_not_know_the_key_opens_none(key: bytes, other: bytes, seed: int) -> None:
    card = Ntag424(UID, chance(seed))
    card.keys[OWNER] = key
    select(over(card))
    outcome = authenticate(over(card), OWNER, other, chance(seed + 1))
    assert isinstance(outcome, Session) if key == other else outcome is Problem.FORGED


def test_a_card_that_does_not_know_our_key_is_not_believed_whatever_it_says() -> None:
    def impostor(command: bytes) -> bytes:
        answers = {0xA4: DONE, 0x71: bytes(16) + b"\x91\xaf", 0xAF: bytes(32) + b"\x91\x00"}
        return answers.get(command[1], UID + DONE)

    assert prove(impostor) is Unproved.NOT_OURS


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_flipped_bit_of_an_answer_is_found(data: bytes, draw: st.DataObject) -> None:
    card = Ntag424(data[:7].ljust(7, b"\1"), chance())
    select(over(card))
    session = authenticate(over(card), OWNER, FACTORY_KEY, chance(2))
    assert isinstance(session, Session)
    answer = card(session.command(0x51)) or b""
    bit = draw.draw(st.integers(0, 8 * (len(answer) - 2) - 1))
    flipped = (int.from_bytes(answer) ^ 1 << (bit + 16)).to_bytes(len(answer))
    assert session.answer(flipped) is Problem.FORGED
    assert session.answer(answer[:-3]) in {Problem.REFUSED, Problem.GONE, Problem.FORGED}
    assert session.answer(answer) == card.uid


def test_a_command_cannot_be_said_twice() -> None:
    card = Ntag424(UID, chance())
    select(over(card))
    session = authenticate(over(card), OWNER, FACTORY_KEY, chance(2))
    assert isinstance(session, Session)
    command = session.command(0x51)
    assert (card(command) or b"")[-2:] == b"\x91\x00"
    assert card(command) == b"\x91\x1e"


@given(st.binary(max_size=40))
def test_padding_comes_off_as_it_went_on(data: bytes) -> None:
    assert unpadded(padded(data)) == data
    assert len(padded(data)) % 16 == 0


def test_an_ndef_message_is_read_whole_however_long() -> None:
    for size in (1, 16, READ_MAX, READ_MAX + 1, 254):
        tag = Type4Tag(UID, bytes(number % 251 for number in range(size)))
        select(over(tag))
        assert read_ndef(over(tag)) == bytes(number % 251 for number in range(size))


@pytest.mark.parametrize("told", [b"\x00\x00", b"\x01\x00", b"\xff\xff"])
def test_an_ndef_file_of_no_length_or_too_long_is_refused(told: bytes) -> None:
    tag = Type4Tag(UID, b"x")
    tag._files[0xE104] = told  # noqa: SLF001 - a broken tag
    select(over(tag))
    assert read_ndef(over(tag)) is Problem.REFUSED


def test_every_virtual_card_tells_its_uid_and_a_phone_another_each_time() -> None:
    phone = Phone(chance())
    first = phone(GET_UID)
    phone.power_up()
    assert first is not None
    assert first[0] == 0x08
    assert phone(GET_UID) != first
    for one in (MifareCard(UID), Type2Tag(UID, b"x"), Type4Tag(UID, b"x"), Ntag424(UID, chance())):
        assert one(GET_UID) == UID + DONE
    assert Type2Tag(UID, b"x")(b"\xff\xb0\x00\x03\x10")[:4] == b"\xe1\x10\x12\x00"  # type: ignore[index]


def test_a_message_under_a_cards_keys_that_names_another_card_is_refused() -> None:
    card = ours()
    card.uid = OTHER_UID
    select(over(card))
    read = read_ndef(over(card))
    assert isinstance(read, bytes)
    assert heard(FIRST, UID, read) is None
