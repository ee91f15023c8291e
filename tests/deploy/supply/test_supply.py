"""Every package is in the bill with its hashes and licence, twice the same; and it installs without a network."""

import json
import subprocess
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.supply.__main__ import BILL, LICENCES, WHEELHOUSE, main
from deploy.supply.bill import bill
from deploy.supply.licences import NOT_HERE, UNKNOWN, licences
from deploy.supply.offline import SupplyError, check, gather, install
from deploy.supply.pins import RUN, pins

pytestmark = pytest.mark.parts


def test_every_pinned_package_is_in_the_bill_with_every_hash_and_a_licence(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--papers-only"]) == 0
    text = (tmp_path / BILL).read_bytes()
    made = json.loads(text)
    held = {
        (one["name"], one["version"]): {
            digest["content"] for reference in one["externalReferences"] for digest in reference["hashes"]
        }
        for one in made["components"]
    }
    assert held == {(one.name, one.version): set(one.hashes) for one in pins()}
    assert (len(held) >= 40, all(held.values())) == (True, True)
    said = {one["name"]: one["licenses"][0]["license"]["name"] for one in made["components"]}
    assert [name for name, licence in said.items() if licence in {"", UNKNOWN}] == []
    assert len((tmp_path / LICENCES).read_text().splitlines()) == len(held)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.decode()) is None
    assert bill(licences(pins())) == text, "the same pins made another bill"
    addresses = [reference["url"] for one in made["components"] for reference in one["externalReferences"]]
    assert {one.partition(":")[0] for one in addresses} == {"pkg"}, "an index is named"


def test_only_packages_for_other_machines_have_no_licence_to_read() -> None:
    missing = [name for name, licence in licences(pins()).items() if licence == NOT_HERE]
    conditional = [line for line in RUN.read_text().splitlines() if " ; " in line]
    assert [name for name in missing if not any(line.startswith(f"{name}==") for line in conditional)] == []


def test_the_wheels_install_where_there_is_no_network_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    wheelhouse = tmp_path / WHEELHOUSE
    assert gather(wheelhouse) >= 40
    python = install(wheelhouse, tmp_path / "environment")
    loaded = [str(python), "-c", "import textual, cryptography, msgspec, paho.mqtt, starlette, sqlite_utils"]
    assert subprocess.run(loaded, check=False).returncode == 0
    (wheel,) = wheelhouse.glob("msgspec-*.whl")
    with wheel.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(SupplyError, match="HASHES"):
        check(wheelhouse)
    wheel.unlink()
    with pytest.raises(SupplyError, match="msgspec"):
        check(wheelhouse)
