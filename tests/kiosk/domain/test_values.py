"""The small values: UIDs and badge keys, moments, reasons, names of events, the diagram."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.docs import generated
from kiosk.domain.badge import UID_LENGTHS, CardFamily, Uid, UidProblem, badge_key, reference, uid_problem
from kiosk.domain.events import NAME_OF, TYPE_NAMES
from kiosk.domain.house import replay
from kiosk.domain.ids import BootId
from kiosk.domain.offer import offer_for
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.domain.rule import Rule
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, began, joined
from tests.support.house import COURSE, START, at, surroundings

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("uid", "problem"),
    [
        ("04A1B2C3D4E5F6", None),
        ("A1B2C3D4", None),
        ("E004010012345678", None),
        ("04000000000000000000", None),
        ("0011223344", UidProblem.LENGTH),
        ("", UidProblem.LENGTH),
        ("8804510A", UidProblem.HALF_READ),
        ("00000000", UidProblem.BLANK),
        ("FFFFFFFFFFFFFF", UidProblem.BLANK),
        ("08A1B2C3", UidProblem.RANDOM),
        ("08A1B2C3D4E5F6", None),
    ],
)
def test_only_whole_uids_are_taken(uid: str, problem: UidProblem | None) -> None:
    assert uid_problem(bytes.fromhex(uid)) is problem


def test_a_half_uid_is_no_value_at_all() -> None:
    with pytest.raises(ValueError, match="half_read"):
        Uid(bytes.fromhex("8804510A"))


def test_a_badge_key_is_hmac_sha_256_over_family_length_and_uid() -> None:
    uid = Uid(bytes.fromhex("04A1B2C3D4E5F6"))
    body = CardFamily.PROXIMITY.encode() + b"\0" + b"\x07" + uid.value
    assert badge_key(SECRET, uid) == hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        badge_key(b"short", Uid(bytes.fromhex("A1B2C3D4")))


@given(st.sets(st.sampled_from(UID_LENGTHS).flatmap(lambda size: st.binary(min_size=size, max_size=size)), max_size=20))
def test_different_uids_never_share_a_key_zero_bytes_included(values: set[bytes]) -> None:
    whole = {value for value in values if uid_problem(value) is None}
    assert len({badge_key(SECRET, Uid(value)) for value in whole}) == len(whole)


def test_a_uid_never_shows_in_text() -> None:
    assert "04A1" not in repr(Uid(bytes.fromhex("04A1B2C3D4E5F6"))).upper()


def test_a_reference_is_short_and_says_nothing_of_the_uid() -> None:
    assert reference(badge_key(SECRET, Uid(bytes.fromhex("04A1B2C3D4E5F6")))) == "IQR-CM7"


def test_within_a_boot_steps_of_the_wall_clock_do_not_count() -> None:
    stepped = replace(at(10), wall=START + timedelta(hours=3))
    assert stepped.seconds_since(at(0)) == 10


def test_across_boots_only_the_wall_clock_counts_and_never_below_zero() -> None:
    assert at(50, BootId("boot-2")).seconds_since(at(20)) == 30
    assert at(10, BootId("boot-2")).seconds_since(at(20)) == 0


def test_every_reason_says_what_happened_and_what_to_do_in_both_languages() -> None:
    assert set(EXPLANATIONS) == set(Reason)
    for explanation in EXPLANATIONS.values():
        for words in (explanation.sentence, explanation.next_step):
            assert words.sv.endswith(".")
            assert words.en.endswith(".")
            assert len(words.sv.split()) <= 12


def test_no_two_reasons_say_the_same() -> None:
    assert len({one.sentence.sv for one in EXPLANATIONS.values()}) == len(Reason)
    assert len({one.sentence.en for one in EXPLANATIONS.values()}) == len(Reason)


def test_every_kind_of_event_has_one_stored_name() -> None:
    assert len(NAME_OF) == len(TYPE_NAMES)


def test_numbers_of_the_rule_outside_their_bounds_are_all_named() -> None:
    with pytest.raises(ValueError, match=r"settle_s must be 1 to 86400; company_min must be 2 to 100"):
        Rule(settle_s=0, company_min=1)


def test_an_offer_prefers_a_zone_where_somebody_waits() -> None:
    carl = type(ASTRID)("carl")
    house = replay([arrived(), arrived(BO, 1), arrived(carl, 2), joined(BO), joined(carl, zone=COURSE), began(BO)])
    offer = offer_for(house.presences[ASTRID], house, surroundings(), at(9))
    assert offer is not None
    assert (offer.zone, offer.waiting, offer.joined) == (COURSE, 1, 1)


def test_there_is_no_offer_where_nobody_is() -> None:
    house = replay([arrived(), arrived(BO, 1)])
    assert offer_for(house.presences[ASTRID], house, surroundings(), at(9)) is None


def test_the_docs_show_the_table_as_it_is() -> None:
    for path, text in generated().items():
        assert path.read_text() == text, "run python -m deploy.docs"
