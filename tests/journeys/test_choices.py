"""A member's own choices all the way: keys on the real screen, the real desk's answers, and counts without a name."""

import os
import sqlite3

import pytest

from deploy.up.services import samverk
from kiosk.domain.answers import Outcome
from tests.support.hub import example, running_hub, tap, wait_for
from tests.support.terminal import Terminal, plain

pytestmark = pytest.mark.parts


def test_a_member_chooses_how_to_be_met_and_answers_on_the_way_out() -> None:
    astrid = example("1")
    with running_hub() as hub:
        command = samverk("screen", "--site", str(hub.site_path), "--silent")
        with Terminal(command, os.environ) as screen:
            screen.wait_for("Lägerelden")
            tap(hub, astrid.uid)
            screen.wait_for("Välkommen")
            for key, told in (
                ("n", "Ditt namn får visas i dag."),
                ("l", "Vi låter dig vara."),
                ("f", "Du får förslag igen."),
                ("s", "We answer you in English."),
            ):
                screen.forget()
                screen.type(key)
                screen.wait_for(told)
            screen.forget()
            wait_for(lambda: tap(hub, astrid.uid).outcome is Outcome.ALREADY_IN, "the end of the guard time")
            screen.wait_for("In since")
            assert "Inne sedan" not in plain(screen.drawn)
            screen.forget()
            screen.type("0")
            screen.wait_for("Did you meet somebody new?")
            screen.forget()
            screen.type("y")
            screen.wait_for("Nobody can see who answered.")
        journal = f"file:{hub.site.state_dir / 'journal.db'}?mode=ro"
        with sqlite3.connect(journal, uri=True) as rows:
            asked = "SELECT first, count FROM tallies WHERE kind = 'met_somebody'"
            assert rows.execute(asked).fetchall() == [("yes", 1)]
