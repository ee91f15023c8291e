"""To whom the house's authority gives certificates, and what each may say and hear: the broker's access list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
TOPIC = re.compile(r"^[^\x00-\x1f]{1,200}$")
TAKEN = frozenset({"samverk", "homeassistant", "tele", "stat", "cmnd", "homie", "tag", "tasmota"})
"""First levels of topics that several share: a device of that name would own the whole tree."""

TOPICS_MAX = 20
HEAD = Path(__file__).parent / "acl.head"


class Kind(StrEnum):
    """What a certificate is for. `broker` and `board` are servers; the others connect to the broker."""

    BROKER = "broker"
    BOARD = "board"
    SERVICE = "service"
    SENSOR = "sensor"
    READER = "reader"
    VIEWER = "viewer"


SERVERS = frozenset({Kind.BROKER, Kind.BOARD})
DAYS = {
    Kind.BROKER: 730,
    Kind.BOARD: 397,
    Kind.SERVICE: 730,
    Kind.SENSOR: 1826,
    Kind.READER: 1826,
    Kind.VIEWER: 1826,
}
"""How long a certificate holds: devices hang in ceilings, and browsers take no server's that holds over 398 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Who is known under a name. `topics` are trees it writes besides its own; `hosts` are a server's addresses."""

    name: str
    kind: Kind
    topics: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def problem_with(grant: Grant) -> str:
    """Return why nobody can be given this, or nothing."""
    if not NAME.match(grant.name):
        return f'"{grant.name}" is no name: use a-z, 0-9, hyphen and underscore, 64 at most'
    if grant.name in TAKEN:
        return f'"{grant.name}" is a tree of topics that several share: choose another name'
    wrong = next((one for one in grant.topics if not TOPIC.match(one) or one.startswith(("samverk/", "$", "#"))), "")
    if wrong or len(grant.topics) > TOPICS_MAX:
        return f'the topic "{wrong}" cannot be given' if wrong else f"more than {TOPICS_MAX} topics"
    if grant.kind in SERVERS and not grant.hosts:
        return "a server's certificate needs the addresses it is reached by"
    return ""


def access_list(grants: Iterable[Grant], discovery: str) -> str:
    """Return mosquitto's access list. `discovery` is the first level of Home Assistant's discovery."""
    parts = [HEAD.read_text()]
    for one in sorted(grants, key=lambda grant: grant.name):
        lines = [*_lines(one.kind, discovery), *(f"topic write {topic}" for topic in one.topics)]
        if lines:
            parts.append("\n".join([f"# {one.kind}", f"user {one.name}", *lines, ""]))
    return "\n".join(parts)


def _lines(kind: Kind, discovery: str) -> list[str]:
    match kind:
        case Kind.SERVICE:
            return ["topic read #", "topic write samverk/#", f"topic write {discovery}/#"]
        case Kind.VIEWER:
            return ["topic read samverk/#", f"topic read {discovery}/#", f"topic write {discovery}/status"]
        case _:
            return []
