"""A full disk: whoever taps is told of a fault and nothing is half recorded; with room again the house goes on."""

import json
import sys
from pathlib import Path

import pytest

from tests.support.mounts import run_with_mounts

pytestmark = pytest.mark.parts


def test_a_tap_on_a_full_disk_is_a_fault_that_is_said_and_the_evacuation_list_stays(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = f"mount -t tmpfs -o size=4m none {small} && exec $0 -m tests.support.full_disk {small}"
    done = run_with_mounts(script, sys.executable)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "before": "arrived",
        "full": "fault",
        "listed": ["Astrid"],
        "after": "arrived",
        "inside": ["Astrid", "Carl"],
        "sound": True,
    }
