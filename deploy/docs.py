"""The parts of the docs that are made from the code. `python -m deploy.docs` writes them; a test compares them."""

import dataclasses
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import get_args, get_origin

import msgspec

from deploy.asyncapi import topics_page
from deploy.commands.init import sample
from kiosk.domain import requests
from kiosk.domain.diagram import presence_diagram
from kiosk.domain.events import TYPE_NAMES
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.tools.site import tables

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- made by python -m deploy.docs: begin -->"
END = "<!-- made by python -m deploy.docs: end -->"


def generated() -> dict[Path, str]:
    """Return, for each file of the docs with a made part, what the whole file should be."""
    parts = {
        "rule.md": presence_diagram(),
        "events.md": f"## Events\n\n{_events()}\n## Requests\n\n{_requests()}",
        "reasons.md": _reasons(),
        "site-file.md": _site_file(),
        "mqtt.md": topics_page(msgspec.json.decode((ROOT / "docs" / "asyncapi.json").read_bytes())),
    }
    pages = {ROOT / "docs" / name: part for name, part in parts.items()}
    made = {page: _with_part(page.read_text(), part) for page, part in pages.items()}
    return {**made, ROOT / "docs" / "site.toml": sample()}


def _events() -> str:
    rows = ((f"`{name}`", *_described(kind)) for name, kind in TYPE_NAMES.items())
    return _table(("stored as", "event", "what happened", "fields"), rows)


def _requests() -> str:
    kinds = [one for one in vars(requests).values() if isinstance(one, type) and issubclass(one, requests.Request)]
    return _table(
        ("request", "what is asked", "fields"), (_described(one) for one in kinds if one.__subclasses__() == [])
    )


def _reasons() -> str:
    rows = (
        (f"`{reason}`", one.sentence.sv, one.next_step.sv, one.sentence.en, one.next_step.en, str(one.owner))
        for reason, one in EXPLANATIONS.items()
    )
    return _table(("reason", "vad som hände", "nästa steg", "what happened", "next step", "owner"), rows)


def _site_file() -> str:
    """Return every table of the site file with its keys and their defaults."""
    parts = []
    for one in dataclasses.fields(tables.Tables):
        kind = next(kind for kind in (one.type, *get_args(one.type)) if dataclasses.is_dataclass(kind))
        head = f"[[{one.name}]]" if get_origin(one.type) is tuple else f"[{one.name}]"
        rows = ((f"`{key.name}`", _default(key)) for key in dataclasses.fields(kind))
        parts.append(f"## `{head}`\n\n{inspect.cleandoc(kind.__doc__ or '')}\n\n{_table(('key', 'default'), rows)}")
    return "\n".join(parts)


def _default(key: dataclasses.Field[object]) -> str:
    if key.default is dataclasses.MISSING and key.default_factory is dataclasses.MISSING:
        return "must be given"
    value = key.default if key.default is not dataclasses.MISSING else ()
    return f"`{msgspec.json.encode(value).decode()}`" if value not in (None, ()) else "none"


def _described(kind: type) -> tuple[str, str, str]:
    summary = (kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    fields = ", ".join(f"`{one.name}`" for one in dataclasses.fields(kind))
    return kind.__name__, " ".join(summary.split()), fields


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _with_part(page: str, part: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{part}\n{END}{after}"


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text)
        print(path.relative_to(ROOT))
