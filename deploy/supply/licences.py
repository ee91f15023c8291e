"""Under which licence each package is, as its own metadata says."""

import importlib.metadata
from collections.abc import Iterable, Mapping

from deploy.supply.pins import Pin

UNKNOWN = "not said"
NOT_HERE = "not installed on this machine"
"""A package for other machines only, such as one for Windows, has no metadata to read here."""

_CLASSIFIER = "License :: "
_LINE_MAX = 100


def licences(wanted: Iterable[Pin]) -> dict[str, str]:
    """Return the licence of each package by its name."""
    return {one.name: _licence(one.name) for one in wanted}


def listed(wanted: Iterable[Pin], found: Mapping[str, str]) -> str:
    """Return the list, a line for each package."""
    rows = [(one.name, one.version, found[one.name]) for one in wanted]
    width = max(len(row[0]) for row in rows)
    return "".join(f"{name:{width}}  {version:12}  {licence}\n" for name, version, licence in rows)


def _licence(name: str) -> str:
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return NOT_HERE
    classifiers = [one for one in said.get_all("Classifier", []) if one.startswith(_CLASSIFIER)]
    ways = (
        *said.get_all("License-Expression", []),
        ", ".join(one.rpartition(" :: ")[2] for one in classifiers),
        *(one.strip().partition("\n")[0] for one in said.get_all("License", [])),
        _first_line(name),
    )
    return next((one[:_LINE_MAX] for one in ways if one), UNKNOWN)


def _first_line(name: str) -> str:
    """Return the first line of the package's licence file, or nothing."""
    files = importlib.metadata.files(name) or []
    texts = [one.read_text() for one in files if one.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))]
    return next((line.strip() for text in texts for line in text.splitlines() if line.strip()), "")
