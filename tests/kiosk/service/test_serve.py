"""The desk's whole process in one thread: readers, door and worker together, started and stopped."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.door.client import DoorClient
from kiosk.door.messages import (
    Ask,
    AskConfirm,
    AskJoinZone,
    AskLeave,
    AskUndo,
    SayAccepted,
    SayAnswer,
    SayBoard,
    SayError,
    SayPeople,
    ScriptedTap,
    ShowBoard,
    ShowPeople,
    Watch,
)
from kiosk.service.readers import STARTS_MAX
from kiosk.service.serve import DESK, DOOR, serve
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site
from tests.support.books import SECRET, UIDS, make_site, write_roster
from tests.support.notified import notified

pytestmark = pytest.mark.parts

WAIT_S = 5.0
SIDE = """
[[reader]]
id = "side"
driver = "scripted"
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write_roster(tmp_path / "roster.db", confirmed=SystemClock()())
    write_credential("badge-key-v1", SECRET.hex().encode(), tmp_path)
    return make_site(tmp_path, SIDE)


@pytest.fixture
def running(site: Site) -> Iterator[Site]:
    stop, ready = threading.Event(), threading.Event()
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(serve(site, SystemClock(), stop, ready.set)))
    thread.start()
    assert ready.wait(WAIT_S)
    yield site
    stop.set()
    thread.join(WAIT_S)
    assert ended == [0]


@pytest.fixture
def door(running: Site) -> Iterator[DoorClient]:
    with DoorClient(running.door) as client:
        yield client


def heard(door: DoorClient, kind: type[SayAnswer]) -> SayAnswer:
    """Return the next message of that kind."""
    while True:
        said = door.hear()
        if isinstance(said, kind):
            return said


def test_a_tap_at_a_reader_is_heard_by_those_who_watch_it_and_by_no_others(running: Site) -> None:
    with DoorClient(running.door) as here, DoorClient(running.door) as elsewhere:
        here.say(Watch(id="w", readers=("entrance",)))
        elsewhere.say(Watch(id="w", readers=("side",)))
        assert isinstance(here.ask(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"])), SayAccepted)
        answer = heard(here, SayAnswer).answer
        assert (answer.outcome, answer.name, answer.reader) == (Outcome.ARRIVED, "Astrid", "entrance")
        assert isinstance(elsewhere.ask(ScriptedTap(id="t", reader="side", uid=UIDS["Bo"])), SayAccepted)
        assert heard(elsewhere, SayAnswer).answer.name == "Bo"


def test_a_visit_can_be_lived_through_the_door(door: DoorClient) -> None:
    door.say(Watch(id="w"))
    door.say(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"]))
    visit = heard(door, SayAnswer).answer.visit
    assert visit
    asks: list[tuple[Ask, Outcome]] = [
        (AskJoinZone(id="1", visit=visit, zone="lagerelden"), Outcome.JOINED),
        (AskConfirm(id="2", visit=visit, by="host:eva"), Outcome.CONFIRMED),
        (AskLeave(id="3", visit=visit), Outcome.LEFT),
        (AskUndo(id="4", visit=visit), Outcome.LEAVING_UNDONE),
    ]
    for ask, outcome in asks:
        said = door.ask(ask)
        assert isinstance(said, SayAnswer)
        assert said.answer.outcome is outcome
    people = door.ask(ShowPeople(id="5", by="host:eva", purpose="test"))
    assert isinstance(people, SayPeople)
    assert [one.name for one in people.people] == ["Astrid"]


def test_the_board_shows_the_readers_and_whoever_came(door: DoorClient) -> None:
    door.say(Watch(id="w"))
    door.say(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"]))
    heard(door, SayAnswer)
    said = door.ask(ShowBoard(id="b"))
    while isinstance(said, SayBoard) and said.board.in_house != 1:
        said = door.hear()
    assert isinstance(said, SayBoard)
    assert {one.reader: one.state for one in said.board.readers} == {
        "entrance": ReaderState.READY,
        "side": ReaderState.READY,
    }


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (ScriptedTap(id="t", reader="garage", uid="04A1B2C3D4E5F6"), "there is: entrance, side"),
        (ScriptedTap(id="t", reader="entrance", uid="04A1"), "4, 7, 8 or 10 bytes"),
        (ScriptedTap(id="t", reader="entrance", uid="not hex"), "4, 7, 8 or 10 bytes"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(door: DoorClient, ask: Ask, why: str) -> None:
    said = door.ask(ask)
    assert isinstance(said, SayError)
    assert why in said.text


def test_a_visit_nobody_has_is_a_refusal_and_not_an_error(door: DoorClient) -> None:
    said = door.ask(AskLeave(id="1", visit="none"))
    assert isinstance(said, SayAnswer)
    assert said.answer.reason is Reason.NOT_IN_HOUSE


def test_broken_lines_are_told_and_harm_nobody(running: Site) -> None:
    with DoorClient(running.door) as client:
        client._socket.sendall(b'{"do":"dance"}\n\xff\xfe\n{"do":"tap","id":"1"}\n')  # noqa: SLF001 - no client says this
        for _ in range(3):
            said = client.hear()
            assert isinstance(said, SayError)
            assert said.text.startswith("not understood")
        assert isinstance(client.ask(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"])), SayAccepted)


def test_what_was_answered_is_in_the_journal_after_the_end(site: Site) -> None:
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(site, SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(WAIT_S)
    with DoorClient(site.door) as client:
        client.say(Watch(id="w"))
        for name in UIDS:
            client.say(ScriptedTap(id=name, reader="entrance", uid=UIDS[name]))
            heard(client, SayAnswer)
    stop.set()
    thread.join(WAIT_S)
    reader = JournalReader(site.state_dir / "journal.db")
    kinds = [type(one.event).__name__ for one in reader.after(0)]
    assert kinds == ["RuleTaken", *["Arrived"] * len(UIDS)]
    assert reader.verify().broken_at is None
    reader.close()


def test_a_worker_that_ends_by_a_fault_ends_the_process_for_its_supervisor_to_start_it_afresh(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object, _asked: object) -> None:
        message = "out of order"
        raise RuntimeError(message)

    monkeypatch.setattr("kiosk.desk.worker.Worker._serve", broken)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    stop, ready = threading.Event(), threading.Event()
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(serve(site, SystemClock(), stop, ready.set)))
    thread.start()
    assert ready.wait(WAIT_S)
    with DoorClient(site.door) as client:
        client.say(AskLeave(id="1", visit="none"))
        thread.join(WAIT_S)
    assert ended == [1]


def test_a_reader_that_dies_again_and_again_ends_the_process_for_its_supervisor_to_start_it_afresh(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives: list[object] = []

    def dies(self: object, _stop: object) -> None:
        lives.append(self)

    monkeypatch.setattr("kiosk.reader.scripted.ScriptedReader.run", dies)
    monkeypatch.setattr("kiosk.service.serve.WATCH_S", 0.01)
    assert serve(site, SystemClock(), threading.Event()) == 1
    assert len(set(map(id, lives))) >= STARTS_MAX


def test_whoever_stands_at_the_reader_is_told_of_a_fault(running: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object, _request: object) -> None:
        message = "out of order"
        raise RuntimeError(message)

    monkeypatch.setattr("kiosk.desk.desk.Desk.handle", broken)
    with DoorClient(running.door) as client:
        client.say(Watch(id="w", readers=("entrance",)))
        client.say(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"]))
        assert heard(client, SayAnswer).answer.reason is Reason.FAULT


def test_whoever_stands_at_the_reader_is_told_when_the_desk_is_busy(
    running: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.desk.worker.Worker.submit", lambda _self, _asked: False)
    with DoorClient(running.door) as client:
        client.say(Watch(id="w", readers=("entrance",)))
        client.say(ScriptedTap(id="t", reader="entrance", uid=UIDS["Astrid"]))
        assert heard(client, SayAnswer).answer.reason is Reason.DESK_BUSY


def test_systemd_hears_that_the_desk_lives_only_while_requests_are_served(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.tools.systemd.PINGS", 1000)
    stop, stuck, go_on = threading.Event(), threading.Event(), threading.Event()

    def hanging(_self: object, _asked: object) -> None:
        stuck.set()
        go_on.wait()

    with notified() as systemd, ExitStack() as stack:
        told = {"supervisor": systemd.supervisor(DESK, DOOR)}
        thread = threading.Thread(target=serve, args=(site, SystemClock(), stop), kwargs=told)
        thread.start()
        for end in (thread.join, go_on.set, stop.set):
            stack.callback(end)
        systemd.wait_for("READY=1")
        systemd.wait_for("WATCHDOG=1")
        monkeypatch.setattr("kiosk.desk.worker.Worker._serve", hanging)
        client = stack.enter_context(DoorClient(site.door))
        client.say(AskLeave(id="1", visit="none"))
        assert stuck.wait(WAIT_S)
        systemd.heard()
        # The door answers still, and that is not enough.
        assert isinstance(client.ask(ShowBoard(id="b")), SayBoard)
        assert isinstance(client.ask(ShowBoard(id="b")), SayBoard)
        assert systemd.heard() == []
        go_on.set()
        systemd.wait_for("WATCHDOG=1")
        stop.set()
        systemd.wait_for("STOPPING=1")
