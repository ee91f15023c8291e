"""What runs here: our own version, Python's, SQLite's, and whether the libraries are those that were tried."""

import importlib.metadata
import operator
import platform
import re
import sqlite3
from collections.abc import Callable

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site

SQLITE_MIN = (3, 37, 0)
"""The first SQLite with STRICT tables, which ours are."""

_WANTED = re.compile(r"(?P<name>[\w.-]+)(\[[\w,.-]+\])?(?P<clauses>[^;]*)")
_CLAUSE = re.compile(r"(==|>=|<)([\d.]+)")
_HOLDS = {"==": operator.eq, ">=": operator.ge, "<": operator.lt}

Known = Callable[[str], str]


def check(_site: Site, _now: Instant, known: Known = importlib.metadata.version) -> tuple[Finding, ...]:
    """Return what is too old or not the version that was tried, or that all is as it was."""
    found = [_other(one) for one in _others(known)]
    if sqlite3.sqlite_version_info < SQLITE_MIN:
        sv = f"SQLite {sqlite3.sqlite_version} är för gammal: uppgradera systemet"
        found.append(ill("versions", sv, f"SQLite {sqlite3.sqlite_version} is too old: upgrade the system"))
    runs = f"samverk {known('samverk')}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return tuple(found) or (well("versions", runs, runs),)


def _others(known: Known) -> list[str]:
    """Return the libraries that are missing or of another version than we ask for."""
    wanted = [_WANTED.fullmatch(one) for one in importlib.metadata.requires("samverk") or () if ";" not in one]
    return [one["name"] for one in wanted if one and not _fits(one["name"], one["clauses"], known)]


def _fits(name: str, clauses: str, known: Known) -> bool:
    try:
        version = _numbers(known(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    found = _CLAUSE.findall(clauses)
    return all(_HOLDS[sign](version, _numbers(bound)) for sign, bound in found)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(one) for one in re.findall(r"\d+", version)[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))


def _other(name: str) -> Finding:
    sv = f"{name} är inte den version som är provad: installera paketet samverk på nytt"
    return ill("versions", sv, f"{name} is not the version that was tried: install the package samverk anew")
