"""`samverk badge` over a running desk: enrolled by code and by showing, lost, found, listed, and a list taken over."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.badges.forms import Form, ListError, Row, read_rows, uid_of
from deploy.badges.importing import preview
from kiosk.domain.badge import Uid, reference, spelled
from kiosk.domain.ids import BadgeKey
from kiosk.door.client import DoorClient
from kiosk.door.messages import SayBoard, ScriptedTap, ShowBoard
from kiosk.tools.ids import Ids
from tests.support.books import LOST_UID, SECRET, SITE, UIDS, key_of
from tests.support.desk_hub import Hub, running_hub

NEW, OTHER = "04FEDCBA987654", "04FEDCBA987655"
WAIT_S = 10.0


@pytest.fixture
def hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Hub]:
    with running_hub(tmp_path, capsys) as running:
        yield running


def code_of(uid: str) -> str:
    return reference(BadgeKey(key_of(uid)))


def shown(hub: Hub, uid: str) -> dict[str, object]:
    """Show a badge, and return the answer, whatever it is."""
    answer: dict[str, object] = json.loads(hub.status("tap", uid, "--json")[1])
    return answer


@pytest.mark.parts
def test_a_badge_is_enrolled_by_its_code_lost_found_and_listed(hub: Hub) -> None:
    code = str(shown(hub, NEW)["reference"])
    assert hub.json_of("badge", "enrol", "bo", "--code", code)["reason"] == "badge_shown_once"
    shown(hub, NEW)
    assert [one["times"] for one in hub.list_of("badge", "list")] == [2]
    typed = code.lower().replace("-", "")
    assert hub.json("badge", "enrol", "bo", "--code", typed)["level"] == "uid"
    assert shown(hub, NEW)["name"] == "Bo"
    assert hub.json_of("badge", "lost", "bo")["reason"] == "badge_ambiguous"
    hub("badge", "lost", "bo", "--code", code)
    badges = hub.list_of("badge", "list", "bo", "--purpose", "lost badge")
    assert {(one["reference"], one["status"]) for one in badges} == {
        (code, "lost"),
        (code_of(UIDS["Bo"]), "active"),
    }
    hub("badge", "found", "bo")
    assert hub.status("badge", "found", "bo")[0] == 1
    assert hub.status("badge", "lost")[0] == 2
    assert hub.status("badge", "list", "bo")[0] == 1, "nobody's badges are shown without a purpose"


@pytest.mark.parts
def test_a_badge_is_enrolled_by_showing_it_twice(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    for cards, status in (((NEW, OTHER), 1), (("08A1B2C3",), 1), ((LOST_UID,), 1), ((NEW, NEW), 0)):
        enrolling = _Enrolling(hub)
        for number, uid in enumerate(cards, start=1):
            enrolling.wait_for(f"{'Visa kortet' if number == 1 else 'Ta bort'}", capsys)
            _tap(hub, uid)
        assert enrolling.status() == status, cards
    assert shown(hub, NEW)["name"] == "Bo"


class _Enrolling:
    """The command, in a thread of its own: it waits for cards."""

    def __init__(self, hub: Hub) -> None:
        self._told = ""
        self._ended: list[int] = []
        self._thread = threading.Thread(target=lambda: self._ended.append(hub.run("badge", "enrol", "bo")))
        self._thread.start()

    def wait_for(self, words: str, capsys: pytest.CaptureFixture[str]) -> None:
        for _ in range(500):
            self._told += capsys.readouterr().err
            if words in self._told:
                return
            threading.Event().wait(0.02)
        raise AssertionError(self._told)

    def status(self) -> int:
        self._thread.join(WAIT_S)
        return self._ended[0]


def _tap(hub: Hub, uid: str) -> None:
    with DoorClient(hub.folder / "door.sock") as door:
        door.ask(ScriptedTap(id=Ids()(), reader="entrance", uid=uid))
        assert isinstance(door.ask(ShowBoard(id=Ids()())), SayBoard)


def spelling(uid: str, form: Form) -> str:
    """Return the UID as a list in that form has it."""
    value = bytes.fromhex(uid)
    value = value[::-1] if form in {Form.HEX_REVERSED, Form.DECIMAL_REVERSED} else value
    return value.hex(":").upper() if form in {Form.HEX, Form.HEX_REVERSED} else str(int.from_bytes(value))


LIST = {"bo": NEW, "carl": "B1C2D3E4", "disa": OTHER}
UNFIT = (("nobody", "04010203040506"), ("bo", "08112233"))


@pytest.mark.parts
@pytest.mark.parametrize("form", Form)
def test_a_list_is_taken_over_in_whatever_form_it_is_written(hub: Hub, form: Form) -> None:
    rows = [f"{member};{spelling(uid, form)}" for member, uid in LIST.items()]
    file = hub.folder / "list.csv"
    file.write_text("\n".join(["medlem;nummer", *rows, *(f"{who};{spelling(uid, form)}" for who, uid in UNFIT)]))
    code = str(shown(hub, NEW)["reference"])
    status, told = hub.status("badge", "import", str(file), "--sample", code, "--dry-run", "--json")
    assert (status, json.loads(told)["form"], json.loads(told)["sample_line"]) == (1, form, 2)
    assert shown(hub, OTHER)["reason"] == "badge_unknown", "a dry run ties nothing"
    status, told = hub.status("badge", "import", str(file), "--sample", code)
    assert status == 1, "one line is of nobody, and one number is made up"
    assert f"form: {form}" in told
    assert not any(spelling(uid, one).lower() in told.lower() for uid in LIST.values() for one in Form)
    assert shown(hub, OTHER)["name"] == "Disa"
    assert shown(hub, "B1C2D3E4")["name"] == "Carl"


def rows_of(form: Form) -> tuple[Row, ...]:
    return read_rows([f"{member},{spelling(uid, form)}\n" for member, uid in LIST.items()])


@pytest.mark.parametrize("form", Form)
def test_one_card_tells_the_form_of_the_whole_list(form: Form) -> None:
    seen, keys = preview(rows_of(form), {1: SECRET}, code_of(NEW))
    assert (seen.form, seen.rows, seen.sample_line, seen.unfit, seen.twice) == (form, 3, 1, (), ())
    assert list(keys.values()) == [key_of(uid) for uid in LIST.values()]


def test_a_card_that_is_not_in_the_list_says_so() -> None:
    with pytest.raises(ListError, match="in no form"):
        preview(rows_of(Form.HEX), {1: SECRET}, code_of(UIDS["Astrid"]))


def test_a_number_that_reads_the_same_both_ways_does_not_tell_the_form() -> None:
    rows = read_rows(["bo,04A1B2C3B2A104", "disa,04A1B2C3D4E5F6"])
    with pytest.raises(ListError, match="several"):
        preview(rows, {1: SECRET}, code_of("04A1B2C3B2A104"))


def test_lines_that_cannot_be_used_are_named_and_left_out() -> None:
    rows = read_rows(
        ["bo,04FEDCBA987654", "bo,08112233", "carl,88112233", "disa,04FEDCBA987654", "disa,?", "", "carl,AABB"]
    )
    seen, keys = preview(rows, {1: SECRET}, code_of(NEW))
    assert (seen.unfit, seen.twice, list(keys)) == ((2, 3, 5, 7), (4,), [1])


@pytest.mark.parametrize("text", [[""], ["bo"], ["bo\n", "carl\n"]])
def test_a_list_without_two_columns_is_refused(text: list[str]) -> None:
    with pytest.raises(ListError):
        read_rows(text)


@pytest.mark.parametrize(
    ("number", "form", "uid"),
    [
        ("04-fe-dc-ba-98-76-54", Form.HEX, NEW),
        ("0x04FEDCBA987654", Form.HEX, NEW),
        ("0000000001", Form.DECIMAL, "00000001"),
        ("4294967296", Form.DECIMAL, "00000100000000"),
        ("1208925819614629174706176", Form.DECIMAL, None),
        ("٤", Form.DECIMAL, None),
        ("12345", Form.HEX, None),
        ("", Form.HEX, None),
        ("", Form.DECIMAL, None),
    ],
)
def test_a_number_is_a_uid_or_none(number: str, form: Form, uid: str | None) -> None:
    assert uid_of(number, form) == (None if uid is None else Uid(bytes.fromhex(uid)))


@pytest.mark.parametrize(("typed", "code"), [("k7f3qd", "K7F-3QD"), (" K7F-3qd ", "K7F-3QD"), ("08I", "OBI-")])
def test_a_code_is_read_however_it_is_typed(typed: str, code: str) -> None:
    assert spelled(typed) == code


def test_master_keys_are_made_once_and_never_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path))
    hub = Hub(tmp_path, capsys)
    names = [f"card-{role}-v1" for role in ("tap", "sun", "owner")]
    assert hub.json("badge", "personalise", "--make-keys") == {"keys": names}
    files = [tmp_path / "credentials" / name for name in names]
    kept = [one.read_bytes() for one in files]
    assert len(set(kept)) == 3
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert hub.json("badge", "personalise", "--make-keys") == {"keys": []}
    assert [one.read_bytes() for one in files] == kept
    files[0].write_text("nothing")
    status, told = hub.status("badge", "personalise", "--make-keys")
    assert (status, files[0].read_text()) == (1, "nothing")
    assert "card-tap-v1" in told
