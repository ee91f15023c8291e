"""What `samverk doctor` says of the house: databases, certificates, broker, centre, and the incident bundle."""

import json
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.broker.grants import Grant, Kind
from deploy.broker.house import SENSORS, BrokerHouse, Setting
from deploy.command import main
from deploy.commands.doctor import CHECKS
from deploy.doctor import broker, centre, certificates, databases
from deploy.doctor.bundle import write_bundle
from deploy.doctor.finding import Finding
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.requests import Tap
from kiosk.store.roster import RosterWriter
from kiosk.store.schedule import Appointment
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site, load, read
from tests.support.books import SITE, UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import at
from tests.support.secure_broker import Asking, SecureBroker

pytestmark = pytest.mark.slow

CENTRE = '\n[centre]\nurl = "https://centre.example"\nsource = "se.test"\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, CENTRE)


def lived_in(site: Site) -> None:
    """Let somebody arrive, so that there is something in every file."""
    write_roster(site.state_dir / "roster.db")
    desk, books = open_desk(site)
    uid = Uid(bytes.fromhex(UIDS["Astrid"]))
    desk.handle(Tap(id=RequestId("1"), at=at(10), reader=ReaderId("entrance"), direction=Direction.BOTH, uid=uid))
    close_books(books)


def spoil(path: Path) -> None:
    """Overwrite all pages of a database but the first, as a failing card does."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def about(found: tuple[Finding, ...]) -> dict[str, bool]:
    return {one.about: one.is_well for one in found}


def test_whole_databases_are_listed_and_a_damaged_one_is_named_with_what_to_do(site: Site) -> None:
    lived_in(site)
    (whole,) = databases.check(site, at(60))
    assert (whole.is_well, "journal.db, roster.db" in whole.says.en) == (True, True)
    spoil(site.state_dir / "journal.db")
    (found,) = databases.check(site, at(60))
    assert (found.about, "samverk repair" in found.says.sv) == ("journal.db", True)


def test_a_database_that_others_can_read_is_named(site: Site) -> None:
    lived_in(site)
    (site.state_dir / "roster.db").chmod(0o644)
    (found,) = databases.check(site, at(60))
    assert (found.about, "chmod 600" in found.says.sv) == ("roster.db", True)


@pytest.fixture
def house(tmp_path: Path) -> BrokerHouse:
    made = BrokerHouse(tmp_path / "broker")
    made.set_up("Testhuset", Setting(hosts=("hub.example",)), at(0).wall)
    return made


@pytest.mark.parametrize(("days_left", "is_well"), [(31, True), (30, False), (1, False), (-1, False)])
def test_a_certificate_is_named_thirty_days_before_it_ends_and_ever_after(
    site: Site,
    house: BrokerHouse,
    days_left: int,
    is_well: bool,  # noqa: FBT001 - a case of the table
) -> None:
    house.issue(Grant(name="pir-1", kind=Kind.SENSOR), at(0).wall, days=100)
    (found,) = certificates.check(site, at((100 - days_left) * 86_400), house.folder)
    assert (found.is_well, "pir-1" in found.about) == (is_well, not is_well)
    if not is_well:
        assert "samverk broker issue pir-1`" in found.says.sv


def test_a_certificate_issued_anew_or_revoked_is_no_longer_named(site: Site, house: BrokerHouse) -> None:
    for name in ("pir-1", "pir-2"):
        house.issue(Grant(name=name, kind=Kind.SENSOR), at(0).wall, days=10)
    house.issue(Grant(name="pir-1", kind=Kind.SENSOR), at(0).wall, days=500)
    house.revoke("pir-2", at(0).wall)
    assert [one.is_well for one in certificates.check(site, at(86_400), house.folder)] == [True]


def test_the_certificate_shown_to_the_centre_and_the_board_s_are_looked_at(tmp_path: Path, house: BrokerHouse) -> None:
    out = house.issue(Grant(name="board", kind=Kind.BOARD, hosts=("board.example",)), at(0).wall, days=10)
    (tmp_path / "board.pem").write_bytes(out.certificate.read_bytes())
    board = f'\n[board]\ncertificate = "{tmp_path}/board.pem"\nkey = "{tmp_path}/key.pem"\n'
    site = make_site(tmp_path, CENTRE + board)
    write_credential("centre-certificate", out.certificate.read_bytes(), site.state_dir)
    assert set(about(certificates.check(site, at(0), tmp_path / "none"))) == {
        *("certificate centre-certificate", f"certificate {tmp_path}/board.pem")
    }


def test_the_centre_s_token_is_asked_for_first(site: Site) -> None:
    found = centre.check(site, at(0))
    assert ("token" in found[0].says.sv, found[0].is_well) == (True, False)


def test_a_token_that_systemd_keeps_for_the_services_is_not_asked_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.doctor.centre.is_in_store", lambda name: name == "centre-token")
    write_roster(site.state_dir / "roster.db")
    assert about(centre.check(site, at(60))) == {"centre": True, "data age": True}


def test_a_failing_thread_says_why_and_an_old_list_says_how_old(site: Site) -> None:
    write_credential("centre-token", b"secret", site.state_dir)
    write_roster(site.state_dir / "roster.db")
    assert about(centre.check(site, at(60))) == {"centre": True, "data age": True}
    roster = RosterWriter(site.state_dir / "roster.db")
    roster.schedule.put("push", Appointment(at(60), 60.0, "the centre does not answer", 3))
    roster.close()
    found = centre.check(site, at(8 * 86_400))
    assert about(found) == {"centre": False, "data age": False}
    assert "the centre does not answer" in found[0].says.sv
    assert "8 dygn" in found[1].says.sv


def test_a_house_without_a_list_or_without_a_centre_is_told_so(tmp_path: Path, site: Site) -> None:
    write_credential("centre-token", b"secret", site.state_dir)
    assert about(centre.check(site, at(60)))["data age"] is False
    assert about(centre.check(make_site(tmp_path), at(60))) == {"centre": True}


@pytest.fixture
def real(tmp_path: Path) -> Iterator[SecureBroker]:
    made = SecureBroker(tmp_path)
    made.start()
    yield made
    made.stop()


def site_of(real: SecureBroker, tmp_path: Path) -> Site:
    folder = real.house.folder
    tag = 'zone = "lagerelden"\nprofile = "esphome-tag"\nkind = "tag"\ntopic = "tag/kort-1"\n'
    table = (
        f'\n[broker]\nhost = "localhost"\nport = {real.setting.port}\nca = "{folder}/ca.pem"\n'
        f'certificate = "{folder}/out/{SENSORS}/certificate.pem"\nkey = "{folder}/out/{SENSORS}/key.pem"\n'
        f'[[sensor]]\nid = "kort-1"\n{tag}'
    )
    return read(SITE.format(state_dir=tmp_path) + table)


@pytest.mark.parts
def test_it_is_well_while_it_lets_us_in_and_named_when_it_is_gone(real: SecureBroker, tmp_path: Path) -> None:
    site = site_of(real, tmp_path)
    assert about(broker.check(site, at(0))) == {"broker": True}
    real.stop()
    (found,) = broker.check(site, at(0), answer_s=0.5)
    assert (found.is_well, "systemctl status mosquitto" in found.says.sv) == (False, True)


@pytest.mark.parts
def test_what_a_tag_reader_left_at_the_broker_is_named(real: SecureBroker, tmp_path: Path) -> None:
    reader = Asking(real, real.issue("kort-1", Kind.READER))
    assert reader.connect() == "Success"
    reader.write("tag/kort-1", b"04A1B2C3D4E5F6", retain=True)
    reader.close()
    (found,) = broker.check(site_of(real, tmp_path), at(0))
    assert (found.is_well, "retain" in found.says.sv, "04A1" in str(found)) == (False, True, False)


@pytest.mark.parts
def test_files_that_are_missing_are_named_before_anything_is_asked(real: SecureBroker, tmp_path: Path) -> None:
    site = site_of(real, tmp_path)
    key = real.house.folder / "out" / SENSORS / "key.pem"
    key.unlink()
    (found,) = broker.check(site, at(0))
    assert (found.is_well, str(key) in found.says.sv) == (False, True)


def test_every_part_is_asked_and_one_that_cannot_be_checked_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_site: Site, _now: object) -> tuple[Finding, ...]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(CHECKS, "clock", fails)
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path))
    assert main(["doctor", "--json", "--site", str(tmp_path / "site.toml")]) == 1
    found = {one["about"]: one for one in json.loads(capsys.readouterr().out)}
    assert {"clock", "disk", "databases", "broker", "sensors", "centre", "power", "versions"} <= set(found)
    assert "Permission denied" in found["clock"]["says"]["sv"]
    assert all(one["says"]["sv"] and one["says"]["en"] for one in found.values())


def test_the_bundle_holds_what_a_report_needs_and_nothing_about_anybody(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        SITE.format(state_dir=tmp_path).replace("[site]", '[site]\nhost = "phone"\nhost_phone = "070-123 45 67"')
    )
    site = load(tmp_path / "site.toml")
    lived_in(site)
    log = "samverk-desk: read 04 A1 B2 C3 D4 E5 F6\nsamverk-sync: a@b.example 2026-11-23T08:00:00\n"
    write_bundle(tmp_path / "bundle.tgz", site, databases.check(site, at(60)), at(60), run=lambda _command: log)
    assert (tmp_path / "bundle.tgz").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "bundle.tgz") as bundle:
        parts = {one.name.rpartition("/")[2]: bundle.extractfile(one) for one in bundle}
        texts = {name: file.read().decode() for name, file in parts.items() if file}
    assert json.loads(texts["databases.json"])["journal.db"]["events"] >= 1
    assert "2026-11-23T08:00:00" in texts["log.txt"]
    whole = "\n".join(texts.values())
    assert [one for one in (*UIDS, *UIDS.values(), "04 A1 B2", "a@b.example", "070-123") if one in whole] == []


def test_the_command_writes_the_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path))
    made = ["doctor", "--only", "disk", "--site", str(tmp_path / "site.toml"), "--bundle", str(tmp_path / "b.tgz")]
    assert main(made) == 0
    assert "disk" in capsys.readouterr().out
    assert tarfile.is_tarfile(tmp_path / "b.tgz")


def test_how_far_ahead_certificates_are_named_is_thirty_days() -> None:
    assert timedelta(days=30) == certificates.AHEAD
