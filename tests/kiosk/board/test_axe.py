"""No page of the board has a serious barrier: axe-core looks at each in a real browser, light and dark.

Axe comes from `tests/data`; see its licence there. It is put in through the debugging pipe, which the pages' own policy
does not bind.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kiosk.board.served_house import ServedHouse, served_house
from tests.support.chromium import Chromium

pytestmark = pytest.mark.parts

AXE = (Path(__file__).parents[2] / "data" / "axe-4.14.1.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}

Visit = Callable[[Chromium, ServedHouse], None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as one:
        yield one


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    with served_house(tmp_path_factory.mktemp("house")) as one:
        yield one


def at_path(path: str) -> Visit:
    return lambda browser, house: browser.open(f"{house.base}{path}")


def at_names(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    house.submit(browser, "[data-key=n]", "document.querySelector('tr[data-row]')")
    browser.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def at_found(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    browser.evaluate("document.querySelector('[name=text]').value = 'as'")
    house.submit(browser, "form[action^='/host/find'] button", "document.querySelector('.found')")


def at_left(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    house.submit(browser, "form[action^='/host/left'] button", "document.querySelector('.done, #left')")


def at_help(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    browser.wait_for("!document.querySelector('#help').hidden")
    browser.evaluate("document.querySelector('#help').click()")
    browser.wait_for("document.querySelector('dialog[open]')")


def at_roll_call(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    browser.open(f"{house.base}/roll-call")
    house.submit(browser, "[value=drill]", "document.querySelector('#missing li')")
    browser.evaluate("document.querySelector('#missing button').click()")
    browser.wait_for("document.querySelector('#found li')")


def at_report(browser: Chromium, house: ServedHouse) -> None:
    at_roll_call(browser, house)
    house.submit(browser, "form[action*='/end'] button", "document.querySelector('.report')")


VISITS: dict[str, Visit] = {
    "wall": at_path("/"),
    "wall in English": at_path("/?lang=en"),
    "bare wall": at_path("/wall"),
    "sign in": at_path("/sign-in"),
    "no such page": at_path("/nothing"),
    "names": at_names,
    "found": at_found,
    "left": at_left,
    "help": at_help,
    "roll call": at_roll_call,
    "report": at_report,
}


def barriers(browser: Chromium) -> list[Any]:
    """Return what axe finds: the rule, how grave, and where."""
    if not browser.evaluate("Boolean(window.axe)"):
        browser.evaluate(f"{AXE};undefined")
    found = browser.evaluate(
        f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"
        ".then((told) => told.violations.map((one) =>"
        " [one.id, one.impact, one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3)]))"
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", VISITS)
def test_no_page_has_a_serious_barrier_light_or_dark(browser: Chromium, house: ServedHouse, name: str) -> None:
    VISITS[name](browser, house)
    browser.wait_for("document.readyState === 'complete'")
    for is_dark in (False, True):
        browser.look(width=1280, height=900, is_dark=is_dark)
        assert [one for one in barriers(browser) if one[1] in GRAVE] == []


def test_high_contrast_and_a_phone_have_no_serious_barrier_either(browser: Chromium, house: ServedHouse) -> None:
    at_names(browser, house)
    house.submit(browser, "[value=contrast]", "document.querySelector('link[href*=contrast]:not([media])')")
    house.submit(browser, "[data-key=n]", "document.querySelector('tr[data-row]')")
    browser.look(width=390, height=844)
    assert [one for one in barriers(browser) if one[1] in GRAVE] == []


def test_axe_sees_a_barrier_when_there_is_one(browser: Chromium, house: ServedHouse) -> None:
    browser.open(f"{house.base}/")
    browser.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/icon.svg\">')")
    assert "image-alt" in {one[0] for one in barriers(browser)}
