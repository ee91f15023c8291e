"""The house's own small certificate authority: issues, lists and revokes. Its key never leaves its folder.

Everything it makes begins before this release's date: a device whose clock starts in the past must not find the
broker's certificate, or the revocation list, to be of the future.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.broker.grants import SERVERS, Grant, Kind
from deploy.broker.writing import OPEN, OPEN_ROOM, SECRET, SECRET_ROOM, put, room
from kiosk.tools.clock import CLOCK_FLOOR

AUTHORITY_DAYS = 7305
BACKDATED = timedelta(days=1)


class AuthorityError(Exception):
    """The authority cannot do what was asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """One certificate that was issued. `grant` is what its name holds now."""

    grant: Grant
    serial: int
    ends: datetime
    is_revoked: bool


class Authority:
    """The authority in `folder`. `folder/authority` is for root alone; the rest may be read by everyone."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; `make` it first if there is no authority in it yet."""
        self.folder = folder
        self._own = folder / "authority"
        self._issued = folder / "issued"

    def exists(self) -> bool:
        """Return whether the authority was made."""
        return (self._own / "key.pem").is_file()

    def make(self, name: str, now: datetime) -> None:
        """Make the authority and an empty revocation list."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(f"{name}: samverk broker", "authority")
        ends = now + timedelta(days=AUTHORITY_DAYS)
        made = _builder(subject, subject, key.public_key(), begins=_begin(now), ends=ends)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_usage(is_authority=True), critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        certificate = made.sign(key, hashes.SHA256())
        room(self.folder, OPEN_ROOM)
        room(self._own, SECRET_ROOM)
        put(self._own / "key.pem", _key_pem(key), SECRET)
        put(self.folder / "ca.pem", certificate.public_bytes(Encoding.PEM), OPEN)
        self._write_revoked({}, now)

    def issue(self, grant: Grant, now: datetime, days: int) -> tuple[bytes, bytes]:
        """Return a new certificate and its key, in PEM, and keep the certificate. Earlier ones of the name hold on."""
        key, (authority, signer) = ec.generate_private_key(ec.SECP256R1()), self._signer()
        ends = min(now + timedelta(days=days), authority.not_valid_after_utc)
        made = _builder(
            _named(grant.name, grant.kind), authority.subject, key.public_key(), begins=_begin(now), ends=ends
        )
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(is_authority=False), critical=True)
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if grant.kind in SERVERS else ExtendedKeyUsageOID.CLIENT_AUTH
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        made = made.add_extension(known_by, critical=False)
        if grant.hosts:
            known_as = x509.SubjectAlternativeName([_address(one) for one in grant.hosts])
            made = made.add_extension(known_as, critical=False)
        certificate = made.sign(signer, hashes.SHA256())
        self._keep(grant, certificate)
        return certificate.public_bytes(Encoding.PEM), _key_pem(key)

    def revoke(self, name: str, now: datetime) -> int:
        """Let no certificate of that name in any more, and return how many those are."""
        revoked = self._revoked()
        ours = [one for one in self.given() if one.grant.name == name and not one.is_revoked]
        if ours:
            self._write_revoked({**revoked, **{one.serial: _begin(now) for one in ours}}, now)
        return len(ours)

    def given(self) -> tuple[Given, ...]:
        """Return every certificate that was issued, by name, the newest of a name last."""
        revoked = self._revoked()
        found = []
        for path in self._issued.glob("*/*.pem"):
            one = x509.load_pem_x509_certificate(path.read_bytes())
            grant = msgspec.json.decode((path.parent / "grant.json").read_bytes(), type=Grant)
            ends, serial = one.not_valid_after_utc, one.serial_number
            found.append(Given(grant, serial, ends, is_revoked=serial in revoked))
        return tuple(sorted(found, key=lambda one: (one.grant.name, one.ends, one.serial)))

    def grants(self) -> tuple[Grant, ...]:
        """Return who may come in: one grant for each name with a certificate that is not revoked."""
        return tuple({one.grant.name: one.grant for one in self.given() if not one.is_revoked}.values())

    def _keep(self, grant: Grant, certificate: x509.Certificate) -> None:
        room(self._issued, OPEN_ROOM)
        folder = room(self._issued / grant.name, OPEN_ROOM)
        put(folder / "grant.json", msgspec.json.encode(grant), OPEN)
        put(folder / f"{certificate.serial_number:x}.pem", certificate.public_bytes(Encoding.PEM), OPEN)

    def _signer(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        try:
            authority = x509.load_pem_x509_certificate((self.folder / "ca.pem").read_bytes())
            key = load_pem_private_key((self._own / "key.pem").read_bytes(), None)
        except OSError as error:
            message = f"there is no authority that you may use in {self.folder}: run `samverk broker ca` as root first"
            raise AuthorityError(message) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            message = f"the key in {self._own} is not one that this program made"
            raise AuthorityError(message)
        return authority, key

    def _revoked(self) -> dict[int, datetime]:
        path = self.folder / "crl.pem"
        if not path.exists():
            return {}
        return {one.serial_number: one.revocation_date_utc for one in x509.load_pem_x509_crl(path.read_bytes())}

    def _write_revoked(self, revoked: dict[int, datetime], now: datetime) -> None:
        authority, signer = self._signer()
        # It never falls due before the authority: with a list that has, mosquitto lets nobody in.
        made = x509.CertificateRevocationListBuilder().issuer_name(authority.subject).last_update(_begin(now))
        made = made.next_update(authority.not_valid_after_utc)
        for serial, at in revoked.items():
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            made = made.add_revoked_certificate(one.build())
        put(self.folder / "crl.pem", made.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM), OPEN)


def _begin(now: datetime) -> datetime:
    return min(now - BACKDATED, CLOCK_FLOOR)


def _named(name: str, kind: Kind | str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, kind), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _address(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
