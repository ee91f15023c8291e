"""`samverk simulate`: its answers, its exit status, and a trace that the real replay plays."""

import json
import tomllib
from pathlib import Path

import pytest

from deploy.command import main
from deploy.commands.simulate import write_trace
from deploy.simulate import figures
from deploy.simulate.day import simulated
from deploy.simulate.devices import Make
from deploy.simulate.families import topic_of
from deploy.simulate.hub import site_file
from deploy.simulate.options import FIRST_DAY, HOUR_S, Options
from deploy.simulate.trace import TRUTH, trace_lines
from kiosk.domain.ids import ZoneId
from kiosk.domain.zones import ZoneState
from kiosk.tools.site import load
from kiosk.tools.site import read as read_site
from sensors.plan import plan
from sensors.readings import Message, Refusal
from sensors.replay import Replay
from sensors.trace import Traced, read

pytestmark = pytest.mark.slow

SMALL = ["--members", "6", "--sensors", "2", "--seed", "2", "--once"]
PAGE = Path(__file__).parents[3] / "docs" / "simulate.md"


def test_a_day_is_told_in_both_languages_and_its_limits_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *SMALL]) == 0
    out = capsys.readouterr().out
    assert "närvarande | called present:" in out
    assert "utan något sällskap | without any company" in out
    assert "journal:" in out
    assert "alla gränser håller | every limit holds" in out
    assert "rastplatsen" in out


@pytest.mark.parts
def test_json_holds_the_whole_report_and_no_time_of_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *SMALL, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert not [key for key in report if key.endswith("_s")]
    assert report["broken"] == []
    assert report["options"]["members"] == 6
    assert report["presences"]["findings"]["nobody"] == 0
    assert report["only_by_death"] is None
    assert len(report["presences"]["each"]) == sum(report["presences"]["findings"].values()) > 0
    assert [one["zone"] for one in report["zones"]][:3] == ["lagerelden", "hinderbanan", "rastplatsen"]


@pytest.mark.parametrize("wrong", [["--zones", "0"], ["--members", "-1"], ["--days", "99"], ["--sensors", "201"]])
def test_what_is_no_house_is_wrong_use(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *wrong]) == 2
    assert wrong[0].strip("-") in capsys.readouterr().err


def test_a_trace_that_cannot_be_written_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *SMALL, "--trace", str(tmp_path / "missing" / "day.jsonl")]) == 2
    assert "missing" in capsys.readouterr().err


@pytest.mark.parts
def test_the_trace_is_replayed_by_the_real_profiles_which_refuse_only_the_truth(tmp_path: Path) -> None:
    trace = tmp_path / "day.jsonl"
    write_trace(Options(members=12, sensors=20), trace)
    site = load(tmp_path / "day.jsonl.toml")
    lines = [one for one in read(trace.read_text().splitlines()) if isinstance(one, Traced)]
    assert len(lines) == len(trace.read_text().splitlines())
    noon = FIRST_DAY.timestamp() + 12.5 * HOUR_S
    lines = [one for one in lines if one.t < noon]
    replay = Replay(plan(site))
    shown = {one.said.occupancy.state for one in replay.run(lines)}
    assert {"occupied", "vacant"} <= set(shown)
    truths = sum(one.message.topic.startswith(f"{TRUTH}/") for one in lines)
    assert truths > 10
    assert dict(replay.watch.counted) == {("service", Refusal.UNKNOWN_TOPIC): truths}


@pytest.mark.parts
def test_every_sensor_is_understood_and_whichever_sees_people_fills_its_zone_alone() -> None:
    day = simulated(Options(members=12, sensors=20))
    known = plan(read_site(site_file(day.options, day.devices, "/nowhere")))
    sent: dict[str, list[Traced]] = {one.id: [] for one in day.devices}
    for one in day.messages():
        if one.device and one.t < 11 * HOUR_S:
            sent[one.device].append(Traced(one.t, Message(one.topic, one.payload, one.retained)))
    for device in day.devices:
        replay = Replay(known)
        said = [one.said.occupancy for one in replay.run(sent[device.id])]
        if device.make is not Make.LINE:  # one of two doors' counters may see only those who leave
            is_filled = ZoneState.OCCUPIED in {one.state for one in said}
            assert is_filled is (device.make is not Make.AIR), device
        assert replay.watch.occupancies[ZoneId(device.zone)].fresh == 1, device
        assert not replay.watch.counted, device


def test_the_truth_in_a_trace_is_that_of_the_day() -> None:
    day = simulated(Options(members=12, sensors=4))
    lines = [json.loads(one) for one in trace_lines(day)]
    assert [one["t"] for one in lines] == sorted(one["t"] for one in lines)
    told = [one for one in lines if one["topic"] == f"{TRUTH}/lagerelden"]
    for one in told:
        assert json.loads(one["payload"])["people"] == day.truth("lagerelden").at(
            round(one["t"] - FIRST_DAY.timestamp(), 3)
        )
    assert {json.loads(one["payload"])["people"] for one in told} >= {0, 1, 2}


def test_every_device_has_a_topic_of_its_own_and_a_table_in_the_site_file() -> None:
    day = simulated(Options())
    assert len({topic_of(one) for one in day.devices}) == len(day.devices) == 20


def test_the_page_lists_every_figure_with_its_source() -> None:
    page = PAGE.read_text()
    for name, one in figures.figures().items():
        value = f"{one.value:.4g}" if one.value < 1000 else f"{one.value:.0f}"
        assert f"| `{name}` | {value} | {one.unit} | {one.what} | {one.source} |" in page
        assert one.source


def test_the_simulator_looks_into_nothing_behind_the_sensors_watch() -> None:
    folder = Path(__file__).parents[3] / "deploy" / "simulate"
    known = {"sensors.plan", "sensors.readings", "sensors.watch"}
    lines = [line for path in folder.glob("*.py") for line in path.read_text().splitlines()]
    asked = {line.split()[1] for line in lines if line.startswith(("from sensors", "import sensors"))}
    assert asked == known


def test_the_contract_is_in_force() -> None:
    project = tomllib.loads((PAGE.parents[1] / "pyproject.toml").read_text())
    names = {one["name"] for one in project["tool"]["importlinter"]["contracts"]}
    assert "What judges a simulated day does not ask the rule" in names
