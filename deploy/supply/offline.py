"""Wheels gathered where there is a network and installed where there is none, each only with a hash that we pinned."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from deploy.supply.pins import RUN

_PIP = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes", "-r", str(RUN))


class SupplyError(Exception):
    """A step failed; the text is what pip said."""


def gather(wheelhouse: Path) -> int:
    """Fill the folder with this machine's wheel of every pin, and return how many there are."""
    wheelhouse.mkdir(parents=True, exist_ok=True)
    _pip("download", "--only-binary", ":all:", "--dest", str(wheelhouse))
    return sum(1 for _ in wheelhouse.glob("*.whl"))


def check(wheelhouse: Path) -> None:
    """Raise `SupplyError` if a wheel is missing from the folder, or is not one that we pinned."""
    with tempfile.TemporaryDirectory() as folder:
        _pip("download", "--no-index", "--find-links", str(wheelhouse), "--dest", folder)


def install(wheelhouse: Path, environment: Path) -> Path:
    """Make an environment out of the wheels alone, and return its Python. Raise `SupplyError` if one is not ours."""
    venv.create(environment, with_pip=False, clear=True, symlinks=True)
    python = environment / "bin" / "python"
    _pip("install", "--no-compile", "--no-index", "--find-links", str(wheelhouse), python=python)
    return python


def _pip(what: str, *arguments: str, python: Path | None = None) -> None:
    place = ["--python", str(python)] if python else []
    command = [sys.executable, "-m", "pip", *place, what, *arguments, *_PIP]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SupplyError(run.stderr)
