"""The rule, lived by whole processes: two who join an occupied zone become present, one alone does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from deploy.up.hub import Hub
from kiosk.domain.answers import Outcome
from kiosk.domain.zones import ZoneState
from kiosk.door.messages import AskJoinZone
from sensors import topics
from sensors.broker.link import Link, Note
from sensors.readings import Message
from sensors.recording import payload
from tests.support.hub import ask, board, example, new_id, running_hub, tap, wait_for

CONNECT_S = 5.0


class _Said(msgspec.Struct):
    state: str
    participants: int | str | None = None


def test_two_who_join_an_occupied_zone_become_present_and_one_alone_does_not() -> None:
    heard: dict[str, _Said] = {}
    with running_hub() as hub, _motion(hub):
        listener = _listener(hub, heard)
        _join(hub, "1", "lagerelden")
        _join(hub, "2", "lagerelden")
        _join(hub, "3", "rastplatsen")
        wait_for(lambda: board(hub).zones[0].state is ZoneState.OCCUPIED, "an occupied zone at the desk")
        present = wait_for(lambda: board(hub) if board(hub).present else None, "somebody present", 40)
        assert (present.present, present.in_house) == (2, 3)
        joined = {one.id: (one.joined, one.taking_part) for one in present.zones}
        assert joined == {"lagerelden": (2, 2), "hinderbanan": (0, 0), "rastplatsen": (1, 0)}
        topic = topics.zone(hub.site.id, next(iter(hub.site.zones)))
        wait_for(
            lambda: topic in heard and heard[topic].participants not in {None, 0}, "participants beside the sensors"
        )
        assert heard[topic].state == ZoneState.OCCUPIED
        listener.stop()


def _join(hub: Hub, key: str, zone: str) -> None:
    arrived = tap(hub, example(key).uid)
    assert arrived.outcome is Outcome.ARRIVED
    assert arrived.visit
    assert ask(hub, AskJoinZone(id=new_id(), visit=arrived.visit, zone=zone)).outcome is Outcome.JOINED


@contextmanager
def _motion(hub: Hub) -> Iterator[None]:
    """Let the campfire's first sensor see motion every other second."""
    broker = hub.site.tables.broker
    assert broker is not None
    link, stop = Link(broker, "journey-motion"), threading.Event()
    sensor = next(one for one in hub.site.tables.sensor if one.zone == "lagerelden")

    def move() -> None:
        link.start()
        assert link.wait_up(CONNECT_S)
        is_on = False
        while not stop.wait(1.0):
            is_on = not is_on
            link.publish(Note(sensor.topic, payload(is_on=is_on), retain=False))
        link.stop()

    mover = threading.Thread(target=move)
    mover.start()
    try:
        yield
    finally:
        stop.set()
        mover.join()


def _listener(hub: Hub, heard: dict[str, _Said]) -> Link:
    broker = hub.site.tables.broker
    assert broker is not None

    def take(message: Message) -> None:
        heard[message.topic] = msgspec.json.decode(message.payload, type=_Said)

    wanted = tuple(topics.zone(hub.site.id, zone) for zone in hub.site.zones)
    link = Link(broker, "journey-listener", topics=wanted, on_message=take)
    link.start()
    return link
