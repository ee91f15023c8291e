"""The recipe for a memory card: well-formed, and what it promises stands in it. The tool that reads it is not here."""

import subprocess
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it carries no types

from deploy.package.stage import ROOT

IMAGE = ROOT / "deploy" / "image"
LAYER = IMAGE / "layer" / "samverk.yaml"
OVERLAY = IMAGE / "layer" / "samverk.d" / "customize.overlay"


def recipe() -> dict[str, Any]:
    return dict(yaml.safe_load((IMAGE / "config" / "samverk.yaml").read_text()))


def layer() -> dict[str, Any]:
    return dict(yaml.safe_load(LAYER.read_text().partition("# METAEND\n---\n")[2]))


def test_there_are_two_read_only_slots_and_one_encrypted_partition_for_all_that_is_written() -> None:
    image = recipe()["image"]
    assert (image["layer"], image["rootfs_type"], image["pmap"]) == ("image-rota", "erofs", "cryptdata")


def test_nobody_has_a_password() -> None:
    text = (IMAGE / "config" / "samverk.yaml").read_text() + LAYER.read_text()
    assert [one for one in ("user1pass", "user2", "chpasswd", "passwd ") if one in text] == []
    assert recipe()["ssh"] == {"pubkey_only": "y"}


def test_what_a_house_remembers_outlives_a_change_of_slot() -> None:
    shared = (OVERLAY / "etc/rpi-image-gen/slot-shared.d/samverk.conf").read_text().splitlines()
    assert {"Path=/var/lib/samverk", "Path=/etc/samverk", "Path=/etc/credstore"} <= set(shared)


def test_nothing_on_the_boot_partition_is_carried_out() -> None:
    assert (OVERLAY / "etc/cloud/cloud-init.disabled").is_file()


def test_our_settings_of_systemd_come_after_the_systems_own() -> None:
    settings = list((OVERLAY / "etc/systemd").rglob("*.conf"))
    assert len(settings) == 2
    assert all(one.name > "40-z" for one in settings)


def test_its_metadata_are_fields_that_the_tool_knows() -> None:
    lines = LAYER.read_text().partition("# METABEGIN\n")[2].partition("# METAEND\n")[0].splitlines()
    fields = Parser().parsestr("\n".join(one.removeprefix("#").removeprefix(" ") for one in lines if one != "#"))
    assert fields["X-Env-Layer-Name"] == "samverk"
    assert not fields.get_payload()
    displays = fields["X-Env-Var-display-Valid"].split(",")
    assert {f"{one}.ini" for one in displays} < {one.name for one in (ROOT / "deploy/units/screen").iterdir()}


@pytest.mark.parts
def test_its_scripts_are_shell(tmp_path: Path) -> None:
    hooks = [one for kind in ("customize-hooks", "cleanup-hooks") for one in layer()["mmdebstrap"][kind]]
    assert len(hooks) == 3
    for number, hook in enumerate(hooks):
        script = tmp_path / f"{number}.sh"
        script.write_text(hook)
        assert subprocess.run(["sh", "-n", script], capture_output=True, check=False).stderr == b""


def test_the_image_has_what_the_package_recommends() -> None:
    nfpm = yaml.safe_load((ROOT / "deploy/package/nfpm.yaml").read_text())
    wanted = {one.partition(" ")[0] for one in (*nfpm["recommends"], *nfpm["depends"])}
    left_out = {"libc6", "init-system-helpers", "systemd"}
    assert wanted - left_out <= set(layer()["mmdebstrap"]["packages"])
