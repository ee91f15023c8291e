"""Stages the package's tree: the environment from hashed wheels, our own code, and the files for systemd and others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.package.machines import PYTHON, Machine, PackageError

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
HOME = "usr/lib/samverk"
"""Where the environment lies: private to `samverk`, before the system's packages in its path and in nobody else's."""

UNITS = "deploy/units"
PLACES: Mapping[str, str] = {
    f"{UNITS}/systemd/*": "usr/lib/systemd/system",
    f"{UNITS}/screen/*": "usr/share/samverk/screen",
    f"{UNITS}/system/sysusers.conf": "usr/lib/sysusers.d/samverk.conf",
    f"{UNITS}/system/tmpfiles.conf": "usr/lib/tmpfiles.d/samverk.conf",
    f"{UNITS}/reader/modprobe.conf": "usr/lib/modprobe.d/samverk.conf",
    f"{UNITS}/reader/polkit.rules": "usr/share/polkit-1/rules.d/50-samverk-reader.rules",
    f"{UNITS}/reader/udev.rules": "usr/lib/udev/rules.d/60-samverk-reader.rules",
    "deploy/broker/mosquitto.service.conf": "usr/lib/systemd/system/mosquitto.service.d/samverk.conf",
    "deploy/package/launcher": "usr/bin/samverk",
    "deploy/package/after-upgrade": "usr/share/samverk/bin/after-upgrade",
    "deploy/package/lintian-overrides": "usr/share/lintian/overrides/samverk",
}
"""Where the files go that are no Python; `*` copies a folder's files and folders."""

LEFT_OUT = ("pip", "pip-*.dist-info")
"""Dependencies that a hub never imports: sqlite-utils wants pip for plugins of its own command. No device installs."""

STDERR_SHOWN = 2000
_PIP_LEAVES = ("RECORD", "REQUESTED", "INSTALLER", "direct_url.json")
"""What pip notes for itself, with the paths of the machine that it ran on. Here dpkg keeps the books."""


def fill(tree: Path, machine: Machine, epoch_s: int) -> None:
    """Put everything but the papers into the tree."""
    home = tree / HOME
    home.mkdir(parents=True)
    _install_dependencies(home, machine)
    _install_ourselves(home, epoch_s)
    _tidy(home)
    for source, place in PLACES.items():
        _place(source, tree / place)


def normalise(tree: Path, epoch_s: int, mode: int | None = None) -> None:
    """Give every file and folder one time and the usual modes: neither umask nor hour of the build may show."""
    for path in (tree, *tree.rglob("*")):
        is_run = path.is_dir() or path.parent.name == "bin"
        path.chmod(mode or (0o755 if is_run else 0o644))
        os.utime(path, (epoch_s, epoch_s))


def _install_dependencies(home: Path, machine: Machine) -> None:
    # For another machine and another Python than this one: wheels only, each with the hash that it is pinned with.
    platforms = [word for one in machine.platforms for word in ("--platform", one)]
    tags = ["--python-version", PYTHON, "--implementation", "cp", *platforms, "--only-binary=:all:"]
    _pip(home, {}, "--require-hashes", *tags, "-r", str(ROOT / "requirements" / "run.txt"))


def _install_ourselves(home: Path, epoch_s: int) -> None:
    _pip(home, {"SOURCE_DATE_EPOCH": str(epoch_s)}, "--no-build-isolation", str(ROOT))


def _pip(home: Path, environment: Mapping[str, str], *arguments: str) -> None:
    given = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    given += ["--no-deps", "--no-compile", "--root-user-action=ignore", "--target", str(home), *arguments]
    done = subprocess.run(given, check=False, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode != 0:
        message = f"pip: {done.stderr[-STDERR_SHOWN:]}"
        raise PackageError(message)


def _tidy(home: Path) -> None:
    # Scripts of the dependencies begin with the path of the Python that built them, and nobody needs them.
    shutil.rmtree(home / "bin", ignore_errors=True)
    for unused in (path for name in LEFT_OUT for path in home.glob(name)):
        shutil.rmtree(unused)
    for folder in home.glob("*.dist-info"):
        for name in _PIP_LEAVES:
            (folder / name).unlink(missing_ok=True)
    for name in ("deploy/package", "deploy/image"):
        shutil.rmtree(home / name, ignore_errors=True)
    for cache in list(home.rglob("__pycache__")):
        shutil.rmtree(cache)


def _place(source: str, target: Path) -> None:
    if not source.endswith("/*"):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / source, target)
        return
    shutil.copytree(ROOT / source.removesuffix("/*"), target, dirs_exist_ok=True, copy_function=shutil.copyfile)
