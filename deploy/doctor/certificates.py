"""Certificates and when they end: the broker's, ours, the board's, every device's, and that shown to the centre."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from deploy.broker.authority import Authority
from deploy.broker.house import FOLDER
from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.credentials import CredentialError, read_credential
from kiosk.tools.site import Site

AHEAD = timedelta(days=30)


def check(site: Site, now: Instant, folder: Path = FOLDER) -> tuple[Finding, ...]:
    """Return one finding for each certificate that ends within 30 days, or one with the first that will."""
    ends = dict(_ends(site, folder))
    soon = [_soon(name, end, now.wall) for name, end in sorted(ends.items()) if end - now.wall <= AHEAD]
    if soon:
        return tuple(soon)
    if not ends:
        return (well("certificates", "huset har inga certifikat", "the house has no certificates"),)
    first = min(ends, key=lambda name: ends[name])
    at = f"{ends[first]:%Y-%m-%d}"
    return (well("certificates", f"{first} går först ut, {at}", f"{first} is the first to end, {at}"),)


def _soon(name: str, end: datetime, now: datetime) -> Finding:
    at, is_over = f"{end:%Y-%m-%d}", end <= now
    sv = f"gick ut {at}" if is_over else f"går ut {at}"
    en = f"ended on {at}" if is_over else f"ends on {at}"
    kind = {"broker": " --for broker", "board": " --for board", "samverk-sensors": " --for service"}.get(name, "")
    if "/" in name or name == "centre-certificate":
        return ill(f"certificate {name}", f"{sv}: lägg dit ett nytt", f"{en}: put a new one there")
    do = f"samverk broker issue {name}{kind}"
    return ill(f"certificate {name}", f"{sv}: kör `{do}` och byt filerna", f"{en}: run `{do}` and replace its files")


def _ends(site: Site, folder: Path) -> Iterator[tuple[str, datetime]]:
    """Yield the name and the end of every certificate in use; of a name that was issued again, the last one's."""
    known = set[Path]()
    if (folder / "ca.pem").is_file():
        known = {folder / "ca.pem", folder / "broker.pem", folder / "out" / "samverk-sensors" / "certificate.pem"}
        given = [one for one in Authority(folder).given() if not one.is_revoked]
        yield from ((one.grant.name, one.ends) for one in given)
        yield from _file(folder / "ca.pem", "authority/ca.pem")
    broker, board = site.tables.broker, site.tables.board
    for path in (broker.ca if broker else "", broker.certificate if broker else "", board.certificate):
        if path and Path(path) not in known and not Path(path).is_relative_to(folder):
            yield from _file(Path(path), path)
    try:
        own = read_credential("centre-certificate", site.state_dir)
    except CredentialError:
        return
    yield ("centre-certificate", x509.load_pem_x509_certificate(own).not_valid_after_utc)


def _file(path: Path, name: str) -> Iterator[tuple[str, datetime]]:
    if path.is_file():
        yield (name, x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc)
