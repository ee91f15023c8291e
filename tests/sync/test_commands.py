"""The commands of the thread to the centre, as typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.domain.ids import EventId
from kiosk.store.resend import Dispute
from tests.support.centre import SITE, SOURCE, House, badge_key, site_text, visits
from tests.support.fault_proxy import FaultProxy, status

pytestmark = pytest.mark.parts


def samverk_centre(folder: Path, *words: str) -> int:
    """Run `samverk centre` on the database in that folder."""
    return main(["centre", *words, "--database", str(folder / "centre.db")])


def report(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Return what the centre reports."""
    capsys.readouterr()
    assert samverk_centre(folder, "report", "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_agencies_and_members_are_enrolled_one_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert samverk_centre(tmp_path, "add-agency", "skatteverket", "Skatteverket", "--seats", "40") == 0
    assert (
        samverk_centre(tmp_path, "add-member", "m1", "Exempel", "--agency", "skatteverket", "--badge", badge_key(1))
        == 0
    )
    told = report(tmp_path, capsys)
    expected = {"agencies": 1, "members": 1, "events": {}, "distinct": 0, "missing": {}}
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize(
    "words",
    [
        ("add-member", "m1", "Exempel", "--agency", "nobody"),
        ("add-member", "m 1", "Exempel", "--agency", "a"),
        ("add-member", "m1", "Exempel", "--agency", "a", "--badge", "04A1B2C3D4E5F6"),
        ("add-agency", "a", "", "--seats", "1"),
        ("add-agency", "a", "Exempel", "--seats", "-1"),
        ("import", "/nowhere.json"),
    ],
)
def test_what_cannot_be_enrolled_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert samverk_centre(tmp_path, *words) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_is_enrolled_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.json"
    people: dict[str, list[object]] = {
        "agencies": [{"id": "a", "name": "A", "seats": 3}],
        "members": [
            {"id": "m1", "name": "Exempel 1", "agency": "a", "badges": [{"key": badge_key(1)}]},
            {"id": "m2", "name": "Exempel 2", "agency": "nobody"},
        ],
    }
    file.write_text(json.dumps(people))
    assert samverk_centre(tmp_path, "import", str(file)) == 1
    assert report(tmp_path, capsys)["agencies"] == 0
    people["members"].pop()
    file.write_text(json.dumps(people))
    assert samverk_centre(tmp_path, "import", str(file)) == 0
    assert samverk_centre(tmp_path, "import", str(file)) == 0
    assert report(tmp_path, capsys)["members"] == 1


def test_a_token_is_printed_once_and_opens_the_door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert samverk_centre(tmp_path, "issue-token", SITE, SOURCE) == 0
    assert len(capsys.readouterr().out.strip()) >= 40


def test_commands_work_while_the_server_runs(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house.happened(visits(2))
    house.work()
    assert samverk_centre(tmp_path, "add-member", "m1", "Exempel", "--agency", "skatteverket") == 0
    found = report(tmp_path, capsys)
    assert (found["members"], found["distinct"]) == (1, 6)
    assert found["events"] == {
        SOURCE: {
            "se.samverket.visit.arrived": 2,
            "se.samverket.visit.left": 2,
            "se.samverket.visit.took_part": 2,
        }
    }


def test_the_queue_shows_what_waits_and_why(
    house: House, proxy: FaultProxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, proxy.url))
    house.happened(visits(1))
    proxy.always(status(503), path="/events")
    house.work()
    proxy.heal()
    assert main(["queue", "--site", str(site_file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"waiting": 3}
    assert "503" in found["why"]["push"]
    assert [one["attempts"] for one in found["unsettled"]] == [1, 1, 1]
    assert main(["queue", "--site", str(site_file)]) == 0
    assert "3 waiting" in capsys.readouterr().out


def test_the_queue_tells_since_when_it_waits_what_is_held_and_what_is_doubted(
    house: House, proxy: FaultProxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, proxy.url))
    house.happened(visits(1, start=house.clock().wall))
    proxy.always(status(401), path="/events/state")
    house.work()
    proxy.heal()
    house.roster.resend.dispute([Dispute(EventId("a-9"), "withdrawn", "2026-11-23T07:00:00+00:00", 3)], 3)
    assert main(["queue", "--site", str(site_file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["counts"], found["held"]) == ({"waiting": 2}, 1)
    assert found["oldest"].startswith("2026-11-23T08:30:00")
    assert "401" in found["why"]["compare"]
    assert [one["event_id"] for one in found["disputes"]] == ["a-9"]
    assert main(["queue", "--site", str(site_file)]) == 0
    text = capsys.readouterr().out
    assert "waited since 2026-11-23T08:30:00" in text
    assert "1 held to the end of their window" in text
    assert "event a-9: withdrawn" in text


def test_the_queue_answers_no_when_something_was_put_aside(
    house: House, proxy: FaultProxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, proxy.url))
    house.happened(visits(1))
    proxy.always(status(422), path="/events")
    house.work()
    proxy.heal()
    assert main(["queue", "--site", str(site_file)]) == 1
    assert "invalid" in capsys.readouterr().out


def test_the_queue_shows_the_code_of_what_is_held_and_takes_no_order_about_anything_else(
    house: House, proxy: FaultProxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, proxy.url))
    house.roster.replica.hold(["m1", "m2"], house.clock().wall)
    assert main(["queue", "--site", str(site_file)]) == 1
    code = house.roster.replica.held_removal()
    assert f"samverk queue --lift-brake {code}" in capsys.readouterr().out
    house.roster.replica.hold(["m1", "m2", "m3"], house.clock().wall)
    assert main(["queue", "--lift-brake", code, "--site", str(site_file)]) == 1
    assert "no removal of that code is held now" in capsys.readouterr().err


def test_the_queue_of_a_house_that_never_started_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, "http://127.0.0.1:9"))
    assert main(["queue", "--site", str(site_file)]) == 0
    assert "nothing to send yet" in capsys.readouterr().out


def test_the_service_without_its_token_ends_with_one_line(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(tmp_path, "http://127.0.0.1:9"))
    command = [sys.executable, "-m", "tests.support.centre_sync", str(site_file)]
    ended = subprocess.run(command, capture_output=True, check=False, text=True)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "centre-token" in ended.stderr
