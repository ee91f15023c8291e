"""The only way to the MQTT broker. `link` is the only user of paho; nothing else here or elsewhere imports it."""

import sensors.broker.ahead  # noqa: F401 - before anybody else loads paho
from sensors.broker.door import BrokerDoor, Ears
from sensors.broker.inbox import Heard, Inbox
from sensors.broker.link import Link, Note

__all__ = ["BrokerDoor", "Ears", "Heard", "Inbox", "Link", "Note"]
