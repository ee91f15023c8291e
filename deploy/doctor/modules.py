"""Kernel modules that take an NFC reader for themselves, so that the card daemon never sees it."""

from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site

GRABBERS = ("pn533_usb", "pn533", "nfc")
LOADED = Path("/proc/modules")


def check(site: Site, _now: Instant, loaded: Path = LOADED) -> tuple[Finding, ...]:
    """Return whether any of them is loaded, where the house has a PC/SC reader."""
    if not any(one.driver == "pcsc" for one in site.readers.values()):
        return ()
    names = {line.partition(" ")[0] for line in loaded.read_text().splitlines()} if loaded.exists() else set()
    found = [one for one in GRABBERS if one in names]
    if not found:
        return (well("modules", "inget i kärnan tar läsaren", "nothing in the kernel takes the reader"),)
    listed, command = ", ".join(found), f"modprobe -r {' '.join(found)}"
    return (
        ill(
            "modules",
            f"kärnans {listed} tar läsaren: kör `{command}` och `systemctl restart pcscd`",
            f"the kernel's {listed} takes the reader: run `{command}` and `systemctl restart pcscd`",
        ),
    )
