"""Every function of the board by keyboard alone, with keys as a browser gets them."""

from collections.abc import Iterator

import pytest

from kiosk.board.pages import NAMES_S, WARNING_S
from kiosk.domain.ids import ActivityId
from kiosk.door.messages import (
    Ask,
    AskCancelActivity,
    AskCheckIn,
    AskConfirm,
    AskJoinZone,
    AskLetGuestIn,
    AskPlanActivity,
)
from tests.kiosk.board.served_house import ServedHouse, served_house
from tests.kiosk.board.small_desk import ANNA, BO
from tests.support.chromium import Chromium

pytestmark = pytest.mark.parts

TAB, ENTER, ESCAPE = 9, 13, 27
STOPS_MAX = 120
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, summary"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as one:
        yield one


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    with served_house(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture
def at_names(browser: Chromium, house: ServedHouse) -> None:
    """Sign in and show the names, by keys."""
    house.sign_in(browser)
    key(browser, "n", "document.querySelector('tr[data-row]')")


def key(browser: Chromium, pressed: str, until: str) -> None:
    """Press a key once the page listens, and wait for what the next page has."""
    browser.wait_for("!document.querySelector('#help').hidden")
    browser.press(pressed)
    browser.wait_for(f"document.readyState === 'complete' && ({until})")


def tab_to(browser: Chromium, selector: str) -> None:
    """Go from stop to stop until there."""
    for _ in range(STOPS_MAX):
        if browser.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab", TAB)
    message = f"no stop of the keyboard is at {selector}"
    raise AssertionError(message)


def asked(house: ServedHouse, kind: type[Ask]) -> list[Ask]:
    return [one for one in house.desk.asked if isinstance(one, kind)]


def press_enter(browser: Chromium, until: str) -> None:
    browser.evaluate("window.isOld = true")
    browser.press("Enter", ENTER)
    browser.wait_for(f"!window.isOld && document.readyState === 'complete' && ({until})")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/host", "/roll-call"])
def test_every_control_is_a_stop_of_the_keyboard_and_can_be_seen_there(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    house.sign_in(browser)
    if path == "/sign-in":
        browser.call("Network.clearBrowserCookies")
    browser.open(f"{house.base}{path}")
    browser.wait_for("document.querySelector('#live, #roll, .card')")
    browser.evaluate("document.activeElement.blur(); window.stops = new Set()")
    missed = (
        f"[...document.querySelectorAll({FOCUSABLE!r})].filter((one) => one.checkVisibility()"
        " && !window.stops.has(one)).map((one) => one.outerHTML.slice(0, 120))"
    )
    look = (
        "(() => { const one = document.activeElement; window.stops.add(one);"
        " const is_seen = one === document.body || getComputedStyle(one).outlineStyle !== 'none';"
        " return is_seen ? '' : one.outerHTML })()"
    )
    for _ in range(STOPS_MAX):
        browser.press("Tab", TAB)
        assert browser.evaluate(look) == "", "where the keyboard stands cannot be seen"
        if browser.evaluate(missed) == []:
            break
    assert browser.evaluate(missed) == []


@pytest.mark.usefixtures("at_names")
def test_a_row_is_filtered_and_shown_again(browser: Chromium) -> None:
    shown = "[...document.querySelectorAll('tr[data-row]')].filter((one) => !one.hidden).length"
    key(browser, "/", "document.activeElement.id === 'filter'")
    browser.call("Input.insertText", text="provverk bo")
    browser.wait_for(f"{shown} === 1")
    browser.press("Escape", ESCAPE)
    browser.wait_for(f"{shown} === 3")


@pytest.mark.usefixtures("at_names")
def test_help_opens_by_its_key_lists_every_key_and_closes(browser: Chromium) -> None:
    key(browser, "?", "document.querySelector('dialog[open]')")
    listed = browser.evaluate("[...document.querySelectorAll('#keys kbd')].map((one) => one.textContent)")
    bound = browser.evaluate("[...document.querySelectorAll('[data-key]')].map((one) => one.dataset.key)")
    assert set(bound) | {"Esc"} == set(listed)
    browser.press("Escape", ESCAPE)
    browser.wait_for("!document.querySelector('dialog[open]')")


def test_keys_can_be_turned_off_and_stay_so(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    key(browser, "?", "document.querySelector('dialog[open]')")
    tab_to(browser, "#keys-on")
    browser.press(" ")
    browser.press("Escape", ESCAPE)
    browser.open(f"{house.base}/host")
    browser.wait_for("!document.querySelector('#help').hidden")
    browser.press("?")
    assert browser.evaluate("document.querySelector('dialog[open]')") is None
    browser.evaluate("localStorage.clear()")


def test_while_somebody_writes_no_key_does_anything_else(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    key(browser, "i", "document.activeElement.name === 'text'")
    browser.press("?")
    browser.press("n")
    assert browser.evaluate("document.activeElement.value") == "?n"
    assert browser.evaluate("document.querySelector('dialog[open]')") is None


@pytest.mark.usefixtures("at_names")
def test_one_is_confirmed_and_one_is_moved(browser: Chromium, house: ServedHouse) -> None:
    tab_to(browser, f"tr[data-row='{ANNA.visit}'] [value=confirm]")
    press_enter(browser, "document.querySelector('.done')")
    assert [getattr(one, "visit", "") for one in asked(house, AskConfirm)] == [ANNA.visit]
    tab_to(browser, f"tr[data-row='{BO.visit}'] [value=join]")
    press_enter(browser, "document.querySelector('.done')")
    assert [getattr(one, "visit", "") for one in asked(house, AskJoinZone)] == [BO.visit]


@pytest.mark.usefixtures("at_names")
def test_all_are_picked_and_confirmed_together(browser: Chromium, house: ServedHouse) -> None:
    house.desk.asked.clear()
    tab_to(browser, "#pick-all")
    browser.press(" ")
    tab_to(browser, "[value=picked_confirm]")
    press_enter(browser, "document.querySelector('.done')")
    assert {getattr(one, "visit", "") for one in asked(house, AskConfirm)} == {ANNA.visit, BO.visit}


@pytest.mark.usefixtures("at_names")
def test_what_lies_under_more_is_reached_a_guest_is_let_in(browser: Chromium, house: ServedHouse) -> None:
    tab_to(browser, f"tr[data-row='{ANNA.visit}'] summary")
    browser.press("Enter", ENTER)
    tab_to(browser, f"tr[data-row='{ANNA.visit}'] [name=name]")
    browser.call("Input.insertText", text="Gun Gäst")
    press_enter(browser, "document.querySelector('.done')")
    (guest,) = asked(house, AskLetGuestIn)
    assert (getattr(guest, "visit", ""), getattr(guest, "name", "")) == (ANNA.visit, "Gun Gäst")


def test_a_member_is_found_and_checked_in(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    key(browser, "i", "document.activeElement.name === 'text'")
    browser.call("Input.insertText", text="carl")
    press_enter(browser, "document.querySelector('.found')")
    tab_to(browser, "[value=check_in]")
    press_enter(browser, "document.querySelector('.done')")
    assert [getattr(one, "member", "") for one in asked(house, AskCheckIn)] == ["carl"]


def test_an_activity_is_announced_and_one_is_cancelled(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    key(browser, "a", "document.activeElement.name === 'zone'")
    tab_to(browser, "[name=title_sv]")
    browser.call("Input.insertText", text="Fika")
    tab_to(browser, "[name=starts]")
    browser.evaluate("document.activeElement.value = '14:00'")
    tab_to(browser, "[value=plan]")
    press_enter(browser, "document.querySelector('.done')")
    assert [getattr(one, "title", None) for one in asked(house, AskPlanActivity)] != []
    tab_to(browser, "[value=cancel]")
    press_enter(browser, "document.querySelector('.done')")
    assert [getattr(one, "activity", "") for one in asked(house, AskCancelActivity)] == [ActivityId("talk")]


def test_a_roll_call_is_begun_ticked_and_ended(browser: Chromium, house: ServedHouse) -> None:
    house.sign_in(browser)
    key(browser, "u", "location.pathname === '/roll-call'")
    tab_to(browser, "[value=drill]")
    press_enter(browser, "document.querySelector('#missing li')")
    browser.wait_for("!document.querySelector('#print').hidden")
    for left in (2, 1, 0):
        tab_to(browser, "#missing button")
        browser.press("Enter", ENTER)
        browser.wait_for(f"document.querySelector('#left-count').textContent === '{left}'")
    browser.wait_for("document.activeElement.matches('.roll-list button')")
    browser.evaluate("document.activeElement.blur()")
    tab_to(browser, "form[action*='/end'] button")
    press_enter(browser, "document.querySelector('.report')")
    assert "3" in browser.evaluate("document.querySelector('.report').textContent")


@pytest.mark.usefixtures("at_names")
def test_names_are_hidden_in_time_and_it_is_said_before_and_one_key_keeps_them(browser: Chromium) -> None:
    browser.wait_for("!document.querySelector('#help').hidden")
    is_said = "!document.querySelector('#hiding').hidden"
    pass_time(browser, NAMES_S - WARNING_S + 1)
    browser.wait_for(is_said)
    browser.evaluate("document.activeElement.blur()")
    tab_to(browser, "#hiding button")
    browser.press("Enter", ENTER)
    browser.wait_for("document.querySelector('#hiding').hidden")
    pass_time(browser, NAMES_S - WARNING_S + 1)
    browser.wait_for(f"{is_said} && document.querySelector('tr[data-row]')")
    pass_time(browser, WARNING_S + 1)
    browser.wait_for("location.pathname === '/host' && !document.querySelector('tr[data-row]')")


def pass_time(browser: Chromium, seconds: float) -> None:
    """Let the page's own timers believe that so much time has passed."""
    browser.call("Emulation.setVirtualTimePolicy", policy="advance", budget=seconds * 1000)
    browser.wait_for("true")
