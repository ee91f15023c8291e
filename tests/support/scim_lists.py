"""What tests of pulling by lists share: members to enrol, who of them is known, and lists as servers write them."""

import json

from kiosk.domain.ids import MemberId
from kiosk.store.roster import RosterReader
from sync.centre.enrolment import Enrolment
from tests.support.centre import AGENCY, RunningCentre, badge_key, member


def enrol(centre: RunningCentre, *numbers: int) -> None:
    """Enrol the example members of those numbers."""
    centre.registry.enrol(Enrolment(members=tuple(member(one) for one in numbers)))


def known(reader: RosterReader, *numbers: int) -> set[int]:
    """Return those of the members who are in the roster."""
    found = reader.people(MemberId(member(one).id) for one in numbers)
    return {int(one.removeprefix("m")) for one in found}


def user(number: int, agency: str = AGENCY.id) -> dict[str, object]:
    """Return a member as a SCIM server writes them."""
    badges = [{"value": badge_key(number), "keyVersion": 1, "status": "active"}]
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": member(number).id,
        "userName": member(number).id,
        "displayName": f"Exempel {number}",
        "active": True,
        "nickName": "not ours",
        "urn:samverk:params:scim:schemas:membership:1.0:User": {"agency": agency, "badges": badges},
    }


def listing(resources: list[dict[str, object]], total: int | None = None, next_cursor: str = "") -> bytes:
    """Return a SCIM list."""
    found: dict[str, object] = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources) if total is None else total,
        "Resources": resources,
    }
    return json.dumps(found | ({"nextCursor": next_cursor} if next_cursor else {})).encode()
