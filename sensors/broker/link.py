"""One MQTT 5 connection that mends itself. Knows no topic by name.

paho's own reconnecting is off: each attempt is a new client, so nothing of a broken session lives on, and an exception
in paho's thread is one more broken session.
"""

import logging
import random
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from kiosk.tools.site import BrokerTable
from sensors.broker import packets
from sensors.broker.session import Session
from sensors.readings import Message

KEEPALIVE_S = 15
"""How often we show the broker that we are there; it says we are not after one and a half of these."""

CONNECT_WAIT_S = 5.0
BACKOFF_FIRST_S, BACKOFF_MAX_S = 0.25, 10.0
"""The pause after the first failed attempt, doubled after each, and never longer than the second."""

STOP_WAIT_S = 2.0
"""How long a last word may take at stopping."""

IN_FLIGHT_MAX = 100
UNSENT_MAX = 1000
"""The most messages that wait for the broker to take them."""

PACKET_MAX = 4 * 1024 * 1024
"""The largest packet the broker may send us, in bytes. Above `PAYLOAD_MAX` so that what is too large can be counted."""

log = logging.getLogger("samverk.broker")


@dataclass(frozen=True, slots=True)
class Note:
    """One message of ours. The broker forgets a retained one after `expires_s`, if that is given.

    With `qos` 0 it is lost if the connection breaks on the way: for what is said again at every connection.
    """

    topic: str
    payload: bytes
    retain: bool = True
    expires_s: int | None = None
    qos: int = 1


class Link:
    """A connection kept up by its own thread. The callbacks run in paho's: they may only enqueue."""

    def __init__(  # noqa: PLR0913 - each a fact of one connection
        self,
        broker: BrokerTable,
        client_id: str,
        *,
        topics: Sequence[str] = (),
        hears_itself: bool = True,
        on_message: Callable[[Message], None] = lambda _message: None,
        on_rest: Callable[[], None] = lambda: None,
        on_connected: Callable[[], None] = lambda: None,
        birth: Note | None = None,
        will: Note | None = None,
    ) -> None:
        """Remember what to connect to. `birth` is said at every connection, `will` by the broker when we are lost.

        `topics` may have wildcards; one that `hears_itself` also gets what it says itself. `on_rest` is told when all
        that was there has been handed to `on_message`.
        """
        self._broker = broker
        self._client_id = client_id
        self._topics = topics
        self._subscription = SubscribeOptions(qos=1, noLocal=not hears_itself)
        self._on_message = on_message
        self._on_rest = on_rest
        self._on_connected = on_connected
        self._birth = birth
        self._will = will
        self._session: Session | None = None
        self._is_up = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=client_id, daemon=True)

    def start(self) -> None:
        """Begin to connect. Starting twice is safe."""
        if self._thread.ident is None:
            self._thread.start()

    def is_up(self) -> bool:
        """Return whether the connection stands, and the broker has taken our subscriptions."""
        return self._is_up.is_set()

    def wait_up(self, timeout_s: float) -> bool:
        """Return whether the connection stands, waiting for it at most that long."""
        return self._is_up.wait(timeout_s)

    def publish(self, *notes: Note) -> int:
        """Hand the notes over to be sent together; return how many can be now. The others are not kept for later."""
        session = self._session
        if session is None or not self._is_up.is_set():
            return 0
        with session.batch:
            taken = sum(_publish_run(session, list(some)) for _, some in groupby(notes, key=lambda note: note.qos))
            # Here and not in paho's thread, which would have to be woken for it. What the broker cannot take now stays.
            session.loop_write()
            session.rouse()
        return taken

    def stop(self, last: Note | None = None) -> None:
        """Say the last word, so that the broker need not say our will, and disconnect."""
        session = self._session
        if session is not None and last is not None and self._is_up.is_set():
            _wait_published(session.publish(last.topic, last.payload, last.qos, last.retain))
        self._stopping.set()
        if session is not None:
            session.disconnect()
            session.over.wait(STOP_WAIT_S)
        if self._thread.is_alive():
            self._thread.join(CONNECT_WAIT_S + STOP_WAIT_S)

    def _run(self) -> None:
        pause_s = BACKOFF_FIRST_S
        is_first_failure = True
        while not self._stopping.is_set():
            trouble = self._connect_once()
            if trouble is None:
                pause_s, is_first_failure = BACKOFF_FIRST_S, True
                continue
            level = logging.WARNING if is_first_failure else logging.DEBUG
            log.log(level, "no connection to the broker at %s:%s: %s", self._broker.host, self._broker.port, trouble)
            is_first_failure = False
            # Spread, so that two links do not come back in step.
            self._stopping.wait(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret
            pause_s = min(pause_s * 2, BACKOFF_MAX_S)

    def _connect_once(self) -> str | None:
        """Connect and stay until the session is over; return why it never stood, or None if it did."""
        session = self._new_session()
        refused: list[str] = []
        stood = threading.Event()

        def on_connect(_client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _props: object) -> None:
            if code.is_failure:
                refused.append(str(code))
            elif self._topics:
                session.subscribe([(topic, self._subscription) for topic in self._topics])
            else:
                self._came_up(session, stood)

        def on_subscribe(_client: Client, _data: object, _mid: int, codes: list[ReasonCode], _props: object) -> None:
            failed = [topic for topic, code in zip(self._topics, codes, strict=False) if code.is_failure]
            if failed:
                log.warning("the broker does not let us hear %s", ", ".join(failed))
            self._came_up(session, stood)

        session.on_connect, session.on_subscribe = on_connect, on_subscribe
        try:
            self._stay(session)
        except (OSError, ValueError) as error:
            return str(error) or type(error).__name__
        finally:
            # paho closes its own pair of sockets only when the client is gone, and our callbacks would keep it until
            # the next garbage collection.
            session.on_connect = session.on_subscribe = None
        if stood.is_set() and not self._stopping.is_set():
            log.warning("lost the connection to the broker; connecting again")
        return None if stood.is_set() else "; ".join(refused) or "the broker closed the connection"

    def _stay(self, session: Session) -> None:
        self._secure(session)
        session.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S, properties=_hello())
        self._session = session
        session.loop_start()
        while not session.over.wait(1.0) and not self._stopping.is_set():
            pass
        self._is_up.clear()
        self._session = None
        session.loop_stop()

    def _new_session(self) -> Session:
        session = Session(self._client_id, self._on_message, self._on_rest, UNSENT_MAX)
        session.connect_timeout = CONNECT_WAIT_S
        session.max_inflight_messages_set(IN_FLIGHT_MAX)
        session.max_queued_messages_set(UNSENT_MAX)
        session.on_socket_open = _no_delay
        if self._will is not None:
            session.will_set(self._will.topic, self._will.payload, qos=1, retain=self._will.retain)
        return session

    def _secure(self, session: Session) -> None:
        if self._broker.ca:
            session.tls_set(self._broker.ca, self._broker.certificate or None, self._broker.key or None)

    def _came_up(self, session: Session, stood: threading.Event) -> None:
        """Say that we are here: not before the broker has agreed that we hear what we asked for."""
        if self._birth is not None:
            _publish(session, self._birth)
        stood.set()
        self._is_up.set()
        log.info("connected to the broker at %s:%s", self._broker.host, self._broker.port)
        self._on_connected()


def _publish_run(session: Session, notes: list[Note]) -> int:
    """Hand over notes of one quality of service: plain ones are written together."""
    if notes[0].qos:
        return sum(_publish(session, one) for one in notes)
    return session.put_plain(
        [packets.encoded(one.topic, one.payload, retain=one.retain, expires_s=one.expires_s) for one in notes]
    )


def _publish(session: Session, note: Note) -> bool:
    if not session.room.acquire(blocking=False):
        return False
    sent = session.publish(note.topic, note.payload, note.qos, note.retain, _expiry(note.expires_s))
    if sent.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS:
        session.room.release()
    return sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS


def _no_delay(_client: Client, _data: object, sock: Any) -> None:
    # A second small message would otherwise wait for the broker's delayed acknowledgement, 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _hello() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho types all but this
    properties.MaximumPacketSize = PACKET_MAX
    return properties


@cache
def _expiry(expires_s: int | None) -> Properties | None:
    if expires_s is None:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho types all but this
    properties.MessageExpiryInterval = expires_s
    return properties


def _wait_published(sent: Any) -> None:
    try:
        sent.wait_for_publish(STOP_WAIT_S)
    except (RuntimeError, ValueError):
        log.debug("the last word could not be sent")
