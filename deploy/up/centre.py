"""The demonstration's centre, a process of its own: enrols the example hub, accepts its token, and serves.

`python -m deploy.up.centre STATE_DIR PORT`. Enrolling stands here so that nobody else has to load its libraries.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.up.example import AGENCIES, DATABASE_NAME, KEY_VERSION, SOURCE, TOKEN_NAME, Example, examples
from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import badge_secrets, read_credential
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry
from sync.centre.serve import serve
from sync.centre.storage.tokens import Bearer, Role

SEATS = 8


def main(state_dir: Path, port: int) -> int:
    """Enrol the example hub if that is still to do, and serve until stopped."""
    start_log("samverk.centre")
    stop = stop_on_signals()
    database = state_dir / DATABASE_NAME
    is_new = not database.exists()
    registry = Registry(database, SystemClock(), Ids())
    try:
        if is_new:
            secret = badge_secrets((KEY_VERSION,), state_dir)[KEY_VERSION]
            _enrol(registry, examples(), secret)
            token = read_credential(TOKEN_NAME, state_dir).decode()
            registry.tokens.accept(token, Bearer(Role.HOUSE, SiteId("stockholm"), SOURCE), registry.clock())
        return serve(registry, "127.0.0.1", port, stop)
    finally:
        registry.close()


def _enrol(registry: Registry, members: Iterable[Example], secret: bytes) -> None:
    registry.enrol(
        Enrolment(
            agencies=tuple(NewAgency(id=one, name=name, seats=SEATS) for one, name in AGENCIES.items()),
            members=tuple(_member(one, secret) for one in members),
        )
    )


def _member(one: Example, secret: bytes) -> NewMember:
    return NewMember(
        id=one.member,
        name=one.name,
        agency=one.agency,
        language="en" if one.language == "en" else "sv",
        badges=(NewBadge(key=one.badge(secret), key_version=KEY_VERSION),),
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
