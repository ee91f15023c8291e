"""The house's authority and its command: files as meant, names that own no one else's tree, lists and revoking."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from deploy.broker.authority import Authority
from deploy.broker.grants import TOPICS_MAX, Grant, Kind, access_list, problem_with
from deploy.broker.house import SENSORS, BrokerHouse
from deploy.command import main

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    old = os.umask(0o077)
    folder = tmp_path / "broker"
    try:
        made = ["broker", "ca", "--name", "Testhuset", "--host", "hub.example", "--old-devices-port", "8884"]
        assert main([*made, "--folder", str(folder)]) == 0
    finally:
        os.umask(old)
    assert f'ca = "{folder}/ca.pem"' in capsys.readouterr().out
    return folder


def test_what_is_secret_is_root_s_alone_and_the_rest_can_be_read_whatever_the_umask(folder: Path) -> None:
    modes = {str(one.relative_to(folder)): one.stat().st_mode & 0o777 for one in folder.rglob("*")}
    assert {name for name, mode in modes.items() if mode & 0o077 == 0} == {
        *("acl", "authority", "authority/key.pem", "broker-key.pem", f"out/{SENSORS}", f"out/{SENSORS}/key.pem")
    }
    assert all(modes[one] == 0o644 for one in ("ca.pem", "crl.pem", "broker.pem", "mosquitto.conf"))


def test_made_again_the_authority_and_what_it_gave_stay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "ca.pem").read_bytes(), (folder / "out" / SENSORS / "key.pem").read_bytes()
    assert main(["broker", "ca", "--host", "other.example", "--port", "9999", "--folder", str(folder)]) == 0
    assert "kept the authority" in capsys.readouterr().out
    assert ((folder / "ca.pem").read_bytes(), (folder / "out" / SENSORS / "key.pem").read_bytes()) == before
    configuration = (folder / "mosquitto.conf").read_text()
    assert "listener 9999\n" in configuration
    assert "tlsv1.2" not in configuration
    known_as = x509.load_pem_x509_certificate((folder / "broker.pem").read_bytes()).extensions
    assert "other.example" in str(known_as.get_extension_for_class(x509.SubjectAlternativeName).value)


def test_nothing_that_the_authority_makes_is_of_the_future_to_a_clock_that_was_never_set(folder: Path) -> None:
    made = datetime(2026, 11, 1, tzinfo=UTC)
    assert all(
        x509.load_pem_x509_certificate((folder / one).read_bytes()).not_valid_before_utc <= made
        for one in ("ca.pem", "broker.pem", f"out/{SENSORS}/certificate.pem")
    )
    revoked = x509.load_pem_x509_crl((folder / "crl.pem").read_bytes())
    assert revoked.last_update_utc <= made
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    assert revoked.next_update_utc == authority.not_valid_after_utc


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        *((one, ()) for one in ("samverk", "tele", "tag", "+", "a/b", "Ä", "", "a" * 65)),
        *(("a", (topic,)) for topic in ("#", "samverk/stockholm/status", "$SYS/x", "a\nuser root")),
        ("a", tuple(f"x{number}/#" for number in range(TOPICS_MAX + 1))),
    ],
)
def test_nobody_is_given_a_tree_that_others_share(name: str, topics: tuple[str, ...]) -> None:
    assert problem_with(Grant(name=name, kind=Kind.SENSOR, topics=topics)) != ""


def test_the_access_list_has_lines_only_for_who_needs_them() -> None:
    grants = (
        Grant(name="pir-1", kind=Kind.SENSOR),
        Grant(name="wall", kind=Kind.VIEWER),
        Grant(name="lora", kind=Kind.SENSOR, topics=("application/#",)),
    )
    text = access_list(grants, "hass")
    assert "user pir-1" not in text
    assert "user wall\ntopic read samverk/#\ntopic read hass/#\n" in text
    assert "user lora\ntopic write application/#\n" in text


def test_the_command_issues_lists_prints_and_revokes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--folder", str(folder))
    assert main(["broker", "issue", "kort-1", "--for", "reader", *where]) == 0
    assert str(folder / "out" / "kort-1" / "key.pem") in capsys.readouterr().out
    parts = {
        "esphome": "topic: tag/kort-1\n          retain: false",
        "tasmota": "FullTopic tag/%topic%/",
        "other": "tag/kort-1/",
        "zigbee2mqtt": "mqtts://hub.example:8883",
    }
    for device, part in parts.items():
        assert main(["broker", "print", "kort-1", "--device", device, *where]) == 0
        assert part in capsys.readouterr().out
    assert main(["broker", "revoke", "kort-1", *where]) == 0
    assert "systemctl restart mosquitto" in capsys.readouterr().out
    assert main(["broker", "list", "--json", *where]) == 0
    given = json.loads(capsys.readouterr().out)
    assert [one["is_revoked"] for one in given if one["grant"]["name"] == "kort-1"] == [True]
    assert main(["broker", "revoke", "kort-1", *where]) == 1
    assert main(["broker", "print", "kort-1", *where]) == 1


def test_every_certificate_of_a_name_is_revoked_also_those_before_the_last(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.make("Testhuset", NOW)
    for _ in range(2):
        authority.issue(Grant(name="pir-1", kind=Kind.SENSOR), NOW, 30)
    authority.issue(Grant(name="pir-2", kind=Kind.SENSOR), NOW, 30)
    assert authority.revoke("pir-1", NOW) == 2
    assert [(one.grant.name, one.is_revoked) for one in authority.given()] == [
        *(("pir-1", True), ("pir-1", True), ("pir-2", False))
    ]
    assert [one.name for one in authority.grants()] == ["pir-2"]
    assert {one.ends for one in authority.given()} == {NOW + timedelta(days=30)}


def test_without_the_authority_it_is_said_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broker", "issue", "pir-1", "--folder", str(tmp_path)]) == 1
    assert "samverk broker ca" in capsys.readouterr().err


def test_tasmota_is_told_why_it_cannot_without_the_older_tls(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broker", "ca", "--host", "hub.example", "--folder", str(folder)]) == 0
    assert main(["broker", "issue", "t-1", "--folder", str(folder)]) == 0
    assert main(["broker", "print", "t-1", "--device", "tasmota", "--folder", str(folder)]) == 1
    assert "--old-devices-port" in capsys.readouterr().err


def test_a_key_that_was_moved_away_is_not_made_up_again(folder: Path) -> None:
    house = BrokerHouse(folder)
    (folder / "out" / SENSORS / "key.pem").unlink()
    assert house.files(SENSORS) is None
