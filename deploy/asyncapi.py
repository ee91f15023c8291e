"""The description of what a house publishes, as a page for people: its topics, and what is in each message. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Value = Mapping[str, Any]


def topics_page(document: Value) -> str:
    """Return the tables of topics and fields."""
    fields = "\n".join(_fields(document, name) for name in ("zone", "presence"))
    return f"## Topics\n\n{_table(_HEAD, _rows(document))}\n{fields}"


_HEAD = ("topic", "what", "when", "quality of service", "kept", "forgotten after")


def _rows(document: Value) -> Iterator[tuple[str, ...]]:
    for one in document["operations"].values():
        channel = document["channels"][_last(one["channel"])]
        manner = one.get("bindings", {}).get("mqtt")
        if manner is None:
            yield f"`{channel['address']}`", channel["description"], one["summary"], "heard, not said", "", ""
            continue
        expires_s = manner.get("messageExpiryInterval")
        kept = "yes" if manner["retain"] else "no"
        forgotten = f"{expires_s} s" if expires_s else "never"
        yield f"`{channel['address']}`", channel["description"], one["summary"], str(manner["qos"]), kept, forgotten


def _fields(document: Value, name: str) -> str:
    schemas = document["components"]["schemas"]
    whole = schemas[name]
    rows = []
    for field, schema in whole["properties"].items():
        meant = {**schemas[_last(schema)], **schema} if "$ref" in schema else schema
        always = "always" if field in whole["required"] else "if known"
        rows.append((f"`{field}`", _kind(meant), always, meant.get("description", "")))
    return f"## `{name}`\n\n{_table(('field', 'is', 'there', 'means'), rows)}"


def _kind(schema: Value) -> str:
    if "properties" in schema:
        return "{" + ", ".join(f"`{one}`" for one in schema["properties"]) + "}"
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{json.dumps(one)}`" for one in schema.get("enum", [schema.get("const")]))
    if "oneOf" in schema:
        return " or ".join(_kind(one) for one in schema["oneOf"])
    kind = schema.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _last(reference: Value) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
