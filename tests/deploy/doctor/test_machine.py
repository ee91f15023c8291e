"""What `samverk doctor` says of the machine: kernel modules, clock, disk, power, versions."""

import importlib.metadata
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.doctor import clock, disk, modules, power, versions
from deploy.doctor.finding import Finding
from kiosk.domain.instant import ClockState
from kiosk.store.roster import RosterWriter
from kiosk.tools.site import Site
from tests.support.books import make_site
from tests.support.house import at
from tests.support.mounts import run_with_mounts

PCSC = '\n[[reader]]\nid = "desk"\ndriver = "pcsc"\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, PCSC)


def alone(found: tuple[Finding, ...]) -> Finding:
    (one,) = found
    return one


def test_the_kernel_modules_that_take_the_reader_are_named_with_the_command_that_unloads_them(
    site: Site, tmp_path: Path
) -> None:
    loaded = tmp_path / "modules"
    loaded.write_text("pn533_usb 20480 0 - Live 0x0\npn533 53248 1 pn533_usb, Live 0x0\nbtrfs 1 0 - Live 0x0\n")
    found = alone(modules.check(site, at(0), loaded))
    assert not found.is_well
    assert "modprobe -r pn533_usb pn533`" in found.says.sv
    loaded.write_text("btrfs 1 0 - Live 0x0\n")
    assert alone(modules.check(site, at(0), loaded)).is_well
    assert modules.check(make_site(tmp_path), at(0), loaded) == ()


@pytest.mark.parametrize(
    ("state", "is_well", "part"),
    [(ClockState.SYNCED, True, ""), (ClockState.SET, False, "timesyncd"), (ClockState.UNSET, False, "set-time")],
)
def test_the_clock_is_well_only_while_it_is_kept_in_step(
    site: Site,
    state: ClockState,
    is_well: bool,  # noqa: FBT001 - a case of the table
    part: str,
) -> None:
    found = alone(clock.check(site, at(0, clock=state)))
    assert (found.is_well, part in found.says.en) == (is_well, True)


def test_a_clock_behind_what_the_centre_has_told_is_named(site: Site) -> None:
    now = at(0)
    roster = RosterWriter(site.state_dir / "roster.db")
    roster.boots.heard(now, now.wall + timedelta(days=400), 0.1)
    roster.close()
    found = alone(clock.check(site, now))
    assert (found.is_well, "behind" in found.says.en) == (False, True)
    assert alone(clock.check(site, replace(now, wall=now.wall + timedelta(days=401)))).is_well


@pytest.mark.parametrize(
    ("bits", "about"),
    [("0x0", ["power"]), ("0x50000", ["power"]), ("0x1", ["power"]), ("0x8", ["heat"]), ("0x90009", ["power", "heat"])],
)
def test_undervoltage_and_heat_are_named_also_when_they_are_over(
    site: Site, tmp_path: Path, bits: str, about: list[str]
) -> None:
    place = "soc/soc:firmware" if bits != "0x1" else "soc@107c000000/soc@107c000000:firmware"
    file = tmp_path / "sys" / "devices" / "platform" / place / "get_throttled"
    file.parent.mkdir(parents=True)
    file.write_text(f"{bits}\n")
    found = power.check(site, at(0), tmp_path / "sys")
    assert [one.about for one in found] == about
    assert all(one.is_well for one in found) == (bits == "0x0")


def test_where_the_kernel_does_not_tell_the_firmware_s_own_tool_is_asked(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / power.VCGENCMD
    tool.write_text("#!/bin/sh\necho throttled=0x50005\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert [one.about for one in power.check(site, at(0), tmp_path / "none") if not one.is_well] == ["power"]


def test_a_driver_s_alarm_tells_of_undervoltage_where_the_firmware_does_not(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "class" / "hwmon" / "hwmon1"
    folder.mkdir(parents=True)
    (folder / "name").write_text("rpi_volt\n")
    (folder / "in0_lcrit_alarm").write_text("1\n")
    assert not alone(power.check(site, at(0), tmp_path)).is_well
    (folder / "in0_lcrit_alarm").write_text("0\n")
    assert alone(power.check(site, at(0), tmp_path)).is_well
    assert alone(power.check(site, at(0), tmp_path / "none")).says.en.startswith("no Raspberry Pi")


def test_a_library_of_another_version_than_was_tried_is_named(site: Site) -> None:
    def known(name: str) -> str:
        return "0.1.13" if name == "textual" else importlib.metadata.version(name)

    found = alone(versions.check(site, at(0), known))
    assert (found.is_well, "textual" in found.says.sv) == (False, True)
    assert alone(versions.check(site, at(0))).is_well


def test_a_library_that_is_missing_is_named(site: Site) -> None:
    def known(name: str) -> str:
        if name == "msgspec":
            raise importlib.metadata.PackageNotFoundError
        return importlib.metadata.version(name)

    assert "msgspec" in alone(versions.check(site, at(0), known)).says.en


@pytest.mark.parts
@pytest.mark.parametrize(
    ("fault", "part"),
    [("", "MB free"), ("head -c 980k /dev/zero > $0/full", "only 0 MB"), ("mount -o remount,ro $0", "only be read")],
)
def test_a_full_and_a_read_only_disk_are_named(tmp_path: Path, fault: str, part: str) -> None:
    state, file = tmp_path / "state", tmp_path / "site.toml"
    state.mkdir()
    file.write_text(
        f'[site]\nid = "test"\nname = "Testhuset"\nstate_dir = "{state}"\n',
    )
    ask = f"{sys.executable} -m deploy doctor --only disk --language en --site {file}"
    script = f"mount -t tmpfs -o size=1m none $0 && {fault or 'true'} && {ask}"
    run = run_with_mounts(script, str(state))
    assert part in run.stdout, run.stderr
    assert run.returncode == (1 if fault else 0)


def test_a_state_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "samverk init" in alone(disk.check(make_site(tmp_path / "none"), at(0))).says.sv
