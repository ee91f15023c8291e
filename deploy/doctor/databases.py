"""The house's databases: each one read through, and whether nobody else can read what is in them."""

import sqlite3
from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.store.whole import DATABASES, damage
from kiosk.tools.site import Site


def check(site: Site, _now: Instant) -> tuple[Finding, ...]:
    """Return one finding for each database that needs somebody, or one that says that none does."""
    there = [site.state_dir / name for name in DATABASES if (site.state_dir / name).exists()]
    found = [one for path in there for one in _findings(path)]
    names = ", ".join(path.name for path in there) or "-"
    version = sqlite3.sqlite_version
    return tuple(found) or (
        well("databases", f"hela: {names} (SQLite {version})", f"whole: {names} (SQLite {version})"),
    )


def _findings(path: Path) -> list[Finding]:
    found = []
    wrong = damage(path)
    if wrong:
        sv = f"{path.name} är skadad ({wrong}): kör `samverk repair`"
        found.append(ill(path.name, sv, f"{path.name} is damaged ({wrong}): run `samverk repair`"))
    if path.stat().st_mode & 0o077:
        do = f"chmod 600 {path}"
        found.append(ill(path.name, f"andra kan läsa {path.name}: {do}", f"others can read {path.name}: {do}"))
    return found
