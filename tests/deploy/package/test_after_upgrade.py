"""After an upgrade that does not work the package from before is back, and the data is as it was: with real dpkg."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.tools.site import Site
from tests.support.drill import event_ids, is_sound, looked_for, make_house, tap

pytestmark = pytest.mark.parts

SCRIPT = Path(__file__).parents[3] / "deploy" / "package" / "after-upgrade"


@dataclass(frozen=True)
class Machine:
    """A folder that dpkg takes for a whole machine, with a house's data in it."""

    root: Path
    house: Site

    def package(self, version: str, *, works: bool) -> Path:
        """Return a package of that version whose program says whether it works."""
        tree = self.root.parent / f"tree-{version}"
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "usr" / "bin").mkdir(parents=True)
        (tree / "usr" / "bin" / "samverk").write_text(f"#!/bin/sh\nexit {0 if works else 1}\n")
        (tree / "usr" / "bin" / "samverk").chmod(0o755)
        fields = f"Package: samverk\nVersion: {version}\nArchitecture: all\nMaintainer: test\nDescription: test\n"
        (tree / "DEBIAN" / "control").write_text(fields)
        built = self.root.parent / f"samverk_{version}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, built], check=True, capture_output=True)
        return built

    @property
    def dpkg(self) -> str:
        """Return the command that installs into this machine alone."""
        return f"dpkg --root={self.root} --force-not-root --force-depends --force-script-chrootless"

    def install(self, package: Path) -> None:
        """Install the package."""
        subprocess.run([*self.dpkg.split(), "--install", package], check=True, capture_output=True)

    def version(self) -> str:
        """Return the version that is installed."""
        asked = ["dpkg-query", f"--admindir={self.root}/var/lib/dpkg", "-W", "-f=${Version}", "samverk"]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout

    def look_after(self, old: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the script as after an upgrade, without its pauses."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DPKG": self.dpkg,
            "WELL": f"{self.root}/usr/bin/samverk status",
            "START": f"touch {self.root}/started",
            "HOLD": f"touch {self.root}/held",
            "LOOKS": "3",
            "LOOK_S": "0",
        }
        return subprocess.run([SCRIPT, old], env=environment | more, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root = tmp_path / "machine"
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "usr/bin"):
        (root / folder).mkdir(parents=True)
    (root / "var" / "lib" / "dpkg" / "status").touch()
    (root / "var" / "lib" / "dpkg" / "available").touch()
    house = make_house(root / "var" / "lib" / "samverk")
    tap(house, "Astrid", "Bo")
    return Machine(root, house)


def test_an_upgrade_that_works_stays(machine: Machine) -> None:
    old, new = machine.package("1.0", works=True), machine.package("2.0", works=True)
    machine.install(old)
    machine.install(new)
    done = machine.look_after(old)
    assert (done.returncode, machine.version()) == (0, "2.0"), done.stderr
    assert not (machine.root / "held").exists()


def test_an_upgrade_that_does_not_work_is_taken_back_with_the_data_as_it_was(machine: Machine) -> None:
    old, new = machine.package("1.0", works=True), machine.package("2.0", works=False)
    machine.install(old)
    machine.install(new)
    assert machine.version() == "2.0"
    before = event_ids(machine.house.state_dir / "journal.db")
    done = machine.look_after(old)
    assert (done.returncode, machine.version()) == (1, "1.0"), done.stderr
    assert all((machine.root / one).exists() for one in ("started", "held"))
    assert event_ids(machine.house.state_dir / "journal.db") == before
    assert looked_for(machine.house) == {"Astrid", "Bo"}
    assert is_sound(machine.house.state_dir / "journal.db")


def test_one_good_answer_before_a_fall_is_not_enough(machine: Machine) -> None:
    old, new = machine.package("1.0", works=True), machine.package("2.0", works=False)
    machine.install(old)
    machine.install(new)
    once = f"[ ! -e {machine.root}/asked ] && touch {machine.root}/asked || {machine.root}/usr/bin/samverk status"
    assert machine.look_after(old, WELL=once).returncode == 1
    assert (machine.root / "asked").exists()
    assert machine.version() == "1.0"


def test_it_says_so_when_the_old_package_does_not_help_either(machine: Machine) -> None:
    old, new = machine.package("1.0", works=False), machine.package("2.0", works=False)
    machine.install(old)
    machine.install(new)
    done = machine.look_after(old)
    assert (done.returncode, machine.version()) == (3, "1.0")
    assert "samverk doctor" in done.stderr


def test_without_a_package_to_go_back_to_nothing_is_done(machine: Machine) -> None:
    machine.install(machine.package("1.0", works=False))
    assert machine.look_after(machine.root / "none.deb").returncode == 2
    assert machine.version() == "1.0"


def test_all_looks_together_take_less_than_a_quarter_of_an_hour() -> None:
    values = dict(
        line.split("=${")[1].rstrip("}").split(":-")
        for line in SCRIPT.read_text().splitlines()
        if line.startswith(("LOOKS=", "LOOK_S="))
    )
    assert int(values["LOOKS"]) * int(values["LOOK_S"]) < 15 * 60
