"""The commented site file: every key that there is, each with its default, and in force only what was answered."""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from kiosk.tools.site import Site, read
from kiosk.tools.site.sample import write
from kiosk.tools.site.sample_texts import EXAMPLES, TEXTS
from kiosk.tools.site.tables import Tables

MINIMAL = {"site.id": "test", "site.name": "Testhuset", "site.state_dir": "/tmp/test"}  # noqa: S108 - nothing is written
SAMPLE = (Path(__file__).parents[3] / "docs" / "site.toml").read_text()


def keys_of(kind: Any) -> dict[str, Any]:
    """Return the tables and keys of a dataclass by their path, `zone.name` for `[[zone]] name`."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        inner = next((one for one in (hint, *get_args(hint)) if dataclasses.is_dataclass(one)), None)
        found[name] = inner
    return found


def in_force(text: str) -> str:
    """Return the file with every key in it in force."""
    return re.sub(r"^# (\[+[a-z]+\]+|[a-z_]+(\.[a-z]+)? = .*)$", r"\1", text, flags=re.MULTILINE)


def everything(text: str) -> Site:
    """Return the site that the file is when every key in it is in force."""
    return read(in_force(text))


@pytest.mark.parametrize("table", keys_of(Tables))
def test_every_key_of_every_table_is_there(table: str) -> None:
    written = tomllib.loads(in_force(write(MINIMAL)))[table]
    first = written[0] if isinstance(written, list) else written
    assert set(keys_of(keys_of(Tables)[table])) == set(first)


def test_what_is_not_answered_has_its_default_also_when_its_line_is_put_in_force() -> None:
    assert read(write(MINIMAL)).tables.rule == everything(write(MINIMAL)).tables.rule
    whole = everything(SAMPLE)
    assert (whole.tables.site, whole.tables.board) == (read(SAMPLE).tables.site, read(SAMPLE).tables.board)
    assert whole.sensors["lagerelden-1"].paths is not None  # type: ignore[index] # a plain text is an id here
    assert whole.tables.demonstration is not None


def test_a_table_whose_keys_all_have_defaults_stands_ready_to_be_filled() -> None:
    changed = write(MINIMAL).replace("# settle_s = 180", "settle_s = 60").replace("# group_min = 10", "group_min = 12")
    site = read(changed)
    assert (site.rule.settle_s, site.tables.research.group_min) == (60, 12)
    assert (site.tables.centre, site.tables.broker, site.sensors) == (None, None, {})


def test_answers_keep_what_toml_would_take_for_its_own() -> None:
    awkward = 'Huset "Å\\ä" # 1\nnew'
    assert read(write({**MINIMAL, "site.name": awkward})).name == awkward


def test_each_explanation_and_example_is_of_a_key_that_exists() -> None:
    known = set()
    for table, kind in keys_of(Tables).items():
        known.add(table)
        for key, inner in keys_of(kind).items():
            known |= (
                {f"{table}.{key}", *(f"{table}.{key}.{one}" for one in keys_of(inner) if inner)}
                if inner
                else {f"{table}.{key}"}
            )
    assert ({*TEXTS, *EXAMPLES} - known, [one for one in TEXTS.values() if not (one.sv and one.en)]) == (set(), [])
