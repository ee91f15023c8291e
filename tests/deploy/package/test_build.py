"""The package: the same bytes every time, nothing of the machine that built it, and lintian has nothing to say."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deploy.command import COMMANDS
from deploy.package import papers, verify
from deploy.package.build import build
from deploy.package.machines import MACHINES, PackageError, own
from deploy.package.stage import HOME, ROOT, normalise
from tests.support.package import built

pytestmark = [pytest.mark.parts, pytest.mark.timeout(300)]

AMD64, ARM64 = MACHINES["amd64"], MACHINES["arm64"]


def unpacked(package: Path, folder: Path) -> Path:
    """Return the folder that the package was unpacked in."""
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture(scope="module")
def tree(ours: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(ours, tmp_path_factory.mktemp("tree"))


def test_a_second_build_is_the_same_bytes_whatever_the_umask_and_the_folder(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setattr("tempfile.tempdir", None)
    mask = os.umask(0o077)
    try:
        again = build(own(), tmp_path / "again")
    finally:
        os.umask(mask)
    assert again.read_bytes() == ours.read_bytes()


def test_lintian_finds_nothing_that_is_not_explained(ours: Path) -> None:
    command = [
        "lintian",
        "--fail-on",
        "error,warning",
        "--allow-root",
        "--no-cfg",
        "--tag-display-limit",
        "0",
        str(ours),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_every_lintian_override_has_its_reason_on_the_line_before() -> None:
    lines = (ROOT / "deploy/package/lintian-overrides").read_text().splitlines()
    overrides = [number for number, line in enumerate(lines) if line.startswith("samverk:")]
    assert overrides
    assert all(lines[number - 1].startswith("# ") for number in overrides)


def test_nothing_in_it_names_the_machine_that_built_it(tree: Path) -> None:
    assert list(verify.naming(tree, (str(ROOT), sys.prefix))) == []
    assert [one for name in ("__pycache__", "direct_url.json", "RECORD") for one in tree.rglob(name)] == []


def test_it_has_no_tests_no_tools_and_no_installer(tree: Path) -> None:
    home = tree / HOME
    assert (home / "kiosk").is_dir()
    unwanted = ("tests", "pip", "pytest", "bin", "deploy/fresh", "deploy/package", "deploy/check.py")
    assert [one for one in unwanted if (home / one).exists()] == []


def test_its_manual_page_tells_every_command(tmp_path: Path) -> None:
    page = tmp_path / "samverk.1"
    page.write_text(papers.man_page("1"))
    shown = subprocess.run(
        ["man", "--warnings=w", "-l", page],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"MANWIDTH": "200"},
    )
    assert shown.stderr == ""
    assert [one for one in COMMANDS if one not in shown.stdout] == []


def test_its_copyright_tells_of_every_distribution_in_it(tree: Path) -> None:
    told = (tree / "usr/share/doc/samverk/copyright").read_text()
    folders = [one.name for one in (tree / HOME).glob("*.dist-info") if not one.name.startswith("samverk-")]
    assert len(folders) > 30
    assert [one for one in folders if f"Files: {HOME}/{one}/*" not in told] == []
    assert "as in its own text" not in told


def test_the_package_for_a_raspberry_pi_holds_binaries_for_it_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = unpacked(built(tmp_path_factory, "arm64"), tmp_path_factory.mktemp("arm64"))
    found = list(verify.elf_machines(tree))
    assert len(found) > 4
    assert {one for _, one in found} == {ARM64.elf}


def test_a_binary_of_another_machine_stops_the_build(tree: Path) -> None:
    verify.check(tree, MACHINES[own()], ())
    other = next(one for one in MACHINES.values() if one.debian != own())
    with pytest.raises(PackageError, match="not for"):
        verify.check(tree, other, ())


def test_an_environment_without_binaries_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "pure.py").write_text("")
    with pytest.raises(PackageError, match="not whole"):
        verify.check(tmp_path, AMD64, ())


def test_a_path_of_the_build_stops_it(tree: Path) -> None:
    with pytest.raises(PackageError, match="name a path"):
        verify.check(tree, MACHINES[own()], (f"/{HOME}",))


def test_times_and_modes_are_the_same_whatever_they_were(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(mode=0o700)
    for name, mode in (("bin/run", 0o600), ("text", 0o777)):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(mode)
    normalise(tmp_path, 86_400)
    assert {one.name: (one.stat().st_mode & 0o777, one.stat().st_mtime) for one in tmp_path.rglob("*")} == {
        "bin": (0o755, 86_400),
        "run": (0o755, 86_400),
        "text": (0o644, 86_400),
    }


def test_a_changelog_without_a_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "changelog").write_text("samverk (1) trixie; urgency=low\n")
    with pytest.raises(ValueError, match="who released it"):
        papers.released_s(tmp_path / "changelog")


def test_the_changelog_tells_of_the_version_that_is_built() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"({version})" in (ROOT / "deploy/package/changelog").read_text().splitlines()[0]
