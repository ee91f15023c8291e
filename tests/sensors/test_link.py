"""A connection to the broker: how it fails, and how it comes back."""

import gc
import logging
import threading
from pathlib import Path

import pytest

from kiosk.tools.site import BrokerTable
from sensors.broker import Link, Note, link
from sensors.readings import PAYLOAD_MAX, Message
from tests.support.mosquitto import Mosquitto, free_port

pytestmark = pytest.mark.parts

WAIT_S = 20.0


def test_without_a_broker_nothing_is_sent_the_first_failure_is_loud_and_the_rest_quiet(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "BACKOFF_FIRST_S", 0.001)
    monkeypatch.setattr(link, "BACKOFF_MAX_S", 0.002)
    caplog.set_level(logging.DEBUG, "samverk.broker")
    one = Link(BrokerTable(host="127.0.0.1", port=free_port()), "nobody")
    one.start()
    assert not one.wait_up(0.2)
    assert not one.publish(Note("a", b"x"))
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


def test_a_payload_is_cut_just_past_the_bound_it_is_refused_for(mosquitto: Mosquitto) -> None:
    heard: list[Message] = []
    news = threading.Event()

    def take(message: Message) -> None:
        heard.append(message)
        news.set()

    one = Link(mosquitto.table, "both", topics=("a",), on_message=take)
    one.start()
    assert one.wait_up(WAIT_S)
    assert one.publish(Note("a", b"x" * 1_000_000, retain=False))
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
