"""The board before a real desk: what a host does is recorded, and each showing of names stands in the access log."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kiosk.board.app import make_app
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.door.client import DoorClient
from kiosk.door.messages import AskCheckIn, SayAnswer
from kiosk.service.serve import serve
from kiosk.store.board import HostBook
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site
from tests.kiosk.board.conftest import wait_until
from tests.support.books import SECRET, make_site, write_roster
from tests.support.house import REST

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Run a real desk whose roster was confirmed just now."""
    site = make_site(tmp_path, '[badge]\nkey_versions = [1]\n[board]\nhost = "127.0.0.1"\n')
    write_credential("badge-key-v1", SECRET.hex().encode(), tmp_path)
    write_roster(tmp_path / "roster.db", confirmed=SystemClock()())
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(site, SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(10)
    yield site
    stop.set()
    thread.join(10)


def test_a_host_follows_a_member_from_names_to_zone_to_check_out_and_back(site: Site) -> None:
    clock, live, ids = SystemClock(), Live(), Ids()
    with closing(HostBook(site.state_dir / "board.db")) as book:
        app = make_app(site, clock, book, live, DeskLine(site.door, clock, live, ids))
        with TestClient(app) as client, DoorClient(site.door) as door:
            assert isinstance(door.ask(AskCheckIn(ids(), "astrid", "host:Maja")), SayAnswer)
            client.post(f"/enter/{book.new_link('Maja', clock())}")
            page = client.post("/host/people").text
            assert "Astrid" in page
            visit = re.search(r'name="visit" value="([^"]+)"', page)
            assert visit
            form = {"visit": visit.group(1)}
            assert "Zonen är vald." in client.post("/host/act", data=form | {"do": "join", "zone": REST}).text
            assert "Bekräftat." in client.post("/host/act", data=form | {"do": "confirm"}).text
            assert 'value="undo"' in client.post("/host/act", data=form | {"do": "leave"}).text
            assert "Utcheckningen är ångrad." in client.post("/host/act", data=form | {"do": "undo"}).text
            wait_until(lambda: client.get("/picture.json").json()["house"]["in_house"] == {"low": 1, "high": 2})
    with closing(JournalReader(site.state_dir / "journal.db")) as journal:
        kinds = [type(one.event).__name__ for one in journal.after(0)]
    assert [one for one in kinds if one in {"Arrived", "JoinedZone", "ConfirmedByHost", "Left", "LeavingUndone"}] == [
        "Arrived",
        "JoinedZone",
        "ConfirmedByHost",
        "Left",
        "LeavingUndone",
    ]
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as connection:
        rows = connection.execute("SELECT by, purpose FROM access ORDER BY id").fetchall()
    look, act = "a host looks at who is in the house", "a host acts for a person"
    assert rows == [("host:Maja", look), *[("host:Maja", act)] * 4]


def test_a_host_finds_a_member_checks_them_in_corrects_the_visit_and_takes_it_back(site: Site) -> None:
    clock, live, ids = SystemClock(), Live(), Ids()
    with closing(HostBook(site.state_dir / "board.db")) as book:
        app = make_app(site, clock, book, live, DeskLine(site.door, clock, live, ids))
        with TestClient(app) as client:
            client.post(f"/enter/{book.new_link('Maja', clock())}")
            member = _hidden("member", client.post("/host/find", data={"text": "car"}).text)
            page = client.post("/host/act", data={"do": "check_in", "member": member}).text
            assert "Incheckad." in page
            visit, day = _hidden("visit", page), _hidden("day", page)
            joined = client.post("/host/act", data={"do": "all_join", "zone": REST}).text
            assert "Klart för 1." in joined
            assert "Klart för 1." in client.post("/host/act", data={"do": "all_confirm", "zone": REST}).text
            came = {"do": "arrived", "visit": visit, "day": day, "time": "00:00", "why": "forgot_to_tap"}
            assert "Besöket är rättat." in client.post("/host/act", data=came).text
            client.post("/host/act", data={"do": "picked_leave", "visit": visit})
            assert "Carl" in client.post("/host/left").text
            annul = {"do": "annul", "visit": visit, "why": "wrong_person", "time": ""}
            assert "Besöket är rättat." in client.post("/host/act", data=annul).text
            assert "Carl" not in client.post("/host/left").text
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as connection:
        looked = {row[0] for row in connection.execute("SELECT what FROM access")}
    assert looked == {"members by a part of their name", "people in the house", "people who have left the house"}


def test_a_host_announces_an_activity_receives_a_guest_and_takes_both_back(site: Site) -> None:
    clock, live, ids = SystemClock(), Live(), Ids()
    with closing(HostBook(site.state_dir / "board.db")) as book:
        app = make_app(site, clock, book, live, DeskLine(site.door, clock, live, ids))
        with TestClient(app) as client, DoorClient(site.door) as door:
            assert isinstance(door.ask(AskCheckIn(ids(), "astrid", "host:Maja")), SayAnswer)
            client.post(f"/enter/{book.new_link('Maja', clock())}")
            visit = _hidden("visit", client.post("/host/people").text)
            guest_in = {"do": "guest_in", "visit": visit, "name": "Gun <Gäst>"}
            page = client.post("/host/act", data=guest_in).text
            assert "Gästen är incheckad." in page
            assert "Gun &lt;Gäst&gt;" in page
            assert "gäst hos Astrid" in page
            guest = _hidden("guest", page)
            moved = {"do": "guest_move", "guest": guest, "zone": REST}
            assert "Gästen är flyttad." in client.post("/host/act", data=moved).text
            assert "Gästen är utcheckad." in client.post("/host/act", data={"do": "guest_out", "guest": guest}).text
            starts = f"{clock().wall.astimezone(site.hours.zone):%H:%M}"
            plan = {"do": "plan", "zone": REST, "title_sv": "Digital post", "starts": starts, "minutes": "5"}
            assert "Aktiviteten är planerad." in client.post("/host/act", data=plan).text
            wait_until(lambda: bool(live.picture.board and live.picture.board.activities))
            assert "Digital post" in client.get("/").text
            cancel = {"do": "cancel", "activity": _hidden("activity", client.get("/host").text)}
            assert "Aktiviteten är inställd." in client.post("/host/act", data=cancel).text
            wait_until(lambda: bool(live.picture.board and not live.picture.board.activities))
            assert "Digital post" not in client.get("/").text


def _hidden(name: str, page: str) -> str:
    """Return the value of the first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found.group(1)
