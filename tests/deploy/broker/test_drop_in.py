"""The drop-in for mosquitto's unit: sound, and scored at most 1.5 where the unit as Debian ships it has above 9."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.parts

DROP_IN = Path(__file__).parents[3] / "deploy" / "broker" / "mosquitto.service.conf"
DEBIAN = """\
[Unit]
Description=Mosquitto MQTT Broker
[Service]
Type=notify
NotifyAccess=main
ExecStartPre=/bin/mkdir -m 740 -p /var/log/mosquitto
ExecStart=/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf
"""


def scored(folder: Path, threshold: int) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={threshold}", "mosquitto.service"]
    environment = {"SYSTEMD_UNIT_PATH": str(folder), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_drop_in_takes_the_broker_from_above_nine_to_at_most_one_and_a_half(tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), "systemd is missing: apt-get install systemd"
    (tmp_path / "mosquitto.service").write_text(DEBIAN)
    assert scored(tmp_path, 90).returncode != 0
    folder = tmp_path / "mosquitto.service.d"
    folder.mkdir()
    shutil.copy(DROP_IN, folder / "samverk.conf")
    result = scored(tmp_path, 15)
    assert result.returncode == 0, result.stdout[-400:]
    assert "Unknown" not in result.stderr
