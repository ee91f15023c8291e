"""From the text of a site file to a `Site`, or to every error in it at once."""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from kiosk.domain.ids import SiteId
from kiosk.tools.site.contradictions import Found, contradictions
from kiosk.tools.site.lines import key_lines, line_of
from kiosk.tools.site.problems import Problem, SiteFileError
from kiosk.tools.site.tables import Site, Tables
from kiosk.tools.site.ways_out import way_out

SIZE_MAX = 256 * 1024
"""A site file larger than this is not a site file."""

_TOML_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


def load(path: Path) -> Site:
    """Return the site that the file describes, or raise `SiteFileError` with every error in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = Problem(None, str(path), error.strerror or "cannot be read", "check the path given with --site")
        raise SiteFileError(str(path), (problem,)) from error
    if len(raw) > SIZE_MAX:
        problem = Problem(None, str(path), f"is larger than {SIZE_MAX} bytes", "check the path given with --site")
        raise SiteFileError(str(path), (problem,))
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SiteFileError(str(path), (Problem(line, str(path), "is not UTF-8 text", "save it as UTF-8"),)) from error
    return read(text, str(path))


def read(text: str, path: str = "site file") -> Site:
    """Return the site that the text describes, or raise `SiteFileError` with every error in it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _TOML_LINE.search(str(error))
        what = _TOML_LINE.sub("", str(error))
        line = int(where.group(1)) if where else None
        raise SiteFileError(path, (Problem(line, "not TOML", what, "mend this line first"),)) from error
    found: list[Found] = []
    tables = _table(Tables, content, "", found)
    found.extend(contradictions(content))
    if found or not isinstance(tables, Tables):
        lines = key_lines(text)
        raise SiteFileError(path, tuple(Problem(line_of(at, lines), at, what, hint) for at, what, hint in found))
    return Site(id=SiteId(tables.site.id), tables=tables)


def _table(kind: type[Any], content: object, path: str, found: list[Found]) -> object | None:
    """Return the table as its kind, or None with its errors added to `found`."""
    if not isinstance(content, Mapping):
        found.append((path, "must be a table", f"write [{path}]"))
        return None
    before = len(found)
    hints = get_type_hints(kind, include_extras=True)
    found.extend(_unknown_keys(content, list(hints), path))
    values = {}
    for one in dataclasses.fields(kind):
        at = f"{path}.{one.name}" if path else one.name
        if one.name in content:
            values[one.name] = _value(hints[one.name], content[one.name], at, one.metadata, found)
        elif one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            found.append((at, "is missing", way_out(at, hints[one.name], None)))
    if len(found) > before:
        return None
    try:
        made: object = kind(**values)
    except ValueError as error:
        found.append((path, str(error), "change one of them"))
        return None
    return made


def _unknown_keys(content: Mapping[str, object], known: list[str], path: str) -> Iterator[Found]:
    for key in content:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"
            yield (f"{path}.{key}" if path else key, "is not a known key", hint)


def _value(hint: Any, value: object, at: str, bounds: Mapping[str, Any], found: list[Found]) -> object:
    inner = _table_kind(hint)
    if inner is not None and get_origin(hint) is tuple:
        if not isinstance(value, list):
            found.append((at, "must be a list of tables", f"write [[{at}]]"))
            return ()
        return tuple(_table(inner, one, f"{at}[{index}]", found) for index, one in enumerate(value))
    if inner is not None:
        return _table(inner, value, at, found)
    try:
        converted: object = msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        found.append((at, _plain(str(error)), way_out(at, hint, value)))
        return None
    if bounds and isinstance(converted, int) and not bounds["low"] <= converted <= bounds["high"]:
        found.append((at, f"{converted} is out of bounds", f"write {bounds['low']} to {bounds['high']}"))
    return converted


def _table_kind(hint: Any) -> type[Any] | None:
    """Return the dataclass that a hint holds, alone, in a tuple, or beside None."""
    for one in (hint, *get_args(hint)):
        if isinstance(one, type) and dataclasses.is_dataclass(one):
            return one
    return None


def _plain(error: str) -> str:
    return error.replace("`", "").split(" - at ")[0]
