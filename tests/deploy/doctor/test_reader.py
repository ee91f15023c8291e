"""What `samverk doctor` says of the badge readers."""

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from deploy.commands.doctor import CHECKS
from deploy.doctor.finding import Finding
from deploy.doctor.reader import CONTEXTS_NEAR, SECURITY_VIOLATION, check
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import ReaderId, SensorId
from kiosk.domain.zones import ZoneTapOutcome
from kiosk.reader.pcsc.codes import NO_SERVICE
from kiosk.reader.pcsc.scard import Scard
from kiosk.reader.reports import ReaderUnavailableError
from kiosk.store import inbox
from kiosk.store.inbox import Place
from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.zones import News, ZonesWriter
from kiosk.tools.site import Site
from tests.support.books import make_site
from tests.support.fake_scard import FakeScard
from tests.support.house import at

PCSC = '[[reader]]\nid = "real"\ndriver = "pcsc"\nmatch = "ACR1252"\n'
PICC = "ACS ACR1252 Dual Reader PICC 00 00"
SAM = "ACS ACR1252 Dual Reader SAM 00 01"
READY = {ReaderId("entrance"): ReaderState.READY, ReaderId("real"): ReaderState.READY}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, PCSC)


def asked(
    site: Site,
    states: Mapping[ReaderId, ReaderState] | None = READY,
    *,
    readers: tuple[str, ...] = (PICC,),
    code: int = 0,
    sockets: Path = Path("/nowhere"),
) -> dict[str, Finding]:
    """Return what is said of what, in a house whose daemon answers so."""
    scard = FakeScard(stop=threading.Event(), readers=readers)
    scard.establish_codes.extend([code] if code else [])
    found = check(site, at(0), lambda _site: states, lambda: scard, sockets)
    assert scard.contexts_open == 0
    assert len({one.about for one in found}) == len(found)
    return {one.about: one for one in found}


def test_it_is_one_of_the_parts_that_doctor_asks() -> None:
    assert CHECKS["reader"] is check


def test_readers_that_read_are_well_and_a_security_slot_is_named_as_passed_over(site: Site) -> None:
    found = asked(site, readers=(PICC, SAM))
    assert all(one.is_well for one in found.values())
    assert set(found) == {"reader entrance", "reader real", "pcsc real", "pcsc"}
    assert SAM in found["pcsc"].says.en
    assert SAM not in found["pcsc real"].says.en


@pytest.mark.parametrize(
    ("state", "what_to_do"),
    [
        (ReaderState.NO_READER, "lsusb"),
        (ReaderState.NO_DAEMON, "systemctl restart pcscd"),
        (ReaderState.FAULT, "journalctl"),
        (ReaderState.STARTING, "wait"),
    ],
)
def test_a_reader_that_does_not_read_is_told_with_what_to_do(site: Site, state: ReaderState, what_to_do: str) -> None:
    one = asked(site, {**READY, ReaderId("real"): state})["reader real"]
    assert not one.is_well
    assert what_to_do in one.says.en
    assert one.says.sv


def test_a_desk_that_does_not_run_is_told(site: Site) -> None:
    assert "samverk-desk" in asked(site, None)["reader real"].says.en
    without_a_desk = {one.about: one for one in check(site, at(0), None, lambda: FakeScard(stop=threading.Event()))}
    assert not without_a_desk["reader real"].is_well


def test_no_pcscd_is_told(site: Site) -> None:
    assert "pcscd.socket" in asked(site, code=NO_SERVICE)["pcsc"].says.en


def test_a_denial_by_polkit_and_a_daemon_without_free_contexts_are_told_apart(site: Site, tmp_path: Path) -> None:
    sockets = tmp_path / "unix"
    line = "0000: 00000003 00000000 00000000 0001 03 1234 /run/pcscd/pcscd.comm\n"
    sockets.write_text(line * 3)
    assert "polkit" in asked(site, code=SECURITY_VIOLATION, sockets=sockets)["pcsc"].says.en
    sockets.write_text(line * CONTEXTS_NEAR)
    assert f"{CONTEXTS_NEAR} of 200" in asked(site, code=SECURITY_VIOLATION, sockets=sockets)["pcsc"].says.en


def test_an_unforeseen_code_is_told_by_its_number(site: Site) -> None:
    assert "0x801000FF" in asked(site, code=0x801000FF)["pcsc"].says.en


def test_a_reader_that_is_missing_or_called_otherwise_is_told_with_what_is_there(site: Site) -> None:
    found = asked(site, readers=("Omnikey 5022 00 00",))["pcsc real"]
    assert not found.is_well
    assert "Omnikey 5022" in found.says.en
    assert "ACR1252" in found.says.sv
    assert not asked(site, readers=())["pcsc real"].is_well


def test_without_pyscard_it_is_told_what_to_install(site: Site) -> None:
    def missing() -> Scard:
        message = "install samverk[nfc]"
        raise ReaderUnavailableError(message)

    found = {one.about: one for one in check(site, at(0), lambda _site: READY, missing)}
    assert "samverk[nfc]" in found["pcsc"].says.en


def test_what_became_of_badges_in_the_zones_is_told_and_a_reader_that_leaves_them_at_the_broker(
    tmp_path: Path,
) -> None:
    tag = '[[sensor]]\nid = "tag"\nzone = "lagerelden"\nprofile = "esphome-tag"\nkind = "tag"\ntopic = "tag/fire"\n'
    site = make_site(tmp_path, tag)
    found = {one.about: one for one in check(site, at(0), lambda _site: READY)}
    assert found["zone readers"].says.en == "no badges shown yet"
    journal, zones = JournalWriter(tmp_path / "journal.db"), ZonesWriter(tmp_path / "zones.db")
    for seq, outcome in enumerate((ZoneTapOutcome.JOINED, ZoneTapOutcome.UNKNOWN, ZoneTapOutcome.JOINED), 1):
        journal.append(Entry(), partial(inbox.move, to=Place("a", seq), outcome=outcome))
    zones.record(News(counted={(SensorId("tag"), "retained-tap"): 1}), at(0))
    journal.close()
    zones.close()
    found = {one.about: one for one in check(site, at(0), lambda _site: READY)}
    assert found["zone readers"].says.en == "2 joined, 1 unknown badges"
    assert "retain" in found["zone reader tag"].says.sv
    assert not found["zone reader tag"].is_well
