"""What must hold of a staged tree before it is packed: binaries for its machine only, and no trace of the build's."""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.package.machines import Machine, PackageError

_ELF = b"\x7fELF"
_MACHINE_AT = 18
"""Where e_machine stands in an ELF header, after e_ident and e_type (elf(5))."""


def check(tree: Path, machine: Machine, build_paths: Sequence[str]) -> None:
    """Raise `PackageError` if the tree has binaries of another machine, none at all, or a path of the build in it."""
    found = list(elf_machines(tree))
    strangers = sorted(str(path.relative_to(tree)) for path, one in found if one != machine.elf)
    if strangers:
        message = f"not for {machine.debian}: {', '.join(strangers)}"
        raise PackageError(message)
    if not found:
        message = f"no binary for {machine.debian}: the environment is not whole"
        raise PackageError(message)
    named = sorted(str(path.relative_to(tree)) for path in naming(tree, build_paths))
    if named:
        message = f"they name a path of the build: {', '.join(named)}"
        raise PackageError(message)


def elf_machines(tree: Path) -> Iterator[tuple[Path, int]]:
    """Yield every ELF file with the machine that it is for."""
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            head = path.read_bytes()[: _MACHINE_AT + 2]
            if head.startswith(_ELF):
                yield path, struct.unpack_from("<H", head, _MACHINE_AT)[0]


def naming(tree: Path, paths: Sequence[str]) -> Iterator[Path]:
    """Yield every file whose content has one of these paths in it."""
    wanted = [one.encode() for one in paths if one]
    for path in tree.rglob("*"):
        if path.is_file() and any(one in path.read_bytes() for one in wanted):
            yield path
