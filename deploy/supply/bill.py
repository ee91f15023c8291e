"""The bill of materials: CycloneDX 1.6 as JSON, the same bytes from the same pins, and no index named in it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.supply.pins import ROOT, RUN

VERSION = "1.6"


def bill(licences: Mapping[str, str], requirements: Path = RUN) -> bytes:
    """Return the bill; every package with its hashes, its licence, and that we depend on it."""
    made = json.loads(_made(requirements))
    for one in made["components"]:
        one["bom-ref"] = one["purl"]
        one.pop("description", None)
        one["licenses"] = [{"license": {"name": licences.get(one["name"], "")}}]
        for reference in one.get("externalReferences", ()):
            reference["url"] = one["purl"]
            reference.pop("comment", None)
    root = made["metadata"]["component"]
    names = sorted(one["bom-ref"] for one in made["components"])
    made["dependencies"] = [{"ref": root["bom-ref"], "dependsOn": names}, *({"ref": name} for name in names)]
    made["metadata"].pop("timestamp", None)
    made.pop("serialNumber", None)
    return _text(made)


def _made(requirements: Path) -> bytes:
    command = [
        "requirements",
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--output-reproducible",
        "--no-validate",
        "--sv",
        VERSION,
    ]
    tool = Path(sys.executable).parent / "cyclonedx-py"
    run = subprocess.run([tool, *command, str(requirements)], capture_output=True, check=True, cwd=ROOT)
    return run.stdout


def _text(made: Mapping[str, Any]) -> bytes:
    return (json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
