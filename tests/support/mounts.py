"""Scripts with mounts of their own, for disks that are full or read-only. Root needs no user namespace for it."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_with_mounts(script: str, name: str) -> "subprocess.CompletedProcess[str]":
    """Run the shell script from the root of the checkout, where `$0` is `name`, and return how it ended."""
    # In a tree that is only a changed root, as for a fresh machine, there are no user namespaces.
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *own, "sh", "-c", script, name]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
