"""A connection to the broker: how it fails, and how it comes back."""

import gc
import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.tools.site import BrokerTable
from sensors.broker import Link, Note, link
from sensors.readings import PAYLOAD_MAX, Message
from tests.support.certificates import Authority
from tests.support.mosquitto import Mosquitto, free_port

pytestmark = pytest.mark.parts

WAIT_S = 20.0
MANY = 2000
"""So many messages of 50,000 bytes no buffer of the system's can hold."""


def test_without_a_broker_nothing_is_sent_the_first_failure_is_loud_and_the_rest_quiet(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "BACKOFF_FIRST_S", 0.001)
    monkeypatch.setattr(link, "BACKOFF_MAX_S", 0.002)
    caplog.set_level(logging.DEBUG, "samverk.broker")
    one = Link(BrokerTable(host="127.0.0.1", port=free_port()), "nobody")
    one.start()
    assert not one.wait_up(0.2)
    assert one.publish(Note("a", b"x")) == 0
    one.stop()
    levels = [record.levelno for record in caplog.records if "no connection" in record.message]
    assert levels[:1] == [logging.WARNING]
    assert len(levels) > 1
    assert set(levels[1:]) == {logging.DEBUG}


def test_the_pause_between_attempts_has_a_bound() -> None:
    assert link.BACKOFF_FIRST_S < link.BACKOFF_MAX_S <= 10


def test_a_certificate_that_is_missing_is_a_failure_like_any_other(
    caplog: pytest.LogCaptureFixture, mosquitto: Mosquitto
) -> None:
    one = Link(BrokerTable(host="127.0.0.1", port=mosquitto.port, ca="/nowhere/ca.pem"), "nobody")
    one.start()
    assert not one.wait_up(0.2)
    one.stop()
    assert "No such file" in caplog.text


def test_it_connects_once_a_broker_is_there_and_again_after_it_was_away(tmp_path: Path) -> None:
    ups = threading.Semaphore(0)
    broker = Mosquitto(tmp_path)
    one = Link(broker.table, "patient", on_connected=ups.release)
    one.start()
    for _ in range(2):
        broker.start()
        assert ups.acquire(timeout=WAIT_S)
        broker.stop()
    one.stop()


def test_connections_that_are_over_leave_no_descriptor_open_and_need_no_collector(mosquitto: Mosquitto) -> None:
    gc.disable()
    try:
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(5):
            one = Link(mosquitto.table, "guest")
            one.start()
            assert one.wait_up(WAIT_S)
            one.stop()
        assert len(list(Path("/proc/self/fd").iterdir())) == before
    finally:
        gc.enable()


@pytest.mark.parametrize("qos", [0, 1])
def test_a_payload_is_cut_just_past_the_bound_it_is_refused_for(mosquitto: Mosquitto, qos: int) -> None:
    heard: list[Message] = []
    news = threading.Event()

    def take(message: Message) -> None:
        heard.append(message)
        news.set()

    one = Link(mosquitto.table, "both", topics=("a",), on_message=take)
    one.start()
    assert one.wait_up(WAIT_S)
    assert one.publish(Note("a", b"x" * 1_000_000, retain=False, qos=qos))
    assert news.wait(WAIT_S)
    assert len(heard[0].payload) == PAYLOAD_MAX + 1
    one.stop()


def test_the_birth_is_said_at_every_connection_and_the_last_word_at_stopping(mosquitto: Mosquitto) -> None:
    heard: list[bytes] = []
    news = threading.Condition()

    def take(message: Message) -> None:
        with news:
            heard.append(message.payload)
            news.notify()

    ear = Link(mosquitto.table, "ear", topics=("status",), on_message=take)
    ear.start()
    assert ear.wait_up(WAIT_S)
    mouth = Link(mosquitto.table, "mouth", birth=Note("status", b"here"), will=Note("status", b"lost"))
    mouth.start()
    assert mouth.wait_up(WAIT_S)
    mouth.stop(Note("status", b"gone"))
    with news:
        assert news.wait_for(lambda: heard == [b"here", b"gone"], WAIT_S), heard
    ear.stop()


def test_a_kept_message_that_has_expired_is_not_there_any_longer_and_any_other_is(mosquitto: Mosquitto) -> None:
    mouth = Link(mosquitto.table, "mouth")
    mouth.start()
    assert mouth.wait_up(WAIT_S)
    assert mouth.publish(Note("a", b"x", expires_s=1), Note("b", b"y", expires_s=600), Note("c", b"z")) == 3
    found, pause = [True, True, True], threading.Event()
    for attempt in range(100):
        pause.wait(0.1)  # the broker's own clock must go on by whole seconds
        found = [bool(kept(mosquitto, topic, f"{topic}-{attempt}")) for topic in ("a", "b", "c")]
        if not found[0]:
            break
    assert found == [False, True, True]
    mouth.stop()


def kept(mosquitto: Mosquitto, topic: str, name: str) -> list[bytes]:
    """Return what the broker keeps on the topic."""
    heard: list[bytes] = []
    done = threading.Event()

    def take(message: Message) -> None:
        heard.append(message.payload)
        done.set()

    one = Link(mosquitto.table, name, topics=(topic,), on_message=take)
    one.start()
    assert one.wait_up(WAIT_S)
    done.wait(0.1)
    one.stop()
    return heard


def test_one_that_does_not_hear_itself_hears_others(mosquitto: Mosquitto) -> None:
    heard: list[bytes] = []
    news = threading.Event()

    def take(message: Message) -> None:
        heard.append(message.payload)
        news.set()

    deaf = Link(mosquitto.table, "deaf", topics=("a",), hears_itself=False, on_message=take)
    other = Link(mosquitto.table, "other")
    for one in (deaf, other):
        one.start()
        assert one.wait_up(WAIT_S)
    assert deaf.publish(Note("a", b"own"))
    assert other.publish(Note("a", b"another's"))
    assert news.wait(WAIT_S)
    assert heard == [b"another's"]
    deaf.stop()
    other.stop()


def test_messages_of_every_size_and_service_come_whole_and_in_order(mosquitto: Mosquitto) -> None:
    heard: list[tuple[str, bytes]] = []
    news = threading.Condition()

    def take(message: Message) -> None:
        with news:
            heard.append((message.topic, message.payload))
            news.notify()

    ear = Link(mosquitto.table, "ear", topics=("å/#",), on_message=take)
    mouth = Link(mosquitto.table, "mouth")
    for one in (ear, mouth):
        one.start()
        assert one.wait_up(WAIT_S)
    sizes = (0, 1, 100, 127, 128, 300, 16_384, 65_536, 3, 5)
    sent = [
        Note(f"å/{number}", b"x" * size, retain=False, qos=number % 2, expires_s=(None, 60)[number % 3 == 0])
        for number, size in enumerate(sizes)
    ]
    assert mouth.publish(*sent) == len(sent)
    with news:
        assert news.wait_for(lambda: len(heard) == len(sent), WAIT_S)
    assert heard == [(one.topic, one.payload) for one in sent]
    ear.stop()
    mouth.stop()


def test_beyond_the_bound_of_what_waits_nothing_is_taken(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "UNSENT_MAX", 3)
    mouth = Link(mosquitto.table, "mouth")
    mouth.start()
    assert mouth.wait_up(WAIT_S)
    # All five are handed over together: none of them can have been sent before the last.
    five = [Note("a", b"x", retain=False, qos=0)] * 5
    assert mouth.publish(*five) == 3
    until_s = time.monotonic() + WAIT_S
    while mouth.publish(*five) < 3:
        assert time.monotonic() < until_s, "what was sent makes no room"
    mouth.stop()


def test_what_a_broker_does_not_take_at_once_comes_later_whole_and_in_order(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "UNSENT_MAX", 5)
    heard: list[int] = []
    news = threading.Condition()

    def take(message: Message) -> None:
        with news:
            heard.append(int(message.payload[:8]))
            news.notify()

    ear = Link(mosquitto.table, "ear", topics=("a",), on_message=take)
    mouth = Link(mosquitto.table, "mouth")
    for one in (ear, mouth):
        one.start()
        assert one.wait_up(WAIT_S)
    mosquitto.hold()
    try:
        taken = 0
        while mouth.publish(Note("a", b"%08d" % taken + b"x" * 50_000, retain=False, qos=0)):
            taken += 1
            assert taken < MANY, "the broker took everything at once"
    finally:
        mosquitto.go_on()
    with news:
        assert news.wait_for(lambda: len(heard) == taken, WAIT_S), len(heard)
    assert heard == list(range(taken))
    ear.stop()
    mouth.stop()


def test_what_was_there_together_is_followed_by_one_rest(mosquitto: Mosquitto) -> None:
    order: list[str] = []
    news = threading.Condition()

    def note(what: str) -> None:
        with news:
            order.append(what)
            news.notify()

    ear = Link(
        mosquitto.table, "ear", topics=("a",), on_message=lambda _: note("message"), on_rest=lambda: note("rest")
    )
    mouth = Link(mosquitto.table, "mouth")
    for one in (ear, mouth):
        one.start()
        assert one.wait_up(WAIT_S)
    mouth.publish(*[Note("a", b"x", retain=False, qos=0)] * 100)
    with news:
        assert news.wait_for(lambda: order.count("message") == 100 and order[-1] == "rest", WAIT_S)
        assert order.count("rest") < 50
    ear.stop()
    mouth.stop()


def test_over_tls_all_comes_whole_too(tmp_path: Path) -> None:
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    ends = begins + timedelta(days=365 * 20)
    authority = Authority(begins, ends)
    (tmp_path / "ca.pem").write_bytes(authority.certificate)
    (tmp_path / "server.pem").write_bytes(authority.issue("127.0.0.1", begins, ends))
    broker = Mosquitto(tmp_path)
    with (tmp_path / "mosquitto.conf").open("a") as conf:
        # Started by root it would become another user, who may not read the key.
        conf.write(f"user root\ncertfile {tmp_path}/server.pem\nkeyfile {tmp_path}/server.pem\n")
    broker.start()
    table = BrokerTable(host="127.0.0.1", port=broker.port, ca=str(tmp_path / "ca.pem"))
    heard: list[bytes] = []
    news = threading.Condition()

    def take(message: Message) -> None:
        with news:
            heard.append(message.payload)
            news.notify()

    one = Link(table, "both", topics=("a",), on_message=take)
    one.start()
    assert one.wait_up(WAIT_S)
    sent = [bytes([number]) * (number * 997) for number in range(60)]
    assert one.publish(*[Note("a", payload, retain=False, qos=number % 2) for number, payload in enumerate(sent)]) == 60
    with news:
        assert news.wait_for(lambda: len(heard) == len(sent), WAIT_S)
    # The two qualities of service may overtake each other at the broker.
    assert sorted(heard) == sorted(sent)
    one.stop()
    broker.stop()


def test_whoever_is_up_hears_the_very_next_message(mosquitto: Mosquitto) -> None:
    mouth = Link(mosquitto.table, "mouth")
    mouth.start()
    assert mouth.wait_up(WAIT_S)
    news = threading.Semaphore(0)
    for number in range(20):
        ear = Link(mosquitto.table, f"ear-{number}", topics=("a",), on_message=lambda _: news.release())
        ear.start()
        assert ear.wait_up(WAIT_S)
        mouth.publish(Note("a", b"x", retain=False, qos=0))
        assert news.acquire(timeout=WAIT_S)
        ear.stop()
    mouth.stop()
