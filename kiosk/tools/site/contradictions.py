"""What no single key can get wrong: references to nothing, ids used twice. The rest of the file may be broken."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Where only this machine can ask."""

DECIMAL_DIGITS = (10, 17, 20, 25)
"""How many digits a UID of 4, 7, 8 or 10 bytes has as a decimal number, zeros in front included."""

Found = tuple[str, str, str]
"""An error before its line is known: where, what, and a way out."""


def contradictions(content: Mapping[str, Any]) -> Iterator[Found]:
    """Yield every contradiction between the tables, passing over whatever has not even the right type."""
    site = content.get("site")
    if isinstance(site, Mapping):
        yield from _site(site)
    for name in ("zone", "sensor", "reader"):
        yield from _doubles(name, _texts(content.get(name), "id"))
    zones = [one for one in _texts(content.get("zone"), "id") if one]
    for index, zone in enumerate(_texts(content.get("sensor"), "zone")):
        if zone and zone not in zones:
            near = difflib.get_close_matches(zone, zones, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"zones: {', '.join(zones) or 'none'}"
            yield (f"sensor[{index}].zone", f'there is no zone "{zone}"', hint)
    yield from _heard_twice(content.get("sensor"))
    yield from _typing(content.get("reader"))
    board = content.get("board")
    if isinstance(board, Mapping):
        yield from _board(board)


def _site(site: Mapping[str, Any]) -> Iterator[Found]:
    timezone = site.get("timezone", "Europe/Stockholm")
    if isinstance(timezone, str) and not _is_timezone(timezone):
        yield ("site.timezone", f'"{timezone}" is not a time zone', 'such as "Europe/Stockholm"')
    if site.get("host") == "phone" and not site.get("host_phone"):
        yield ("site.host_phone", "is missing", 'host = "phone" needs a number to call')


def _board(board: Mapping[str, Any]) -> Iterator[Found]:
    """Yield what lets a password or a name cross the network in the clear."""
    certificate, key = board.get("certificate"), board.get("key")
    if bool(certificate) is not bool(key):
        missing = "key" if certificate else "certificate"
        yield (f"board.{missing}", "is missing", "certificate and key belong together")
    host = board.get("host", LOOPBACK[0])
    if isinstance(host, str) and host not in LOOPBACK and not certificate:
        yield ("board.host", f'"{host}" lets others in, and there is no TLS', "give certificate and key, or 127.0.0.1")


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _texts(tables: object, key: str) -> list[str]:
    """Return that key of each table, empty where there is none."""
    if not isinstance(tables, list):
        return []
    return [one[key] if isinstance(one, Mapping) and isinstance(one.get(key), str) else "" for one in tables]


def _heard_twice(sensors: object) -> Iterator[Found]:
    """Yield each sensor that is the same thing in the same zone as one before: its word would count twice."""
    seen: list[list[object]] = []
    for index, one in enumerate(sensors if isinstance(sensors, list) else []):
        if not isinstance(one, Mapping) or not {"zone", "topic"} <= one.keys():
            continue
        same = [one.get(key) for key in ("zone", "topic", "channel", "quantity", "paths")]
        if same in seen:
            yield (f"sensor[{index}].topic", "is heard twice in one zone", "give the other a channel, or take it away")
        seen.append(same)


def _typing(readers: object) -> Iterator[Found]:
    """Yield what a reader that types like a keyboard cannot be without."""
    for index, one in enumerate(readers if isinstance(readers, list) else []):
        if not isinstance(one, Mapping) or one.get("driver") != "hid":
            continue
        if not one.get("match"):
            hint = "a part of the reader's own name, as in /proc/bus/input/devices: or the house's keyboard is taken"
            yield (f"reader[{index}].match", "is missing", hint)
        digits = one.get("digits", 0)
        if one.get("form") == "decimal" and digits not in DECIMAL_DIGITS:
            known = ", ".join(map(str, DECIMAL_DIGITS))
            yield (f"reader[{index}].digits", "does not tell how long a UID is", f"a decimal number has {known} digits")
        elif one.get("terminator") == "none" and not digits:
            yield (f"reader[{index}].digits", "is missing", "without a terminator it tells where a badge ends")


def _doubles(name: str, ids: list[str]) -> Iterator[Found]:
    for index, one in enumerate(ids):
        if one and one in ids[:index]:
            yield (f"{name}[{index}].id", f'"{one}" is used twice', "give each its own id")
