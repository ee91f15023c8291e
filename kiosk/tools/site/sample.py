"""Writes a commented site file with every key that there is: those that were answered in force, the others as comments.

The keys and defaults come from the tables, the explanations from `sample_texts`; a key without one is written bare.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from kiosk.tools.site.sample_texts import EXAMPLES, HEAD, TEXTS
from kiosk.tools.site.tables import Tables

Answers = Mapping[str, Any]
"""Values by their path, such as `site.id` or `zone[0].name.sv`."""

_WIDTH = 118


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file something is: `path` as in the answers, `about` as in the texts, told of only once."""

    path: str
    about: str
    is_told: bool


def write(answers: Answers) -> str:
    """Return the text of a site file in which these answers are in force, and every other key is there as a comment."""
    hints = get_type_hints(Tables, include_extras=True)
    parts = [HEAD]
    for one in dataclasses.fields(Tables):
        kind = _table_of(hints[one.name])
        if get_origin(hints[one.name]) is tuple:
            count = 1 + max((_index(path) for path in answers if path.startswith(f"{one.name}[")), default=0)
            places = [_Place(f"{one.name}[{at}]", one.name, at == 0) for at in range(count)]
            parts += [_table(place, f"[[{one.name}]]", kind, answers, is_there=False) for place in places]
        else:
            # A table whose keys all have defaults stands there to be filled; another means something by being there.
            is_there = one.default_factory is not dataclasses.MISSING
            place = _Place(one.name, one.name, is_told=True)
            parts.append(_table(place, f"[{one.name}]", kind, answers, is_there=is_there))
    return "\n".join(parts)


def _table(place: _Place, header: str, kind: type[Any], answers: Answers, *, is_there: bool) -> str:
    is_in_force = is_there or any(key.startswith(f"{place.path}.") for key in answers)
    lines = [*_explained(place), header if is_in_force else f"# {header}"]
    hints = get_type_hints(kind, include_extras=True)
    for one in dataclasses.fields(kind):
        key = _Place(f"{place.path}.{one.name}", f"{place.about}.{one.name}", place.is_told)
        lines += [*_explained(key), *_key(key, one, _table_of(hints[one.name]), answers)]
    return "\n".join([*lines, ""])


def _key(place: _Place, one: dataclasses.Field[Any], table: Any, answers: Answers) -> Iterator[str]:
    within = {key: value for key, value in answers.items() if key.startswith(f"{place.path}.")}
    if within:
        yield from (f"{one.name}.{key[len(place.path) + 1 :]} = {_toml(value)}" for key, value in within.items())
    elif place.path in answers:
        yield f"{one.name} = {_toml(answers[place.path])}"
    elif place.about in EXAMPLES:
        yield f"# {one.name} = {EXAMPLES[place.about]}"
    elif table is not None:
        keys = [key.name for key in dataclasses.fields(table)]
        yield from (f"# {one.name}.{key} = {EXAMPLES[f'{place.about}.{key}']}" for key in keys)
    else:
        yield f"# {one.name} = {_toml(one.default)}"


def _explained(place: _Place) -> Iterator[str]:
    if place.about in TEXTS and place.is_told:
        words = TEXTS[place.about]
        both = f"# {words.sv} / {words.en}"
        yield from (both,) if len(both) <= _WIDTH else (f"# {words.sv}", f"# {words.en}")


def _table_of(hint: Any) -> Any:
    return next((one for one in (hint, *get_args(hint)) if dataclasses.is_dataclass(one)), None)


def _index(path: str) -> int:
    return int(path.partition("[")[2].partition("]")[0])


def _toml(value: object) -> str:
    # What JSON says of texts, numbers, truths and lists of them, TOML reads the same.
    return msgspec.json.encode(value).decode()
