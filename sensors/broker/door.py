"""The service's door to the broker: one connection to hear and one to speak.

Two, because a stock broker waits for our acknowledgement before it sends the next small message, up to 40 ms, once we
publish on the connection that we subscribe on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.domain.ids import SiteId
from kiosk.tools.site import BrokerTable
from sensors import topics
from sensors.broker.inbox import Heard, Inbox
from sensors.broker.link import Link, Note
from sensors.readings import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What is listened to: the sensors' topics, where others ask to be told anew, and where old words may be kept."""

    sensors: Sequence[str] = ()
    births: Sequence[str] = ()
    kept: Sequence[str] = ()


class BrokerDoor:
    """Hears the sensors and speaks for the house, and says that we are here also against an old session's will."""

    def __init__(self, broker: BrokerTable, site: SiteId, ears: Ears) -> None:
        """Make both connections, not yet opened."""
        self._status = topics.status(site)
        self._births = frozenset(ears.births) - frozenset(ears.sensors)
        self._inbox = Inbox()
        self._ear = Link(
            broker,
            f"samverk-{site}-sensors-in",
            topics=(*ears.sensors, *self._births, self._status),
            on_message=self._take,
            on_rest=self._inbox.rest,
            on_connected=self._hears,
        )
        self._mouth = Link(
            broker,
            f"samverk-{site}-sensors-out",
            topics=ears.kept,
            # Old words are looked for where we speak: here the broker can spare us our own.
            hears_itself=False,
            on_message=self._inbox.put_kept,
            on_connected=self._inbox.wake,
            birth=Note(self._status, topics.ONLINE),
            will=Note(self._status, topics.OFFLINE),
        )

    def open(self) -> None:
        """Begin to connect, and to connect again whenever it is needed."""
        self._ear.start()

    def take(self, timeout_s: float) -> Heard:
        """Return what has come, waiting at most that long for something. Woken means that all must be said again."""
        return self._inbox.take(timeout_s)

    def say(self, notes: Iterable[Note]) -> int:
        """Publish the notes; return how many were lost although we are connected.

        While we are not, nothing is kept: all must be said again at the next connection.
        """
        whole = tuple(notes)
        unsent = len(whole) - self._mouth.publish(*whole)
        return unsent if self._mouth.is_up() else 0

    def is_up(self) -> bool:
        """Return whether we can hear and speak."""
        return self._ear.is_up() and self._mouth.is_up()

    def close(self) -> None:
        """Say that we are leaving, and leave."""
        self._ear.stop()
        self._mouth.stop(Note(self._status, topics.OFFLINE))

    def _hears(self) -> None:
        # Not before: whoever reads `online` may count on being heard.
        self._mouth.start()

    def _take(self, message: Message) -> None:
        if message.topic == self._status:
            if message.payload == topics.OFFLINE:
                # An old session's will can come after our own birth.
                self._mouth.publish(Note(self._status, topics.ONLINE))
        elif message.topic in self._births:
            if message.payload == topics.ONLINE:
                self._inbox.wake()
        else:
            self._inbox.put(message)
