"""The sync service as a process for tests: `python -m tests.support.centre_sync SITE_FILE`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.command import main
from kiosk.tools.credentials import write_credential
from tests.support.centre import site_text


def start(site_file: Path) -> "subprocess.Popen[bytes]":
    """Start the service."""
    command = [sys.executable, "-m", "tests.support.centre_sync", str(site_file)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)


@contextmanager
def started(site_file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the service until the end of the block, and fail if it does not end well then."""
    process = start(site_file)
    try:
        yield process
    finally:
        process.terminate()
        _, log = process.communicate()
    assert process.returncode == 0, log


def prepared(folder: Path, url: str, token: str) -> Path:
    """Write the site file and the token, and return the file."""
    write_credential("centre-token", token.encode(), folder)
    site_file = folder / "site.toml"
    site_file.write_text(site_text(folder, url))
    return site_file


if __name__ == "__main__":
    sys.exit(main(["sync", "--site", sys.argv[1]]))
