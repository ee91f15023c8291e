"""A printer that remembers what it was given, in the place of CUPS's `lp`."""

import os
from pathlib import Path


class RememberingPrinter:
    """An `lp` in a folder of its own that keeps its arguments and its input; `breaks` makes it fail and say so."""

    def __init__(self, folder: Path) -> None:
        """Put it there."""
        self.folder = folder
        folder.mkdir()
        self._write("exit 0")

    def breaks(self, says: str, status: int = 1) -> None:
        """Let it fail from now on."""
        self._write(f"echo '{says}' >&2; exit {status}")

    def hangs(self) -> None:
        """Let it take nothing from now on."""
        self._write("exec sleep 5")

    @property
    def path(self) -> str:
        """Return the search path with it first."""
        return f"{self.folder}:{os.environ['PATH']}"

    def printed(self) -> list[tuple[str, str]]:
        """Return the arguments and the text of each printing, the oldest first."""
        found = sorted(self.folder.glob("*.arguments"))
        return [(one.read_text().strip(), one.with_suffix(".text").read_text()) for one in found]

    def _write(self, ends: str) -> None:
        lp = self.folder / "lp"
        lp.write_text(
            "#!/bin/sh\n"
            f"n=$(ls {self.folder}/*.arguments 2>/dev/null | wc -l)\n"
            f'echo "$@" > {self.folder}/$n.arguments\n'
            f"cat > {self.folder}/$n.text\n"
            f"{ends}\n"
        )
        lp.chmod(0o755)
