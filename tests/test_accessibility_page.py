"""The accessibility statement names tests that exist, in both languages, and says what was not tried."""

import re
from dataclasses import replace
from pathlib import Path

from kiosk.domain.answers import Outcome
from kiosk.domain.members import Language
from kiosk.screen.keys import action_for
from kiosk.screen.pages import Louder, More, Repeat, Speak
from tests.kiosk.screen.examples import PLACE, answered, pages

ROOT = Path(__file__).parent.parent
STATEMENT = (ROOT / "docs" / "accessibility.md").read_text()
SCREEN = (ROOT / "docs" / "screen.md").read_text()


def test_every_test_that_the_statement_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", STATEMENT))
    assert len(named) > 10
    assert {one for one in named if not (ROOT / one).is_file()} == set()


def test_the_statement_is_whole_in_both_languages_and_says_what_was_not_tried() -> None:
    for heading in ("### Det här är inte provat", "### This was not tried", "## Montering · Mounting"):
        assert heading in STATEMENT
    assert [int(one) for one in re.findall(r"^\| (\d+) \|", STATEMENT, re.MULTILINE)] == list(range(1, 14))


def test_the_mounting_guide_has_the_measures_that_the_standard_has() -> None:
    guide = STATEMENT.partition("## Montering · Mounting")[2]
    assert all(one in guide for one in ("380", "1220 mm", "1015 mm", "free floor", "raised symbol"))


def test_every_key_of_the_screen_is_in_its_manual() -> None:
    place = replace(PLACE, can_speak=True)
    page = answered(Outcome.ARRIVED, Language.SV)
    for key, kind in (("t", Speak), ("r", Repeat), ("v", Louder), ("m", More)):
        assert isinstance(action_for(key, page, place), kind)
        assert f"`{key.upper()}`" in SCREEN
    for page_of_any_kind in pages(Language.SV).values():
        for key in "unlfsiy0":
            if action_for(key, page_of_any_kind, place) is not None:
                assert f"`{key.upper()}`" in SCREEN
