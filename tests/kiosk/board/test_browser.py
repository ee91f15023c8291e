"""The board in a real browser."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.board.serve import Handover, serve
from kiosk.domain.zones import ZoneState
from tests.kiosk.board.conftest import wait_until
from tests.kiosk.board.small_desk import ANNA, SmallDesk, small_board, small_site
from tests.support.chromium import Chromium
from tests.support.house import ToldClock

pytestmark = pytest.mark.parts

PICTURE = os.environ.get("SAMVERK_BOARD_PICTURE")
"""Where the wall's picture for the documentation goes; nowhere if unset."""
ENTER = 13
TAB = 9
SIZES = [(1920, 1080), (1280, 800), (390, 844)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as one:
        yield one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SmallDesk]:
    one = SmallDesk(small_site(tmp_path))
    one.start()
    yield one
    one.stop()


@pytest.fixture
def link(tmp_path: Path, desk: SmallDesk) -> Iterator[str]:
    """Serve a board and return its one-time link."""
    stop, port_file, link_file = threading.Event(), tmp_path / "port", tmp_path / "link"
    handover = Handover(port_file=port_file, once_link_file=link_file)
    thread = threading.Thread(target=serve, args=(desk.site, ToldClock(3700), stop), kwargs={"handover": handover})
    thread.start()
    wait_until(port_file.exists)
    yield link_file.read_text().strip()
    stop.set()
    thread.join(10)


def text_of(selector: str) -> str:
    return f"document.querySelector('{selector}').textContent"


def test_a_zone_change_arrives_without_reload_and_asks_nothing_of_others(
    browser: Chromium, link: str, desk: SmallDesk
) -> None:
    base = link.partition("/enter/")[0]
    browser.events.clear()
    browser.open(f"{base}/", width=1920, height=1080)
    browser.wait_for("document.querySelectorAll('.zone').length === 3")
    browser.evaluate("window.isSamePage = true")
    if PICTURE:
        Path(PICTURE).write_bytes(browser.picture())
    desk.show(small_board(fire=ZoneState.VACANT))
    browser.wait_for(f"{text_of('[data-zone=lagerelden] .state strong')} === 'Tomt'")
    assert browser.evaluate("window.isSamePage")
    browser.wait_for("document.querySelector('[data-zone=lagerelden] .note')")
    browser.wait_for(f"{text_of('#say')}.includes('Lägerelden: Tomt.')")
    assert {one.startswith(f"{base}/") for one in browser.requested()} == {True}
    assert browser.complaints() == []


def test_the_page_says_so_when_the_desk_goes_away(browser: Chromium, link: str, desk: SmallDesk) -> None:
    browser.open(link.partition("/enter/")[0] + "/")
    browser.wait_for("document.querySelectorAll('.zone').length === 3")
    desk.stop()
    browser.wait_for("document.querySelector('#live .banner')")
    assert browser.evaluate("document.querySelectorAll('.stale .zone').length") == 3


def test_paused_the_picture_stands_still_until_resumed(browser: Chromium, link: str, desk: SmallDesk) -> None:
    browser.open(link.partition("/enter/")[0] + "/")
    browser.wait_for("document.querySelectorAll('.zone').length === 3 && !document.querySelector('#pause').hidden")
    browser.evaluate("document.querySelector('#pause').click()")
    browser.evaluate("void new EventSource('/events').addEventListener('picture', one => { window.other = one.data })")
    browser.wait_for("window.other")
    desk.show(small_board(fire=ZoneState.VACANT))
    browser.wait_for("""window.other.includes('data-zone="lagerelden" data-state="vacant"')""")
    assert browser.evaluate(text_of("[data-zone=lagerelden] .state strong")) == "Folk här"
    browser.evaluate("document.querySelector('#pause').click()")
    browser.wait_for(f"{text_of('[data-zone=lagerelden] .state strong')} === 'Tomt'")


def test_a_host_signs_in_and_sees_names_by_keyboard_alone(browser: Chromium, link: str, desk: SmallDesk) -> None:
    assert desk.site.zones
    browser.open(link)
    browser.wait_for("document.activeElement.matches('button.main')")
    browser.press("Enter", ENTER)
    browser.wait_for("document.querySelector('.people')")
    for _ in range(12):
        browser.press("Tab", TAB)
        if browser.evaluate("document.activeElement.matches('.people button.main')"):
            break
    browser.press("Enter", ENTER)
    browser.wait_for("document.querySelector('.people table')")
    assert ANNA.name in browser.evaluate(text_of(".people tbody"))


def test_a_page_left_open_over_an_update_loads_itself_anew(browser: Chromium, link: str, desk: SmallDesk) -> None:
    browser.open(link.partition("/enter/")[0] + "/")
    browser.wait_for("document.querySelectorAll('.zone').length === 3")
    browser.evaluate("window.isOld = true; document.querySelector('#live').dataset.version = 'older'")
    desk.show(small_board(in_house=9))
    browser.wait_for("!window.isOld && document.querySelector('.totals dd').textContent === '9'")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_runs_over_the_side_of_the_page(browser: Chromium, link: str, width: int, height: int) -> None:
    browser.open(link.partition("/enter/")[0] + "/", width=width, height=height)
    browser.wait_for("document.querySelectorAll('.zone').length === 3")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_the_whole_wall_fits_a_full_size_screen(browser: Chromium, link: str) -> None:
    browser.open(link.partition("/enter/")[0] + "/", width=1920, height=1080)
    browser.wait_for("document.querySelectorAll('.zone').length === 3")
    assert browser.evaluate("document.documentElement.scrollHeight") <= 1080
