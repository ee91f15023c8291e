"""A way out of every error: what to write instead, from the key's name and type."""

import difflib
import enum
from typing import Any, Literal, get_args, get_origin

_BY_NAME = {
    "closes": 'write a time of day, such as "18:00"',
    "id": "use lower-case letters a-z, digits and hyphens",
    "zone": "name a zone by its id",
    **dict.fromkeys(("topic", "gateway", "availability"), "write one whole topic, without + or #"),
    **dict.fromkeys(
        ("motion", "people", "entered", "left", "level", "sequence", "time"),
        'write a JSON Pointer, such as "/state/people"',
    ),
    "url": 'write an address, such as "https://centre.example"',
    "host_phone": "write a telephone number, digits and spaces",
    "uid": "write 4 to 10 bytes as upper-case hex digits",
    "port": "write a port, 1 to 65535",
}
_BY_TYPE = {
    bool: "write true or false",
    int: "write a whole number",
    float: "write a number above 0",
    str: 'write text in quotes, such as "text"',
    tuple: 'write a list, such as ["one", "two"]',
}


def way_out(at: str, hint: Any, value: object) -> str:
    """Return what to write at that place; `value` is what stands there now, None if nothing does."""
    choices = _choices(hint)
    if choices:
        near = difflib.get_close_matches(str(value), choices, n=1)
        listed = ", ".join(f'"{one}"' for one in choices)
        return f'did you mean "{near[0]}"? one of: {listed}' if near else f"write one of: {listed}"
    by_name = _BY_NAME.get(at.rpartition(".")[2])
    if by_name:
        return by_name
    return next((text for kind, text in _BY_TYPE.items() if kind in _kinds(hint)), "see docs/site-file.md")


def _choices(hint: Any) -> list[str]:
    if get_origin(hint) is Literal:
        return [str(one) for one in get_args(hint)]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return [str(one.value) for one in hint]
    return []


def _kinds(hint: Any) -> set[Any]:
    """Return the plain types in a hint, through Annotated, unions and generic aliases."""
    kinds = {get_origin(hint) or hint}
    for one in get_args(hint):
        kinds |= _kinds(one)
    return kinds
