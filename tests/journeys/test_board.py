"""The board in a whole hub: a tap and a zone change come, a lost broker is told, and the terminal shows the same."""

import http.client
import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from deploy.up.hub import Hub
from sensors.broker.link import Link, Note
from sensors.recording import payload
from tests.support.hub import example, running_hub, tap, wait_for
from tests.support.terminal import Terminal

pytestmark = pytest.mark.parts


def get(hub: Hub, path: str) -> str:
    """Return a page of the board."""
    table = hub.site.tables.board
    with closing(http.client.HTTPConnection(table.host, table.port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode()


def in_house(hub: Hub) -> int:
    """Return how many are in the house at least, as the board tells all."""
    return int(json.loads(get(hub, "/picture.json"))["house"]["in_house"]["low"])


def states(hub: Hub) -> set[str]:
    """Return the states of the zones on the board."""
    return set(re.findall(r'data-state="(\w+)"', get(hub, "/")))


@contextmanager
def motion(hub: Hub) -> Iterator[None]:
    """Let a sensor at the campfire see motion, over the real broker."""
    broker = hub.site.tables.broker
    assert broker is not None
    link = Link(broker, "board-motion")
    link.start()
    assert link.wait_up(10)
    stop = threading.Event()
    sensor = next(one for one in hub.site.tables.sensor if one.zone == "lagerelden")

    def move() -> None:
        is_on = True
        while not stop.wait(0.5):
            link.publish(Note(sensor.topic, payload(is_on=is_on), retain=False))
            is_on = not is_on

    mover = threading.Thread(target=move)
    mover.start()
    yield
    stop.set()
    mover.join()
    link.stop()


def test_what_happens_in_the_house_is_on_the_board_in_browser_and_terminal_and_so_is_what_fails() -> None:
    with running_hub() as hub:
        wait_for(lambda: "Väntar" not in get(hub, "/") and '"contact":true' in get(hub, "/picture.json"), "a picture")
        for key in "123":
            tap(hub, example(key).uid)
        wait_for(lambda: in_house(hub) >= 3, "three who came")
        with motion(hub):
            wait_for(lambda: "occupied" in states(hub), "a zone with people")
        assert "Ingen kontakt med brokern" not in get(hub, "/")
        command = [sys.executable, "-m", "deploy", "board", "--terminal", "--site", str(hub.site_path), "--by", "Maja"]
        with Terminal(command, os.environ, rows=30, columns=140) as terminal:
            terminal.wait_for("Lägerelden")
            terminal.type("4")
            terminal.wait_for("kvar att hitta")
            terminal.wait_for("Astrid")
            hub.services.process("mosquitto").terminate()
            wait_for(lambda: "Ingen kontakt med brokern sedan" in get(hub, "/"), "the banner")
            terminal.wait_for("Ingen kontakt med brokern sedan")
            terminal.type("q")
            assert terminal.wait_for_end() == 0
        assert "\x1b[?1049l" in terminal.drawn, "the terminal is as it was"
