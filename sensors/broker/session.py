"""A paho client that reads ahead, and says when its thread is over. Used by `link` alone; decides nothing.

paho asks the system for one message in three reads and waits for each anew: below, one read takes all that is there,
and a plain message is taken out of it without paho's slow road. Whatever is not plain goes that road.
"""

import logging
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from sensors.readings import PAYLOAD_MAX, Message

READ_MAX = 64 * 1024
"""The most bytes that one read takes ahead: more than a TLS record's 16 KiB, of which it so leaves nothing behind."""

PACKETS_MAX = 1000
"""After this many packets in a row whatever else the connection has to do gets its turn."""

GATHER_S = 0.00005
"""How long the next message of a burst may let wait for itself: a broker hands them over one by one."""

_QOS, _RETAIN = 0x06, 0x01
_LENGTH_BYTES = 2
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)

log = logging.getLogger("samverk.broker")


class ReadAhead:
    """A connected socket of which one read takes all that is there, for many small reads after it."""

    def __init__(self, sock: Any) -> None:
        """Take over the socket, plain or TLS."""
        self._sock = sock
        self._taken = b""
        self._at = 0

    def recv(self, size: int) -> bytes:
        """Return at most `size` bytes; ask the system only when nothing is left. Raises what the socket raises."""
        if self._at == len(self._taken):
            self._taken, self._at = self._sock.recv(READ_MAX), 0
            self._acknowledge_at_once()
        part = self._taken[self._at : self._at + size]
        self._at += len(part)
        return part

    def pending(self) -> int:
        """Return how many bytes are here that `select` does not know of."""
        return len(self._taken) - self._at

    def has_more(self) -> bool:
        """Return whether there is more to read, now or within `GATHER_S`."""
        return self.pending() > 0 or bool(select.select([self._sock], [], [], GATHER_S)[0])

    def __getattr__(self, name: str) -> Any:
        """Be the socket in everything else."""
        return getattr(self._sock, name)

    def _acknowledge_at_once(self) -> None:
        # A broker with Nagle's rule on would otherwise hold its next small message for up to 40 ms. Not for ever set:
        # the system goes back to waiting by itself.
        if _QUICKACK is not None:
            try:
                self._sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
            except OSError:
                log.debug("the connection is gone already")


class Session(Client):
    """One paho client for one connection. `over` is set when its thread has ended, whatever ended it.

    `room` is for whoever publishes: to be acquired before, and released when the message is sent. `batch` is held while
    messages are published together, so that paho's thread does not take turns with ours at each of them.
    """

    def __init__(
        self, client_id: str, on_plain: Callable[[Message], None], on_rest: Callable[[], None], unsent_max: int
    ) -> None:
        """Make the client, not connected.

        In paho's thread `on_plain` gets each message, and `on_rest` is told when all that was there has been handed
        over.
        """
        super().__init__(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTv5, reconnect_on_failure=False)
        self.over = threading.Event()
        self.batch = threading.RLock()
        self.room = room = threading.Semaphore(unsent_max)
        # Not through ourselves: a ring of references would keep paho's descriptors until the collector comes by.
        self.on_publish = lambda *_: room.release()
        self._on_plain = on_plain
        self._on_rest = on_rest
        self.on_message = lambda _client, _data, message: on_plain(
            Message(message.topic, bytes(message.payload[: PAYLOAD_MAX + 1]), bool(message.retain))
        )

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> MQTTErrorCode:  # noqa: FBT001, FBT002 - paho's own signature
        """Run until disconnected; never raise."""
        try:
            return super().loop_forever(timeout, retry_first_connection)
        except Exception:  # the top of paho's thread: any failure is a broken session
            log.exception("the connection to the broker failed in an unforeseen way")
            return MQTTErrorCode.MQTT_ERR_UNKNOWN
        finally:
            self.over.set()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Take every packet that is there, at most `PACKETS_MAX`."""
        code = MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(PACKETS_MAX):
            code = super().loop_read(max_packets)
            sock = self.socket()
            if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or not isinstance(sock, ReadAhead) or not sock.has_more():
                break
        self._on_rest()
        return code

    def loop_write(self) -> MQTTErrorCode:
        """Write what waits to be sent, but no part of a batch. Any thread may ask."""
        with self.batch:
            return super().loop_write()

    def _create_socket(self) -> Any:
        return ReadAhead(super()._create_socket())

    def _handle_publish(self) -> MQTTErrorCode:
        """Take a PUBLISH of quality of service 0 without properties (MQTT 5.0, 3.3) by itself."""
        head, packet = self._in_packet["command"], self._in_packet["packet"]
        length_at = _LENGTH_BYTES + int.from_bytes(packet[:_LENGTH_BYTES])
        if head & _QOS or packet[length_at : length_at + 1] != b"\0":
            return super()._handle_publish()
        begins = length_at + 1
        payload = bytes(packet[begins : begins + PAYLOAD_MAX + 1])
        topic = packet[_LENGTH_BYTES:length_at].decode(errors="replace")
        self._on_plain(Message(topic, payload, bool(head & _RETAIN)))
        return MQTTErrorCode.MQTT_ERR_SUCCESS
