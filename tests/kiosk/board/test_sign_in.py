"""Hosts sign in with a password of their own; whoever guesses is slowed down, and a session ends with its password."""

from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kiosk.board import sign_in as sign_in_module
from kiosk.board.app import make_app
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.sign_in import (
    ADDRESS_WRONG_MAX,
    CHECKS_MAX,
    HOUSE_WRONG_MAX,
    NAME_WRONG_MAX,
    REMEMBERED_MAX,
    WRONG_S,
    Reception,
    TurnedAway,
    WrongOnes,
)
from kiosk.store.board import SESSION_S, HostBook
from kiosk.store.errors import StoreError
from kiosk.store.hosts import FILE_BYTES_MAX, HOSTS_MAX, HostFile
from kiosk.tools.passwords import DECOY, PASSWORD_MAX, PASSWORD_MIN, hashed, is_fit, is_right
from tests.kiosk.board.conftest import BASE, SmallBoard
from tests.support.house import CountedIds, ToldClock, at

pytestmark = pytest.mark.slow

PASSWORD = "fyra ord på rad"  # noqa: S105 - a test's own
HASH = hashed(PASSWORD)


@pytest.fixture
def hosts(board: SmallBoard) -> HostFile:
    """Let Maja sign in at the board."""
    file = HostFile(board.desk.site.state_dir / "hosts.json")
    file.put("Maja", HASH, board.clock())
    return file


def attempt(board: SmallBoard, password: str, name: str = "Maja") -> int:
    return board.client.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False).status_code


def test_a_host_signs_in_with_name_and_password(board: SmallBoard, hosts: HostFile) -> None:
    assert hosts.hosts()
    page = board.client.post("/sign-in", data={"name": " Maja ", "password": PASSWORD})
    assert (page.status_code, page.url.path) == (200, "/host")
    assert "Inloggad som Maja" in page.text


@pytest.mark.parametrize(("name", "password"), [("Maja", "fel"), ("Maja", ""), ("Ingen", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    board: SmallBoard, hosts: HostFile, name: str, password: str
) -> None:
    assert hosts.hosts()
    answer = board.client.post("/sign-in", data={"name": name, "password": password})
    assert answer.status_code == 403
    assert "Namn och lösenord hör inte ihop." in answer.text
    assert board.client.get("/host").status_code == 401


def test_wrong_passwords_are_counted_and_then_not_even_the_right_one_is_looked_at(
    board: SmallBoard, hosts: HostFile
) -> None:
    assert hosts.hosts()
    assert [attempt(board, "fel") for _ in range(NAME_WRONG_MAX)] == [403] * NAME_WRONG_MAX
    answer = board.client.post("/sign-in", data={"name": "Maja", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(int(WRONG_S) + 1))
    board.clock.forward(WRONG_S)
    assert attempt(board, PASSWORD) == 303


def test_another_host_and_a_session_that_is_there_go_on_while_a_name_is_guessed(
    board: SmallBoard, hosts: HostFile
) -> None:
    hosts.put("Olle", HASH, board.clock())
    board.sign_in("Olle")
    for _ in range(NAME_WRONG_MAX):
        attempt(board, "fel")
    assert attempt(board, PASSWORD) == 429
    assert board.client.get("/host").status_code == 200
    assert attempt(board, PASSWORD, "Olle") == 303


def test_an_address_and_the_house_have_their_bounds_too() -> None:
    wrong = WrongOnes()
    for number in range(ADDRESS_WRONG_MAX):
        wrong.add((("name", str(number)), ("address", "10.0.0.1"), "house"), at(number))
    assert wrong.wait_s((("address", "10.0.0.1"),), at(20)) == WRONG_S - 20
    assert wrong.wait_s((("address", "10.0.0.2"), "house"), at(20)) == 0
    for number in range(HOUSE_WRONG_MAX):
        wrong.add((("address", f"10.0.1.{number}"), "house"), at(20))
    assert wrong.wait_s((("name", "new"), "house"), at(20)) > 0


def test_what_is_counted_is_bounded() -> None:
    wrong = WrongOnes()
    for number in range(REMEMBERED_MAX * 2):
        wrong.add((("name", str(number)),), at(0))
    assert len(wrong._moments) == REMEMBERED_MAX  # noqa: SLF001 - the bound itself


@pytest.mark.anyio
async def test_only_so_many_wait_to_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = HostBook(tmp_path / "board.db")
    reception = Reception(ToldClock(), book, HostFile(tmp_path / "hosts.json"))
    monkeypatch.setattr(reception, "_waiting", CHECKS_MAX)
    monkeypatch.setattr(sign_in_module, "is_right", lambda *_: pytest.fail("it was checked"))
    assert await reception.sign_in("Maja", PASSWORD, "10.0.0.1") == TurnedAway(1.0)
    book.close()


def test_a_new_password_and_being_removed_end_the_session(board: SmallBoard, hosts: HostFile) -> None:
    assert attempt(board, PASSWORD) == 303
    assert board.client.get("/host").status_code == 200
    hosts.put("Maja", hashed("ett annat lösenord"), board.clock())
    assert board.client.get("/host").status_code == 401
    assert attempt(board, "ett annat lösenord") == 303
    hosts.remove("Maja")
    assert board.client.get("/host").status_code == 401


def test_a_session_survives_a_restart_of_the_board(board: SmallBoard, hosts: HostFile) -> None:
    assert hosts.hosts()
    assert attempt(board, PASSWORD) == 303
    cookie = {"cookie": f"samverk_host={board.client.cookies['samverk_host']}"}
    site, clock, live = board.desk.site, board.clock, Live()
    board.book.close()
    book = HostBook(site.state_dir / "board.db")
    app = make_app(site, clock, book, live, DeskLine(site.door, clock, live, CountedIds()))
    with TestClient(app, base_url=BASE) as again:
        assert again.get("/host", headers=cookie).status_code == 200
        clock.forward(SESSION_S)
        assert again.get("/host", headers=cookie).status_code == 401
    book.close()


def test_over_tls_the_cookie_is_bound_to_it(board: SmallBoard, hosts: HostFile) -> None:
    assert hosts.hosts()
    answer = board.client.post(
        f"{BASE.replace('http', 'https')}/sign-in",
        data={"name": "Maja", "password": PASSWORD},
        headers={"origin": BASE.replace("http", "https")},
        follow_redirects=False,
    )
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert cookie.key == "__Host-samverk_host"
    assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", "")


def test_signing_in_from_another_origin_is_refused(board: SmallBoard, hosts: HostFile) -> None:
    assert hosts.hosts()
    form = {"name": "Maja", "password": PASSWORD}
    answer = board.client.post("/sign-in", data=form, headers={"origin": "https://other.test"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_without_any_host_the_page_says_how_to_add_one(board: SmallBoard) -> None:
    assert "samverk board host add" in board.client.get("/sign-in").text


def test_signing_out_also_clears_what_pages_have_kept(board: SmallBoard) -> None:
    board.sign_in()
    assert board.client.post("/host/sign-out", follow_redirects=False).headers["clear-site-data"] == '"storage"'


def test_the_look_that_was_chosen_stays_and_an_unknown_one_is_the_browsers_own(board: SmallBoard) -> None:
    page = board.client.post("/look", data={"look": "contrast", "back": "/sign-in"})
    assert page.url.path == "/sign-in"
    assert '"/static/contrast.css">' in page.text
    assert "prefers-color-scheme" not in page.text
    assert board.client.post("/look", data={"look": "<b>", "back": "//other.test"}).url.path == "/"
    assert "prefers-color-scheme" in board.client.get("/").text


def test_a_password_is_known_again_and_no_other_is() -> None:
    assert is_right(HASH, PASSWORD)
    assert not is_right(HASH, PASSWORD + " ")
    assert not is_right(DECOY, PASSWORD)
    assert not is_right("no hash", PASSWORD)
    assert not is_right(HASH, "x" * (PASSWORD_MAX + 1))
    assert not is_fit("x" * (PASSWORD_MIN - 1))
    assert not is_fit("x" * (PASSWORD_MAX + 1))
    assert DECOY.split("$")[1:4] == HASH.split("$")[1:4], "the decoy costs as much as a real one"


def test_the_file_of_hosts_is_private_and_holds_no_password(tmp_path: Path) -> None:
    file = HostFile(tmp_path / "hosts.json")
    file.put("Maja", HASH, at(0))
    assert (tmp_path / "hosts.json").stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in (tmp_path / "hosts.json").read_text()


@pytest.mark.parametrize("name", ["", " Maja", "a/b", "x" * 41, "Ma\nja", "_"])
def test_a_name_that_could_not_stand_in_a_log_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="cannot be a host's name"):
        HostFile(tmp_path / "hosts.json").put(name, HASH, at(0))


def test_one_host_too_many_is_refused_and_nobody_is_lost(tmp_path: Path) -> None:
    file = HostFile(tmp_path / "hosts.json")
    for number in range(HOSTS_MAX):
        file.put(f"Host {number}", HASH, at(0))
    with pytest.raises(StoreError, match="already"):
        file.put("Maja", HASH, at(0))
    assert len(file.hosts()) == HOSTS_MAX
    assert (tmp_path / "hosts.json").stat().st_size < FILE_BYTES_MAX


@pytest.mark.parametrize("content", ["{", '[{"name": 1}]', "[" + " " * FILE_BYTES_MAX + "]"])
def test_a_damaged_file_is_an_error_that_names_it_and_lets_nobody_in(tmp_path: Path, content: str) -> None:
    (tmp_path / "hosts.json").write_text(content)
    file = HostFile(tmp_path / "hosts.json")
    with pytest.raises(StoreError, match=r"hosts\.json"):
        file.hosts()
    book = HostBook(tmp_path / "board.db")
    assert Reception(ToldClock(), book, file).hosts() == {}
    book.close()
