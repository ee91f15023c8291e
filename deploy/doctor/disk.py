"""The disk that the state is on: room, inodes, and whether a failing card has made it read-only."""

import os
from collections.abc import Callable
from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import Site

FREE_MB_MIN = 200
FREE_SHARE_MIN = 0.1
INODES_MIN = 1000
_MB = 1024 * 1024

Look = Callable[[Path], os.statvfs_result]


def check(site: Site, _now: Instant, look: Look = os.statvfs) -> tuple[Finding, ...]:
    """Return one finding about the disk."""
    where = site.state_dir
    try:
        seen = look(where)
    except FileNotFoundError:
        missing = (f"{where} finns inte: kör `samverk init`", f"{where} is not there: run `samverk init`")
        return (ill("disk", *missing),)
    free_mb = seen.f_bavail * seen.f_frsize // _MB
    share = seen.f_bavail / max(1, seen.f_blocks)
    if seen.f_flag & os.ST_RDONLY:
        sv = f"{where} går bara att läsa, ofta för att minneskortet är trasigt: byt till reservenheten"
        return (ill("disk", sv, f"{where} can only be read, often because the card fails: use the spare device"),)
    if (free_mb < FREE_MB_MIN and share < FREE_SHARE_MIN) or (seen.f_files > 0 and seen.f_favail < INODES_MIN):
        sv = f"bara {free_mb} MB ledigt: ta bort gamla säkerhetskopior och loggar, kör `samverk repair --vacuum`"
        return (ill("disk", sv, f"only {free_mb} MB free: remove old backups and logs, run `samverk repair --vacuum`"),)
    return (well("disk", f"{free_mb} MB ledigt", f"{free_mb} MB free"),)
