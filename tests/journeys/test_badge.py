"""One badge all the way: a card on a real PC/SC daemon, the member's screen, and the centre's own rows."""

import os

from deploy.bench.virtual_reader.card import VirtualCard
from deploy.bench.virtual_reader.daemon import Pcscd
from deploy.doctor.reader import check
from deploy.up.rows import rows_by_type
from deploy.up.services import samverk
from kiosk.tools.clock import SystemClock
from tests.support.hub import example, running_hub, wait_for
from tests.support.terminal import Terminal

STRANGER = bytes.fromhex("04DEADBEEF0102")


def test_a_card_on_a_real_reader_reaches_the_screen_and_the_centre_and_a_lost_reader_is_told_everywhere() -> None:
    astrid = example("1")
    with Pcscd() as daemon, running_hub("pcsc", daemon.environment) as hub:
        command = samverk("screen", "--site", str(hub.site_path))
        with Terminal(command, os.environ) as screen, VirtualCard(daemon.port) as card:
            screen.wait_for("Lägerelden")
            assert card.tap(bytes.fromhex(astrid.uid))
            screen.wait_for("Välkommen")
            screen.wait_for(astrid.name.split()[0])
            wait_for(lambda: rows_by_type(hub.centre_database)["se.samverket.visit.arrived"] == 1, "the arrival")
            screen.forget()
            assert card.tap(STRANGER)
            screen.wait_for("Vi känner inte igen kortet.")
            assert rows_by_type(hub.centre_database).total() == 1
            screen.forget()
            daemon.kill()
            screen.wait_for("Läsaren svarar inte.")
            assert [one.is_well for one in check(hub.site, SystemClock()()) if one.about == "reader entrance"] == [
                False
            ]
            card.remove()
            screen.forget()
            screen.type("\r")
            screen.wait_for("Gå till värden.")
            screen.forget()
            daemon.start()
            screen.wait_for("Lägerelden")
            assert card.tap(STRANGER)
            screen.wait_for("Vi känner inte igen kortet.")
