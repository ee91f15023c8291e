"""Replaying a trace: its own time, every deadline at its second, and the command around it."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.domain.zones import ZoneState
from sensors.plan import plan
from sensors.readings import Message
from sensors.recording import messages, payload, recorded_day
from sensors.replay import Replay
from sensors.trace import Mask, Traced, line
from tests.sensors.house import TOPICS, site, site_text

T0 = 1_513_939_781.0


def trace(*steps: tuple[float, bool]) -> Iterable[Traced]:
    """Return a motion sensor's messages."""
    return [Traced(T0 + at_s, Message(TOPICS[0], payload(is_on=is_on))) for at_s, is_on in steps]


def test_changes_come_at_the_second_they_are_due() -> None:
    steps = trace((0, False), (10, True), (300, False), (960, False), (1260, False))
    shown = [(one.t - T0, one.said.occupancy.state) for one in Replay(plan(site(sensors=1))).run(steps)]
    assert shown == [(0, ZoneState.UNKNOWN), (10, ZoneState.OCCUPIED), (960, ZoneState.VACANT)]


def test_silence_is_found_between_two_messages() -> None:
    steps = trace((0, False), (300, False), (600, False), (20_000, False))
    shown = [(round(one.t - T0), one.said.occupancy.state) for one in Replay(plan(site(sensors=1))).run(steps)]
    assert shown == [(0, ZoneState.UNKNOWN), (600, ZoneState.VACANT), (4500, ZoneState.UNKNOWN)]


def test_every_shows_each_zone_at_its_pace_without_changing_what_happens() -> None:
    steps = trace((0, False), (10, True), (300, False), (960, False), (1260, False))
    shown = list(Replay(plan(site(sensors=1)), every_s=60).run(steps))
    paced = [one.t - T0 for one in shown if not one.is_change]
    assert paced == [60 * number for number in range(22)]
    assert [one.t - T0 for one in shown if one.is_change] == [0, 10, 960]
    assert [one.said.seq for one in shown] == list(range(1, len(shown) + 1))


def test_a_message_dated_backwards_is_taken_at_once() -> None:
    steps = [*trace((100, False)), *trace((50, True))]
    shown = [one.t - T0 for one in Replay(plan(site(sensors=1))).run(steps)]
    assert shown == [100, 100]


def written(tmp_path: Path, lines: Iterable[str]) -> tuple[str, str]:
    """Write a site file and a trace, and return their paths."""
    where, what = tmp_path / "site.toml", tmp_path / "trace.jsonl"
    where.write_text(site_text(tmp_path))
    what.write_text("\n".join(lines) + "\n")
    return str(where), str(what)


def test_the_command_prints_one_zone_message_per_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line(T0 + at_s, Message(name, text), Mask()) for at_s, name, text in messages(recorded_day(), TOPICS)]
    where, what = written(tmp_path, lines)
    assert main(["replay", what, "--site", where]) == 0
    shown = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["state"] for one in shown[:3]] == ["unknown", "occupied", "vacant"]
    assert shown[1]["t"] == T0 + 184
    assert all(one["zone"] == "lagerelden" for one in shown)


def test_the_command_explains_which_sensors_decided_and_how_each_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where, what = written(tmp_path, [line(5, Message(TOPICS[0], payload(is_on=True)), Mask())])
    assert main(["replay", what, "--site", where, "--explain"]) == 0
    shown = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["sensor"] for one in shown[-1]["evidence"]] == ["pir-1", "pir-2"]
    assert shown[-1]["evidence"][0]["on_since"] == 5
    assert shown[-1]["evidence"][1]["heard"] is None
    assert shown[-1]["decided"] == ["pir-1"]
    assert [one["health"] for one in shown[-1]["evidence"]] == ["fresh", "unheard"]
    assert all(one["says"][0].keys() == {"sv", "en"} for one in shown[-1]["evidence"][1:])


def test_the_command_names_bad_lines_counts_bad_messages_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["{", line(1, Message("elsewhere", b"x"), Mask()), line(2, Message(TOPICS[0], payload(is_on=True)), Mask())]
    where, what = written(tmp_path, lines)
    assert main(["replay", what, "--site", where]) == 1
    printed = capsys.readouterr()
    assert [json.loads(one)["state"] for one in printed.out.splitlines()] == ["unknown", "occupied"]
    assert "line 1 is not JSON" in printed.err
    assert "service: unknown-topic: 1" in printed.err


def test_the_command_says_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where, _ = written(tmp_path, [])
    assert main(["replay", str(tmp_path / "none"), "--site", where]) == 2
    assert main(["replay", "-", "--site", where, "--every", "0"]) == 2
    assert "cannot be read" in capsys.readouterr().err
