"""Whoever is erased while the board runs goes from its roll calls too, by the journal's order."""

from pathlib import Path

import pytest

from kiosk.desk.keeping import Order
from kiosk.domain.erasure import Erasure
from kiosk.domain.ids import MEMBER, MemberId, RequestId, VisitId, host
from kiosk.domain.requests import Leave
from kiosk.tools.site import Site
from tests.kiosk.board.conftest import SmallBoard, wait_until
from tests.kiosk.board.real_house import fill
from tests.support.books import close_books, open_desk
from tests.support.house import CountedIds, at

pytestmark = pytest.mark.slow


def gone_and_erased(site: Site, visits: dict[str, VisitId]) -> None:
    """Let both leave, and erase Astrid from the journal."""
    ids = CountedIds()
    for _ in range(100):
        ids()  # past the ids that the house has used
    desk, books = open_desk(site, ids)
    for visit in visits.values():
        desk.handle(Leave(id=RequestId("leave"), at=at(3600), visit=visit, by=MEMBER))
    order = Order(member=MemberId("astrid"), decision="dnr 2026-9", by=host("eva"))
    assert desk.erase(order, at(3700)) is Erasure.ERASED
    close_books(books)


def test_the_board_takes_whoever_is_erased_off_its_lists_once_the_roll_call_has_ended(
    board: SmallBoard, tmp_path: Path
) -> None:
    visits = fill(board.desk.site)
    board.sign_in("Maja")
    path = board.client.post("/roll-call/begin", data={"kind": "drill"}).url.path
    board.client.post(f"{path}/tick", data={"person": visits["Astrid"], "do": "found"})
    gone_and_erased(board.desk.site, visits)
    assert "Astrid" in board.client.get(path).text, "nobody is taken off a list in use"
    board.client.post(f"{path}/end")
    traces = (b"Astrid", b"astrid", b"Gun <", str(visits["Astrid"]).encode())

    def left() -> list[bytes]:
        held = b"".join(one.read_bytes() for one in tmp_path.glob("board.db*"))
        return [one for one in traces if one in held]

    wait_until(lambda: left() == [])
    page = board.client.get(path).text
    assert "Astrid" not in page
    assert "Bo" in page
