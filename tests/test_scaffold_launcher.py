"""`./samverk` on machines that lack this or that: the real scripts in a folder of their own, with stand-ins for tools.

`tests/fresh/run` tries the same with real tools on a really fresh machine.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

pytestmark = pytest.mark.parts

ROOT = Path(__file__).parent.parent
GONE = "no-such-program"
PYTHON = """#!/bin/sh
# Stands in for Python: makes an environment of itself, and notes what else it is asked.
case "$1 $2" in
  "-c import ensurepip"*) exit 0 ;;
  "-c "*) echo "$0" ;;
  "-m venv")
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\necho ran "$@"\\n' >"$3/bin/samverk"
    chmod +x "$3/bin/samverk"
    ;;
  "-m pip")
    echo "$@" >>"$NOTES"
    case " $* " in *"$FAILS"*) echo told why >&2; exit 1 ;; esac
    ;;
esac
"""
APT = """#!/bin/sh
echo apt-get "$@" >>"$NOTES"
[ ! -x "$POLICY" ] || echo no service may start >>"$NOTES"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A checkout and a folder with the only tools that are found first in PATH."""

    checkout: Path
    tools: Path
    notes: Path
    fails: str = GONE

    def with_failing(self, words: str) -> Self:
        """Return the same machine where pip fails when asked this."""
        return replace(self, fails=words)

    def without(self, part: str) -> Self:
        """Return the same machine where the witness of a part is not found."""
        parts = self.checkout / "deploy" / "fresh" / "parts.sh"
        parts.write_text(parts.read_text().replace(part, part.partition(":")[0] + ":" + GONE))
        return self

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher without a terminal."""
        environment = {
            "HOME": str(self.checkout.parent),
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "NOTES": str(self.notes),
            "FAILS": self.fails,
            "POLICY": str(self.checkout.parent / "policy"),
        }
        command: list[Path | str] = [self.checkout / "samverk", *arguments]
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def noted(self) -> str:
        """Return what pip and apt-get were asked."""
        return self.notes.read_text() if self.notes.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine that has everything, as root sees it."""
    checkout, tools = tmp_path / "samverk", tmp_path / "tools"
    checkout.mkdir()
    tools.mkdir()
    shutil.copy(ROOT / "samverk", checkout)
    shutil.copytree(ROOT / "deploy" / "fresh", checkout / "deploy" / "fresh")
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    scripts = {"python3.13": PYTHON, "apt-get": APT, "id": "#!/bin/sh\necho 0\n", "systemctl": "#!/bin/sh\n"}
    for name, script in {**scripts, "mosquitto": "#!/bin/sh\n", "gcc": "#!/bin/sh\n"}.items():
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    parts, install = checkout / "deploy" / "fresh" / "parts.sh", checkout / "deploy" / "fresh" / "install"
    parts.write_text(re.sub(r"/usr/include/[\w/.]+", "/bin/sh", parts.read_text()))
    install.write_text(install.read_text().replace("/usr/sbin/policy-rc.d", str(tmp_path / "policy")))
    return Machine(checkout=checkout, tools=tools, notes=tmp_path / "notes")


def test_the_first_start_installs_pinned_packages_and_passes_the_command_on(machine: Machine) -> None:
    done = machine.run("status", "--json")
    assert (done.returncode, done.stdout) == (0, "ran status --json\n")
    assert "--require-hashes" in machine.noted()


def test_a_later_start_installs_nothing_and_says_nothing(machine: Machine) -> None:
    machine.run("up")
    machine.notes.unlink()
    assert machine.run("up").stderr == ""
    assert machine.noted() == ""


def test_changed_pins_are_installed_at_the_next_start(machine: Machine) -> None:
    machine.run("status")
    machine.notes.unlink()
    (machine.checkout / "requirements" / "run.txt").write_text("changed")
    machine.run("status")
    assert "run.txt" in machine.noted()


def test_an_interrupted_environment_is_made_again(machine: Machine) -> None:
    assert machine.with_failing("--editable").run("status").returncode == 1
    (machine.checkout / ".venv" / "half").touch()
    assert machine.run("status").returncode == 0
    assert not (machine.checkout / ".venv" / "half").exists()


def test_an_environment_that_somebody_else_made_is_filled_and_not_removed(machine: Machine) -> None:
    theirs = machine.checkout / ".venv"
    subprocess.run([machine.tools / "python3.13", "-m", "venv", theirs], check=True)
    (theirs / "theirs").touch()
    assert machine.run("status").returncode == 0
    assert (theirs / "theirs").exists()


def test_a_checkout_that_has_moved_gets_a_new_environment(machine: Machine) -> None:
    machine.run("status")
    machine.notes.unlink()
    moved = machine.checkout.rename(machine.checkout.parent / "moved")
    assert replace(machine, checkout=moved).run("status").returncode == 0
    assert "--editable" in machine.noted()


def test_what_is_missing_and_may_not_be_installed_is_one_line_to_type(machine: Machine) -> None:
    done = machine.without("mosquitto:mosquitto").run("up")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "apt-get install --yes --no-install-recommends mosquitto" in done.stderr
    assert machine.noted() == ""


def test_yes_installs_without_asking(machine: Machine) -> None:
    done = machine.without("mosquitto:mosquitto").run("up", "--yes")
    assert (done.returncode, done.stdout) == (0, "ran up --yes\n")
    assert "install --yes --no-install-recommends mosquitto" in machine.noted()


def test_no_service_is_started_while_packages_are_installed_and_the_ban_is_lifted_afterwards(machine: Machine) -> None:
    machine.without("mosquitto:mosquitto").run("up", "--yes")
    assert "no service may start" in machine.noted()
    assert not (machine.checkout.parent / "policy").exists()


def test_without_the_headers_a_hub_starts_without_nfc_and_says_so_in_one_line(machine: Machine) -> None:
    done = machine.without("libpcsclite-dev:/bin/sh").run("up")
    assert (done.returncode, done.stdout) == (0, "ran up\n")
    assert [line for line in done.stderr.splitlines() if "NFC" in line and "libpcsclite-dev" in line]
    assert "nfc.txt" not in machine.noted()


def test_when_nfc_cannot_be_built_a_hub_starts_without_it(machine: Machine) -> None:
    done = machine.with_failing("nfc.txt").run("up")
    assert (done.returncode, done.stdout) == (0, "ran up\n")
    assert "utan NFC" in done.stderr


def test_nfc_that_could_not_be_built_is_not_tried_at_every_start(machine: Machine) -> None:
    machine.with_failing("nfc.txt").run("up")
    machine.notes.unlink()
    machine.run("up")
    assert machine.noted() == ""


def test_a_package_that_cannot_be_fetched_ends_the_start_with_what_pip_said(machine: Machine) -> None:
    done = machine.with_failing("run.txt").run("up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "told why"
