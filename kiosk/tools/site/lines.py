"""Where each key of a TOML file stands: `tomllib` keeps no line numbers, and an error without one is half an error."""

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")


def key_lines(text: str) -> dict[str, int]:
    """Return the line of each table and key by its path, such as `zone[1].name.sv`.

    The text must be valid TOML. Keys inside inline tables and multi-line values count as their first line.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            prefix = _table_path(header.group(2), counts, is_array=header.group(1) == "[[")
            found.setdefault(prefix, number)
            continue
        key = _KEY.match(line)
        if key:
            path = f"{prefix}.{_plain(key.group(1))}" if prefix else _plain(key.group(1))
            found.setdefault(path, number)
    return found


def line_of(path: str, lines: dict[str, int]) -> int | None:
    """Return the line of the path, or of the nearest thing that holds it, or None."""
    while path:
        if path in lines:
            return lines[path]
        path = re.sub(r"(\.[^.\[]+|\[\d+\]|^[^.\[]+)$", "", path)
    return None


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def _table_path(raw: str, counts: dict[str, int], *, is_array: bool) -> str:
    name = _plain(raw)
    parent, _, last = name.rpartition(".")
    if parent in counts:
        name = f"{parent}[{counts[parent] - 1}].{last}"
    if not is_array:
        return name
    counts[name] = counts.get(name, 0) + 1
    return f"{name}[{counts[name] - 1}]"
