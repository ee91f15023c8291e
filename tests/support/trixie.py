"""A minimal Debian 13 on disk, with what a kiosk has besides Samverk: made once by debootstrap, and kept in the cache.

Nothing is ever written in it: machines run over it (machine.py) with changes of their own in memory.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUITE = "trixie"
PACKAGES = (
    # what a device has
    *(
        "systemd-sysv",
        "libpam-systemd",
        "dbus",
        "udev",
        "python3",
        "python3-pyscard",
        "python3-evdev",
        "fonts-dejavu-core",
    ),
    *("pcscd", "polkitd", "mosquitto", "seatd", "cage", "foot"),
    # a reader that is none, and eyes for the picture
    *("vsmartcard-vpcd", "grim", "tesseract-ocr", "tesseract-ocr-swe"),
)
NEEDED = ("debootstrap", "systemd-nspawn", "nsenter")
MAKING_S = 900


def trixie() -> Path:
    """Return the folder of the tree, made now if it is not there. Fail saying what is missing if it cannot be made."""
    missing = [one for one in NEEDED if shutil.which(one) is None]
    assert not missing, f"needs {', '.join(missing)}: run the tests by ./samverk test, which installs them"
    assert os.geteuid() == 0, "needs root: a machine is booted"
    recipe = hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "samverk"
    cache.mkdir(parents=True, exist_ok=True)
    tree = cache / f"{SUITE}-{recipe}"
    with _locked(cache / f"{SUITE}.lock"):
        if not tree.exists():
            _make(tree)
    return tree


def _make(tree: Path) -> None:
    # Whole or not at all: an interrupted debootstrap leaves a folder of another name.
    with tempfile.TemporaryDirectory(prefix=f"{SUITE}-", dir=tree.parent) as folder:
        made = Path(folder) / "tree"
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(made), _archive()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=MAKING_S, check=False)
        assert done.returncode == 0, f"debootstrap could not make {SUITE}:\n{done.stdout[-3000:]}{done.stderr[-1000:]}"
        shutil.rmtree(made / "var" / "cache" / "apt", ignore_errors=True)
        made.rename(tree)


def _archive() -> str:
    """Return the first Debian archive that apt knows here: none is named in a file of ours."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    known = [one.split()[0] for one in lines if one.split()[1:] == ["Debian", "Debian"]]
    assert known, "apt knows no archive of Debian's: run apt-get update"
    return known[0]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
