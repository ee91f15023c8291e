"""A paho client that reads ahead, and says when its thread is over. Used by `link` alone; decides nothing.

paho asks the system for one message in three reads and waits for each anew: below, one read takes all that is there,
and a plain message is taken out of it without paho's slow road. Whatever is not plain goes that road.
"""

import contextlib
import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from sensors.broker import packets
from sensors.readings import PAYLOAD_MAX, Message

READ_MAX = 64 * 1024
"""The most bytes that one read takes ahead: more than a TLS record's 16 KiB, of which it so leaves nothing behind."""

PACKETS_MAX = 1000
"""After this many packets in a row whatever else the connection has to do gets its turn."""

GATHER_S = 0.00005
"""How long the next message of a burst may let wait for itself: a broker hands them over one by one."""

_PLAIN = 0x00
"""What a batch of plain messages is called among paho's own packets: no packet has this kind."""

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
            self._read()
        part = self._taken[self._at : self._at + size]
        self._at += len(part)
        return part

    def plain(self) -> list[Message]:
        """Return the plain messages that stand whole before anything else. What goes wrong is met again in `recv`."""
        if self._at == len(self._taken):
            with contextlib.suppress(OSError):
                self._read()
        found, self._at = packets.decoded(self._taken, self._at)
        return found

    def pending(self) -> int:
        """Return how many bytes are here that `select` does not know of."""
        return len(self._taken) - self._at

    def has_more(self) -> bool:
        """Return whether there is more to read, now or within `GATHER_S`."""
        if self.pending():
            return True
        until_s = time.perf_counter() + GATHER_S
        # Looked at again and again: the system would sleep twice as long, and everybody waits for the last of a burst.
        while not select.select([self._sock], [], [], 0)[0]:
            if time.perf_counter() >= until_s:
                return False
        return True

    def __getattr__(self, name: str) -> Any:
        """Be the socket in everything else."""
        return getattr(self._sock, name)

    def _read(self) -> None:
        self._taken, self._at = self._sock.recv(READ_MAX), 0
        self._acknowledge_at_once()

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
    messages are published together, so that paho's thread does not take turns with ours at each of them; plain ones are
    one write, of which paho's thread need not know.
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
        self._unsent_max = unsent_max
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
        """Take every packet that is there, at most `PACKETS_MAX` of those that are not plain."""
        code = MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(PACKETS_MAX):
            sock = self.socket()
            if not (isinstance(sock, ReadAhead) and self._take_plain(sock)):
                code = super().loop_read(max_packets)
            if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or not isinstance(sock, ReadAhead) or not sock.has_more():
                break
        self._on_rest()
        return code

    def loop_write(self) -> MQTTErrorCode:
        """Write what waits to be sent, but no part of a batch. Any thread may ask."""
        with self.batch:
            return super().loop_write()

    def put_plain(self, messages: Sequence[bytes]) -> int:
        """Let encoded messages wait to be written together; return how many have room. Only while `batch` is held."""
        waiting = sum(one["mid"] if one["command"] == _PLAIN else 1 for one in self._out_packet)
        taken = messages[: max(0, self._unsent_max - waiting)]
        if taken:
            whole = b"".join(taken)
            self._out_packet.append(
                # paho tells nobody of a packet of this kind, so its number is free to say how many messages are in it.
                {
                    "command": _PLAIN,
                    "mid": len(taken),
                    "qos": 0,
                    "pos": 0,
                    "to_process": len(whole),
                    "packet": whole,
                    "info": None,
                }
            )
        return len(taken)

    def rouse(self) -> None:
        """Let paho's thread look after what the broker could not take at once."""
        if self.want_write() and self._sockpairW is not None:
            with contextlib.suppress(BlockingIOError):
                self._sockpairW.send(b"0")

    def _create_socket(self) -> Any:
        return ReadAhead(super()._create_socket())

    def _take_plain(self, sock: ReadAhead) -> bool:
        """Hand over the plain messages that come next, unless paho is in the middle of a packet."""
        found = sock.plain() if self._in_packet["command"] == 0 else []
        for one in found:
            self._on_plain(one)
        return bool(found)
