"""No UID in any form: not in a database, not in a log at any level, not over MQTT, not in a trace. Searched for all."""

import hashlib
import hmac
import io
import itertools
import json
import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deploy.commands.record import record
from kiosk.domain.answers import Outcome
from kiosk.domain.ids import Actor
from kiosk.door.badges import AskBadgeLost, AskEnrolBadge
from kiosk.door.client import DoorClient
from kiosk.door.messages import SayAnswer, ScriptedTap, Watch
from kiosk.service.serve import serve
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import load
from sensors.broker.link import Link, Note
from sensors.readings import Message
from sensors.recording import payload
from tests.support.books import LOST_UID, SECRET, SITE, UIDS, key_of, write_roster
from tests.support.hub import example, running_hub, tap, wait_for
from tests.support.log_watch import spellings

NEW, UNKNOWN, RANDOM = "04FEDCBA987654", "B1C2D3E4", "08A1B2C3"
SHOWN = (*(uid for name, uid in UIDS.items() if name != "Bo"), LOST_UID, NEW, UNKNOWN, RANDOM)
"""Bo's is a 4 and nothing but zeros, which any file holds by chance."""
EVA = Actor("host:eva")
WAIT_S = 10.0
new_id = Ids()


@pytest.mark.parts
def test_neither_a_dump_nor_any_log_line_at_debug_holds_a_uid(tmp_path: Path) -> None:
    with said_at_debug() as told, desk(tmp_path):
        codes = [shown(tmp_path, uid) for uid in (*SHOWN, *SHOWN)]
        code = codes[SHOWN.index(NEW)]
        assert code
        asked(tmp_path, AskEnrolBadge(id=new_id(), reference=code, member="bo", by=EVA))
        shown(tmp_path, NEW)
        asked(tmp_path, AskBadgeLost(id=new_id(), member="carl", by=EVA))
        shown(tmp_path, UIDS["Carl"])
    kept = everything_kept(tmp_path)
    assert key_of(NEW) in kept, "the search sees what is there"
    assert "Tap: arrived" in told.getvalue()
    for uid in SHOWN:
        assert [one for one in spellings(uid) if one in kept or one in told.getvalue().lower()] == []


@pytest.mark.parts
def test_all_numbers_of_four_bytes_do_not_find_a_badge_without_the_secret(tmp_path: Path) -> None:
    with desk(tmp_path):
        shown(tmp_path, UIDS["Carl"])
    digests = all_digests(tmp_path)
    first, last = bytes.fromhex(UIDS["Carl"])[:2], bytes.fromhex(UIDS["Carl"])[2:]
    guesses = (bytes(pair) for pair in itertools.product(range(256), repeat=2))
    assert {one for one in guesses if digests & set(hashes(first + one))} == set()
    assert hmac.digest(SECRET, keyed(first + last), "sha256") in digests, "with the secret, the same search finds it"


def all_digests(folder: Path) -> set[bytes]:
    """Return all that may be a digest in the files: every 16 and every 32 bytes, and every so long hexadecimal text."""
    raw = b"".join(one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file())
    found = {raw[at : at + length] for length in (16, 32) for at in range(len(raw) - length)}
    for text in re.findall(rb"[0-9a-fA-F]{32,}", raw):
        found |= {
            bytes.fromhex(text[at : at + length].decode())
            for length in (32, 64)
            for at in range(len(text) - length + 1)
        }
    return found


def keyed(uid: bytes) -> bytes:
    """Return what a badge key is made of."""
    return b"iso14443\0" + bytes([len(uid)]) + uid


def hashes(uid: bytes) -> Iterator[bytes]:
    """Yield what somebody without the secret would look for: plain hashes, and those under a secret of nothing."""
    for text in (uid, keyed(uid)):
        yield hashlib.sha256(text).digest()
        yield hashlib.md5(text, usedforsecurity=False).digest()
        yield hmac.digest(b"", text, "sha256")
        yield hmac.digest(bytes(32), text, "sha256")


@pytest.mark.parts
def test_neither_mqtt_nor_a_trace_holds_a_uid() -> None:
    heard: list[str] = []
    trace = io.StringIO()
    with running_hub() as hub:
        broker = hub.site.tables.broker
        assert broker is not None

        def take(message: Message) -> None:
            heard.append(f"{message.topic} {message.payload!r}".lower())

        link = Link(broker, "no-uid", topics=("#",), on_message=take)
        link.start()
        assert link.wait_up(WAIT_S)
        stop = threading.Event()
        recording = threading.Thread(target=record, args=(hub.site, trace, SystemClock(), stop))
        recording.start()
        uids = [example(key).uid for key in "123"]
        assert {tap(hub, uid).outcome for uid in uids} == {Outcome.ARRIVED}
        assert tap(hub, UNKNOWN).outcome is Outcome.REFUSED
        sensor = hub.site.tables.sensor[0]
        note = Note(sensor.topic, payload(is_on=True), retain=False)
        # Again and again: the recording is connected when it is.
        wait_for(lambda: link.publish(note) and trace.getvalue(), "a line in the trace")
        assert any("presence" in one for one in wait_for_some(heard))
        stop.set()
        recording.join(WAIT_S)
        link.stop()
    told = "\n".join([*heard, trace.getvalue().lower()])
    for uid in (*uids, UNKNOWN):
        assert [one for one in spellings(uid) if one in told] == []


def wait_for_some(heard: list[str]) -> list[str]:
    """Return what was heard once the presence of those who came has been published."""
    for _ in range(200):
        if any("presence" in one and '"in_house": "1-2"' not in one for one in heard):
            break
        threading.Event().wait(0.1)
    threading.Event().wait(1.0)
    return heard


@contextmanager
def said_at_debug() -> Iterator[io.StringIO]:
    """Keep every line of our own logs, at every level."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    log = logging.getLogger("samverk")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield told
    finally:
        log.setLevel(level)
        log.removeHandler(handler)


@contextmanager
def desk(folder: Path) -> Iterator[None]:
    """Run a desk over the folder."""
    (folder / "site.toml").write_text(SITE.format(state_dir=folder))
    write_roster(folder / "roster.db", confirmed=SystemClock()())
    write_credential("badge-key-v1", SECRET.hex().encode(), folder)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(load(folder / "site.toml"), SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(WAIT_S)
    try:
        yield
    finally:
        stop.set()
        thread.join(WAIT_S)


def shown(folder: Path, uid: str) -> str | None:
    """Show a badge, and return the reference in the answer."""
    with DoorClient(folder / "door.sock") as door:
        door.say(Watch(id=new_id(), readers=("entrance",)))
        door.say(ScriptedTap(id=new_id(), reader="entrance", uid=uid))
        while True:
            said = door.hear()
            if isinstance(said, SayAnswer):
                return said.answer.reference


def asked(folder: Path, what: AskEnrolBadge | AskBadgeLost) -> None:
    """Ask as a host; it must be done."""
    with DoorClient(folder / "door.sock") as door:
        said = door.ask(what)
    assert isinstance(said, SayAnswer)
    assert said.answer.outcome is not Outcome.REFUSED, json.dumps(said.answer.reason)


def everything_kept(folder: Path) -> str:
    """Return all that the files hold, as they lie there and as a dump of every table."""
    raw = b"".join(one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file())
    dumps = []
    for one in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(one)) as database:
            dumps += list(database.iterdump())
    return "\n".join([raw.hex(), raw.decode("latin-1"), *dumps]).lower()
