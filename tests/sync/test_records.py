"""What comes from the centre is parsed strictly, and what is bad in it is named without being repeated."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.members import BadgeStatus, Language
from sync import messages, records
from sync.records import MEMBERSHIP, Paging, Verdict

pytestmark = pytest.mark.slow

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def listing(*resources: object, **more: object) -> bytes:
    """Return a SCIM list of these resources."""
    return json.dumps({"schemas": [LIST], "Resources": resources, **more}).encode()


def user(**changes: object) -> dict[str, object]:
    """Return a member as SCIM has them."""
    membership = {"agency": "a", "badges": [{"value": "0" * 64, "keyVersion": 2, "status": "lost"}]}
    return {"id": "m1", "displayName": "Exempel", MEMBERSHIP: membership, **changes}


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_nonsense_is_no_answer_and_raises_nothing(body: bytes) -> None:
    assert records.parse_verdicts(body) is None
    assert messages.told(messages.RosterState, body) is None
    assert messages.epoch_of(body) == ""
    assert records.parse_config(body) is None
    assert records.parse_agencies(body) is None
    assert records.parse_members(body) is None
    assert not records.is_dead_cursor(body)


def test_a_member_is_read_with_badges_language_and_validity() -> None:
    membership = {
        "agency": "a",
        "validUntil": "2027-01-01T02:00:00+02:00",
        "badges": [{"value": "f" * 64, "keyVersion": 1}],
    }
    body = listing(user(preferredLanguage="en-GB", active=False, **{MEMBERSHIP: membership}), totalResults=9)
    found = records.parse_members(body)
    assert found is not None
    (one,) = found.page.people
    assert (one.member.active, one.member.language, found.total) == (False, Language.EN, 9)
    assert one.member.valid_until is not None
    assert one.member.valid_until.isoformat() == "2027-01-01T00:00:00+00:00"
    assert one.badges[0].status is BadgeStatus.ACTIVE


def test_unknown_attributes_and_schemas_are_passed_over() -> None:
    found = records.parse_members(listing(user(nickName="x", **{"urn:other:User": {"a": 1}})))
    assert found is not None
    assert len(found.page.people) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": ""},
        {"displayName": "x" * 201},
        {"displayName": "Exempel\x1b[2J"},
        {"displayName": 7},
        {MEMBERSHIP: None},
        {MEMBERSHIP: {"agency": "a", "validUntil": "2027-01-01T00:00:00"}},
        {MEMBERSHIP: {"agency": "a", "badges": [{"value": "04A1B2C3", "keyVersion": 1}]}},
        {MEMBERSHIP: {"agency": "a", "badges": [{"value": "0" * 64, "keyVersion": 1, "status": "golden"}]}},
        {MEMBERSHIP: {"agency": "a", "badges": [{"value": "0" * 64, "keyVersion": 1}] * 17}},
    ],
)
def test_a_bad_record_is_put_aside_and_the_next_one_is_read(changes: dict[str, object]) -> None:
    found = records.parse_members(listing(user(**changes), user(id="m2")))
    assert found is not None
    assert [one.member.id for one in found.page.people] == ["m2"]
    (refusal,) = found.page.refused
    assert (refusal.kind, refusal.id) == ("member", "m1")


def test_a_reason_repeats_nothing_of_what_was_sent() -> None:
    found = records.parse_members(
        listing(
            user(
                **{
                    MEMBERSHIP: {
                        "agency": "a",
                        "badges": [{"value": "0" * 64, "keyVersion": 1, "status": "Hemligt Namn"}],
                    }
                }
            )
        )
    )
    assert found is not None
    assert "Hemligt" not in found.page.refused[0].reason


def test_names_are_kept_in_their_composed_form() -> None:
    found = records.parse_members(listing(user(displayName="A\u030asa")))
    assert found is not None
    assert found.page.people[0].member.name == "\u00c5sa"


def test_a_page_with_more_records_than_the_bound_is_no_page() -> None:
    assert records.parse_members(listing(*[{}] * (records.PAGE_MAX + 1))) is None


def test_a_list_that_is_no_scim_list_is_none() -> None:
    assert records.parse_agencies(b'{"schemas": ["urn:other"], "Resources": []}') is None


@pytest.mark.parametrize(
    ("more", "paging", "can_filter"),
    [
        (b', "pagination": {"cursor": true}, "filter": {"supported": true}', Paging.CURSOR, True),
        (b', "pagination": {"cursor": false}', Paging.INDEX, False),
        (b', "filter": {"supported": false}', Paging.INDEX, False),
    ],
)
def test_how_a_server_is_read_depends_on_what_it_says_it_can(more: bytes, paging: Paging, *, can_filter: bool) -> None:
    found = records.parse_config(b'{"schemas": [], "patch": {}' + more + b"}")
    assert found == records.Config(paging, can_filter)


def test_verdicts_are_read_and_an_unknown_one_makes_it_no_answer() -> None:
    found = records.parse_verdicts(b'{"verdicts": [{"id": "e", "verdict": "disputed", "reason": "r"}]}')
    assert found is not None
    assert (found[0].verdict, found[0].reason) == (Verdict.DISPUTED, "r")
    assert records.parse_verdicts(b'{"verdicts": [{"id": "e", "verdict": "perhaps"}]}') is None


def test_a_batch_is_one_json_list() -> None:
    assert json.loads(records.batch_of(['{"id":"å"}', '{"id":"b"}'])) == [{"id": "å"}, {"id": "b"}]
