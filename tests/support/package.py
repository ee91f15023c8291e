"""The Debian package of this checkout, built once for all tests of one run, whichever worker asks first."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from deploy.package.build import build
from deploy.package.machines import own


def built(tmp_path_factory: pytest.TempPathFactory, arch: str = "") -> Path:
    """Return the package for that architecture, by default for this machine's."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    target = shared / "package" / (arch or own())
    target.mkdir(parents=True, exist_ok=True)
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = next(target.glob("*.deb"), None)
        return made or build(arch or own(), target)


def later(package: Path, folder: Path, version: str) -> Path:
    """Return the same package under a later version number."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    lines = [f"Version: {version}" if one.startswith("Version: ") else one for one in control.read_text().splitlines()]
    control.write_text("\n".join([*lines, ""]))
    made = folder / f"samverk_{version}_{own()}.deb"
    packed = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made)]
    subprocess.run(packed, check=True, stdout=subprocess.DEVNULL)
    return made
