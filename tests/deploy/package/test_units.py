"""The files for systemd and the screen: strict enough, waiting for nothing that may not come, large enough to read."""

import os
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from deploy.package.stage import ROOT
from kiosk.look.themes import THEMES, Surface, ThemeName
from sync.client import ANSWER_S, ATTEMPTS, CONNECT_S, SILENCE_S

UNITS = ROOT / "deploy" / "units"
SERVICES = sorted((UNITS / "systemd").glob("samverk-*.service"))
DISPLAYS = sorted(set((UNITS / "screen").glob("*.ini")) - {UNITS / "screen" / "foot.ini"})
PAPER = UNITS / "systemd" / "samverk-paper.service"
"""Runs once, when its timer says so."""
EXPOSURE_MAX = 20
"""In tenths: 2.0."""
NEVER_WAITED_FOR = ("network-online.target", "time-sync.target", "time-set.target", "DynamicUser")

WIDTH_EM, LINE_EM, CAPITAL_EM = 0.602, 1.164, 0.729
"""DejaVu Sans Mono, in parts of its size: its advance, ascent and descent together, and a capital letter."""
VIEWED_FROM_MM = 600
CAPITAL_PER_DISTANCE = 0.0122
"""0.7 degrees (EN 301 549, 5.1.4)."""


@pytest.mark.parts
@pytest.mark.parametrize("unit", SERVICES, ids=lambda one: one.stem)
def test_a_unit_is_exposed_as_little_as_it_may_be(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE_MAX}", str(unit)]
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{unit.parent}:"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr


@pytest.mark.parts
def test_the_gate_is_shut_for_a_unit_without_the_sandbox(tmp_path: Path) -> None:
    bare = tmp_path / "samverk-desk.service"
    bare.write_text((UNITS / "systemd" / bare.name).read_text())
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE_MAX}", str(bare)]
    ran = subprocess.run(
        command, capture_output=True, check=False, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    )
    assert ran.returncode != 0


def test_there_is_a_unit_for_every_service() -> None:
    assert {one.stem for one in SERVICES} == {
        f"samverk-{one}" for one in ("board", "centre", "desk", "paper", "screen", "sensors", "sync")
    }


@pytest.mark.parametrize("unit", sorted(set(SERVICES) - {PAPER}), ids=lambda one: one.stem)
def test_a_unit_tells_when_it_is_ready_and_is_watched_and_waits_for_nothing_outside(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "Type=notify" in lines
    assert any(re.fullmatch(r"WatchdogSec=\d+", line) for line in lines)
    assert "StateDirectoryMode=0700" in lines
    told = [line for line in lines if not line.startswith("#")]
    assert [(line, one) for line in told for one in NEVER_WAITED_FOR if one in line] == []


@pytest.mark.parts
def test_the_paper_is_printed_every_hour_by_a_unit_that_runs_once(tmp_path: Path) -> None:
    folder = tmp_path / "systemd"
    shutil.copytree(UNITS / "systemd", folder)
    (folder / PAPER.name).write_text(PAPER.read_text().replace("/usr/bin/samverk", "/bin/true"))
    command = ["systemd-analyze", "verify", "--man=no", PAPER.name, "samverk-paper.timer"]
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{folder}:"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert [line for line in ran.stderr.splitlines() if "samverk-paper" in line] == []
    assert "Type=oneshot" in PAPER.read_text().splitlines()
    timer = (UNITS / "systemd" / "samverk-paper.timer").read_text().splitlines()
    assert {"OnCalendar=hourly", "PartOf=samverk.target", "WantedBy=samverk.target"} <= set(timer)
    # Among what all services have in common, started anew for ever, a unit that runs once is refused by systemd.
    shutil.rmtree(folder / f"{PAPER.name}.d")
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "Restart=" in ran.stderr


def test_the_thread_to_the_centre_is_not_taken_for_dead_on_the_slowest_line() -> None:
    watchdog_s = int(_found(r"WatchdogSec=(\d+)", (UNITS / "systemd" / "samverk-sync.service").read_text())[0])
    kinds_of_work = 4
    assert watchdog_s > kinds_of_work * ATTEMPTS * (CONNECT_S + SILENCE_S + ANSWER_S)


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda one: one.stem)
def test_a_display_shows_letters_that_can_be_read_from_where_one_stands(display: Path) -> None:
    text = display.read_text()
    size = int(_found(r"pixelsize=(\d+)", text)[0])
    inches, wide, high, columns, rows = _found(r"([\d.]+) inches, (\d+) x (\d+): (\d+) x (\d+) characters", text)
    px_per_mm = (int(wide) ** 2 + int(high) ** 2) ** 0.5 / (float(inches) * 25.4)
    assert size * CAPITAL_EM >= CAPITAL_PER_DISTANCE * VIEWED_FROM_MM * px_per_mm * 0.995
    assert (int(wide) // round(size * WIDTH_EM), int(high) // round(size * LINE_EM)) == (int(columns), int(rows))
    assert f"{wide}x{high}" in display.stem


def test_there_is_a_display_for_each_that_the_pages_name() -> None:
    assert [one.stem for one in DISPLAYS] == ["10-1280x800", "15-1920x1080", "7-1280x720", "7-800x480"]


def test_the_terminal_begins_in_the_screens_own_colour() -> None:
    foot = ConfigParser(interpolation=None)
    foot.read(UNITS / "screen" / "foot.ini")
    assert f"#{foot['colors']['background']}" == THEMES[ThemeName.DARK][Surface.GROUND].back


def _found(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    assert found, f"{pattern} is not in {text}"
    return found.groups()
