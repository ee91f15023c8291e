"""The roll call in a real browser: ticks without a server are kept, and two devices end with the same list."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.kiosk.board.served_house import ServedHouse, served_house
from tests.support.chromium import Chromium
from tests.support.house import START

pytestmark = pytest.mark.parts

LEFT = "document.querySelector('#left-count').textContent"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as one:
        yield one


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    with served_house(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture(name="path")
def begun(browser: Chromium, house: ServedHouse) -> str:
    """Begin a live roll call in the browser, wait until it is kept there, and return its path."""
    house.sign_in(browser)
    browser.open(f"{house.base}/roll-call")
    house.submit(browser, "[value=live]", "document.querySelector('#missing li')")
    browser.wait_for("!document.querySelector('#kept').hidden")
    return str(browser.evaluate("location.pathname"))


def test_a_device_that_was_away_over_the_end_still_tells_whom_it_found(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    cookie = cookie_of(browser)
    house.stop()
    tick(browser, "Bo")
    browser.call(
        "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )
    house.start()
    end(house, path, cookie)
    browser.call(
        "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )
    browser.wait_for("document.querySelector('.report')")
    browser.wait_for("document.querySelector('#found strong') && localStorage.length === 0")
    assert listed(browser, "found") == ["Bo"]


def end(house: ServedHouse, path: str, cookie: str) -> None:
    """End the roll call from another device."""
    port = house.desk.site.tables.board.port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", f"{path}/end", headers={"cookie": f"samverk_host={cookie}"})
        assert connection.getresponse().status == 303


def tick(browser: Chromium, name: str) -> None:
    """Press the button of somebody."""
    browser.evaluate(
        f"[...document.querySelectorAll('[data-person]')].find((one) => one.querySelector('strong')"
        f".textContent.startsWith('{name}'))"
        ".querySelector('button').click()"
    )


def listed(browser: Chromium, where: str) -> list[str]:
    found = browser.evaluate(f"[...document.querySelectorAll('#{where} strong')].map((one) => one.textContent)")
    assert isinstance(found, list)
    return found


def other_device(house: ServedHouse, path: str, cookie: str, person: str | None) -> list[dict[str, object]]:
    """Send a tick from another device, or none, and return all the ticks there are."""
    ticks = [{"id": "other-device", "person": person, "at": START.isoformat()}] if person else []
    port = house.desk.site.tables.board.port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", f"{path}/ticks", json.dumps({"ticks": ticks}), {"cookie": f"samverk_host={cookie}"})
        told = json.loads(connection.getresponse().read())
    found = told["ticks"]
    assert isinstance(found, list)
    return found


def cookie_of(browser: Chromium) -> str:
    cookies = browser.call("Network.getCookies")["cookies"]
    return next(str(one["value"]) for one in cookies if one["name"] == "samverk_host")


def test_a_tick_on_one_device_is_on_the_other_and_focus_goes_to_the_next(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    cookie = cookie_of(browser)
    bo = str(browser.evaluate("document.querySelector('#missing li:last-child').dataset.person"))
    other_device(house, path, cookie, bo)
    browser.wait_for(f"{LEFT} === '2'")
    assert listed(browser, "found") == ["Bo"]
    tick(browser, "Astrid")
    browser.wait_for(f"{LEFT} === '1' && document.activeElement.closest('[data-person]')")
    assert listed(browser, "missing") == ["Gun <Gäst>"]
    browser.wait_for("!JSON.parse(Object.values(localStorage)[0]).unsent.length")
    assert len(other_device(house, path, cookie, None)) == 2


def test_a_roll_call_begun_since_on_another_device_is_told_of_and_one_press_away(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    assert browser.evaluate("document.querySelector('#newer').hidden")
    house.clock.forward(60)
    port = house.desk.site.tables.board.port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        cookie = {"cookie": f"samverk_host={cookie_of(browser)}", "content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/roll-call/begin", "kind=drill", cookie)
        newer = str(connection.getresponse().headers["location"]).partition("?")[0]
    browser.wait_for("!document.querySelector('#newer').hidden")
    house.submit(browser, "#newer a", f"location.pathname === '{newer}'")
    assert newer != path
    assert browser.evaluate("document.querySelector('#newer').hidden")


def test_without_a_server_the_page_opens_ticks_are_kept_and_merged_when_it_is_back(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    cookie = cookie_of(browser)
    bo = str(browser.evaluate("document.querySelector('#missing li:last-child').dataset.person"))
    house.stop()
    browser.wait_for("!document.querySelector('#offline').hidden")
    tick(browser, "Astrid")
    browser.wait_for(f"{LEFT} === '2'")
    browser.evaluate("window.isOld = true; location.reload()")
    browser.wait_for(f"!window.isOld && document.readyState === 'complete' && {LEFT} === '2'")
    assert listed(browser, "missing") == ["Gun <Gäst>", "Bo"]
    tick(browser, "Gun")
    browser.wait_for(f"{LEFT} === '1'")
    house.start()
    other_device(house, path, cookie, bo)
    browser.wait_for(f"{LEFT} === '0' && document.querySelector('#offline').hidden")
    browser.wait_for("!JSON.parse(Object.values(localStorage)[0]).unsent.length")
    standing = [one["person"] for one in other_device(house, path, cookie, None) if not one["is_taken_back"]]
    assert len(standing) == len(set(standing)) == 3


def test_a_tick_taken_back_without_a_server_is_taken_back_for_all(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    cookie = cookie_of(browser)
    tick(browser, "Astrid")
    browser.wait_for("!JSON.parse(Object.values(localStorage)[0]).unsent.length")
    house.stop()
    tick(browser, "Astrid")
    browser.wait_for(f"{LEFT} === '3' && !document.querySelector('#offline').hidden")
    house.start()
    browser.wait_for("!JSON.parse(Object.values(localStorage)[0]).unsent.length")
    assert [one["is_taken_back"] for one in other_device(house, path, cookie, None)] == [True]


def test_the_end_on_one_device_ends_it_on_all_and_nothing_is_kept_there(
    browser: Chromium, house: ServedHouse, path: str
) -> None:
    end(house, path, cookie_of(browser))
    browser.wait_for("document.querySelector('.report')")
    browser.wait_for("localStorage.length === 0")
    assert browser.evaluate("caches.keys()") == []


@pytest.mark.usefixtures("path")
def test_a_tick_that_was_on_its_way_when_the_roll_call_ended_is_in_the_report(
    browser: Chromium, house: ServedHouse
) -> None:
    house.stop()
    tick(browser, "Astrid")
    browser.wait_for("!document.querySelector('#offline').hidden")
    house.start()
    house.submit(browser, "form[action*='/end'] button", "document.querySelector('.report')")
    assert listed(browser, "found") == ["Astrid"]
    browser.wait_for("localStorage.length === 0")


@pytest.mark.usefixtures("path")
def test_signing_out_leaves_nothing_on_the_device(browser: Chromium, house: ServedHouse) -> None:
    assert browser.evaluate("caches.keys()") != []
    house.submit(browser, "form[action*='sign-out'] button", "location.pathname === '/'")
    browser.wait_for("localStorage.length === 0")
    assert browser.evaluate("caches.keys()") == []
    assert browser.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


@pytest.mark.usefixtures("path")
def test_on_paper_stands_the_list_and_no_button(browser: Chromium) -> None:
    tick(browser, "Bo")
    browser.call("Emulation.setEmulatedMedia", media="print")
    shown = "[...document.querySelectorAll('button, nav a')].filter((one) => one.checkVisibility()).length"
    assert browser.evaluate(shown) == 0
    assert browser.evaluate("[...document.querySelectorAll('strong')].every((one) => one.checkVisibility())")
    mark = "getComputedStyle(document.querySelector('#{} li'), '::before').content"
    assert (browser.evaluate(mark.format("missing")), browser.evaluate(mark.format("found"))) == ('"☐"', '"☑"')
    browser.call("Emulation.setEmulatedMedia", media="")
