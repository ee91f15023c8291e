"""Power and heat on a Raspberry Pi: its firmware remembers every undervoltage since the start."""

import shutil
import subprocess
from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site

SYS = Path("/sys")
THROTTLED = "devices/platform/soc*/soc*:firmware/get_throttled"
"""Where the kernel shows the firmware's word; a Raspberry Pi 5 has an address in both names."""

VCGENCMD = "vcgencmd"
ANSWER_S = 5
UNDER_NOW, UNDER_BEFORE = 1 << 0, 1 << 16
HOT_NOW, HOT_BEFORE = 1 << 3, 1 << 19
"""Bits of the firmware's get_throttled, as the Raspberry Pi documentation of `vcgencmd` gives them."""


def check(_site: Site, _now: Instant, sys: Path = SYS) -> tuple[Finding, ...]:
    """Return one finding about power and one about heat, or that this is no Raspberry Pi."""
    bits = _bits(sys)
    if bits is None:
        return (well("power", "ingen Raspberry Pi: inget att läsa av", "no Raspberry Pi: nothing to read"),)
    found = []
    if bits & (UNDER_NOW | UNDER_BEFORE):
        sv = "för låg spänning: använd Raspberrys eget nätaggregat och en kort kabel"
        found.append(ill("power", sv, "the voltage is too low: use the Raspberry Pi's own supply and a short cable"))
    if bits & (HOT_NOW | HOT_BEFORE):
        sv = "den har blivit för varm: ge den luft eller en fläkt"
        found.append(ill("heat", sv, "it has become too hot: give it air or a fan"))
    return tuple(found) or (well("power", "spänning och värme är bra", "voltage and heat are fine"),)


def _bits(sys: Path) -> int | None:
    """Return the firmware's bits by the first way that there is, or None on another machine."""
    for throttled in sys.glob(THROTTLED):
        return int(throttled.read_text().strip(), 16)
    if shutil.which(VCGENCMD):
        return _asked()
    for name in sys.glob("class/hwmon/hwmon*/name"):
        alarm = name.parent / "in0_lcrit_alarm"
        if name.read_text().strip() == "rpi_volt" and alarm.is_file():
            return UNDER_NOW if alarm.read_text().strip() == "1" else 0
    return None


def _asked() -> int | None:
    """Return what the firmware's own tool says, such as `throttled=0x50005`, or None if it says nothing."""
    command = [VCGENCMD, "get_throttled"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ANSWER_S).stdout
    _, _, bits = said.strip().partition("=")
    return int(bits, 16) if bits else None
