"""The only way to the MQTT broker. `link` is the only user of paho; nothing else here or elsewhere imports it."""

from sensors.broker.door import BrokerDoor, Ears
from sensors.broker.inbox import Heard, Inbox
from sensors.broker.link import Link, Note

__all__ = ["BrokerDoor", "Ears", "Heard", "Inbox", "Link", "Note"]
