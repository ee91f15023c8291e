"""Builds the package: stage, papers, verify, nfpm. The same checkout gives the same bytes, wherever and whenever."""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from deploy.package import machines, papers, stage, verify

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
NFPM = Path(sys.executable).parent / "nfpm"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, print where the package is, and return 0; 1 if what was staged does not hold."""
    parser = argparse.ArgumentParser(prog="deploy/package/build", description="make the Debian package")
    parser.add_argument("--arch", choices=machines.MACHINES, default=machines.own(), help="(default %(default)s)")
    parser.add_argument("--target", type=Path, default=ROOT / "dist", metavar="DIR", help="(default %(default)s)")
    args = parser.parse_args(arguments)
    try:
        print(build(args.arch, args.target))
    except (machines.PackageError, subprocess.CalledProcessError) as error:
        print(f"deploy/package/build: {error}", file=sys.stderr)
        return 1
    return 0


def build(arch: str, target: Path) -> Path:
    """Return the package for that architecture, made in `target`. Raise `PackageError` if it must not be shipped."""
    version, epoch_s = _version(), papers.released_s(HERE / "changelog")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="samverk-package-") as folder:
        tree = Path(folder) / "stage"
        stage.fill(tree, machines.MACHINES[arch], epoch_s)
        papers.write(tree, HERE / "changelog", version)
        verify.check(tree, machines.MACHINES[arch], (str(ROOT), folder, sys.prefix))
        stage.normalise(tree, epoch_s)
        package = target / f"samverk_{version}_{arch}.deb"
        _nfpm(Path(folder), package, arch=arch, version=version, epoch_s=epoch_s)
    return package


def _nfpm(folder: Path, package: Path, *, arch: str, version: str, epoch_s: int) -> None:
    environment = os.environ | {"ARCH": arch, "VERSION": version, "SOURCE_DATE_EPOCH": str(epoch_s)}
    scripts = folder / "scripts"
    scripts.mkdir()
    for one in (HERE / "scripts").iterdir():
        (scripts / one.name).write_bytes(one.read_bytes())
    stage.normalise(scripts, epoch_s, mode=0o755)
    command = [str(NFPM), "package", "--config", str(HERE / "nfpm.yaml"), "--packager", "deb"]
    command += ["--target", str(package.resolve())]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


if __name__ == "__main__":
    sys.exit(main())
