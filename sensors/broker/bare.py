"""The bare cost of a zone's message: paho alone, no fusion, no file, no bounds. For measures, never for a house.

`python -m sensors.broker.bare PORT SITE`: a zone is occupied while any of its sensors was last heard to see people, and
is said at every message of theirs, with that message's own number.
"""

import socket
import sys
from typing import Any

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion


class _Sensor(msgspec.Struct):
    occupancy: bool = False
    seq: int = 0


_decode = msgspec.json.Decoder(_Sensor).decode
_encode = msgspec.json.Encoder().encode


def main(port: int, site: str) -> None:
    """Answer until killed. Topics are `sensors/<zone>/<sensor>`."""
    occupied: dict[str, set[str]] = {}

    def answer(client: Client, _data: object, message: MQTTMessage) -> None:
        _, zone, sensor, *rest = message.topic.split("/")
        seen, seeing = None if rest else _decode(message.payload), occupied.setdefault(zone, set())
        if (seen is None and message.payload == b"online") or (seen is not None and seen.occupancy):
            seeing.add(sensor)
        else:
            seeing.discard(sensor)
        state = {"state": "occupied" if seeing else "unknown", "evidence": {"seq": seen.seq if seen else None}}
        client.publish(f"samverk/{site}/zone/{zone}", _encode(state), qos=0, retain=True)

    client = Client(CallbackAPIVersion.VERSION2, "bare")
    client.on_socket_open = _no_delay
    client.on_message = answer
    client.on_connect = lambda client, *_: client.subscribe("sensors/#")
    client.connect("127.0.0.1", port)
    client.loop_forever()


def _no_delay(_client: Client, _data: object, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
