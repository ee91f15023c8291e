"""The architectures that a package is made for: Debian's name, their wheels', and what their binaries say."""

import platform
from dataclasses import dataclass

PYTHON = "3.13"
"""The Python of Debian 13 and of Raspberry Pi OS trixie: its wheels are taken, and no other is depended on."""
GLIBC_MINORS = (17, 24, 26, 27, 28, 31, 34)
"""The C libraries that wheels are made for, as in manylinux_2_28: trixie's 2.41 runs all of them."""


class PackageError(Exception):
    """The package cannot be made, or must not be shipped; the text says why."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture. `elf` is e_machine in the header of every binary (elf(5))."""

    debian: str
    wheel: str
    elf: int

    @property
    def platforms(self) -> tuple[str, ...]:
        """Return the platform tags of wheels that run there (PEP 600)."""
        return (f"manylinux2014_{self.wheel}", *(f"manylinux_2_{one}_{self.wheel}" for one in GLIBC_MINORS))


MACHINES = {
    "amd64": Machine("amd64", "x86_64", elf=62),
    "arm64": Machine("arm64", "aarch64", elf=183),
}


def own() -> str:
    """Return Debian's name of this machine's architecture, or the first that we know."""
    return next((name for name, one in MACHINES.items() if one.wheel == platform.machine()), next(iter(MACHINES)))
