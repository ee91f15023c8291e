"""The clock: whether it was ever set, is kept in step, and agrees with the latest time the centre has told."""

from datetime import datetime

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import ClockState, Instant
from kiosk.store.queue import OutboxReader
from kiosk.tools.site import Site

_WELL = well("clock", "klockan är ställd och hålls i takt", "the clock is set and kept in step")
_BEHIND = ill(
    "clock",
    "klockan går efter vad centralen redan har sagt: kontrollera nätet och `timedatectl`, eller byt batteriet",
    "the clock is behind what the centre has already told: check the network and `timedatectl`, or its battery",
)
_UNSET = ill(
    "clock",
    "klockan är inte ställd: ge nät eller kör `timedatectl set-time`; kort läses som vanligt",
    "the clock was never set: give it network or run `timedatectl set-time`; badges are read as usual",
)
_LOOSE = ill(
    "clock",
    "klockan hålls inte i takt: starta `systemd-timesyncd` eller `chrony`, och kontrollera nätet",
    "the clock is not kept in step: start `systemd-timesyncd` or `chrony`, and check the network",
)


def check(site: Site, now: Instant) -> tuple[Finding, ...]:
    """Return one finding about the clock."""
    if now.clock is ClockState.UNSET:
        return (_UNSET,)
    told = _latest_told(site)
    if told is not None and told > now.wall:
        return (_BEHIND,)
    return (_WELL if now.clock is ClockState.SYNCED else _LOOSE,)


def _latest_told(site: Site) -> datetime | None:
    reader = OutboxReader(site.state_dir / "roster.db")
    try:
        return reader.last_server()
    finally:
        reader.close()
