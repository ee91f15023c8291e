"""The sync service: keeps the thread to the centre, in both directions, for as long as it is asked to."""

import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.events import BrakeLifted, Happened, PersonErased
from kiosk.store.journal import JournalReader
from kiosk.store.pseudonyms import KEY_CREDENTIAL, Pseudonyms
from kiosk.store.roster import RosterWriter
from kiosk.tools.clock import CLOCK_FLOOR, Clock
from kiosk.tools.credentials import CredentialError, read_credential, write_credential
from kiosk.tools.site import Site
from kiosk.tools.systemd import NOBODY, Supervisor
from sync.client import CentreClient, Heard, Manners, is_safe
from sync.compare import Compare
from sync.health import Health
from sync.hide import Hide
from sync.notices import Notices
from sync.parts import Parts
from sync.plan import Identity
from sync.project import Orders, Project
from sync.pull import Pull
from sync.push import Push
from sync.tls import Identification

TICK_S = 0.5
"""How long the service rests when there is nothing to do: the delay from a commit in the journal to its outbox row."""
REST = 3.0
"""How long a step that has more to do is followed by rest, as a multiple of its time, and never longer than a tick."""
SYNC = "sync"
"""The loop that does the work."""
BRAKE_LIFTED = "brake_lifted"
QUARANTINE_RETRIED = "quarantine_retried"
PERSON_ERASED = "person_erased"
"""The stored names of the events by which the desk asks this wing for something."""

_log = logging.getLogger("samverk.sync")


@dataclass(frozen=True, slots=True)
class Agent:
    """The parts of the service, put together."""

    journal: JournalReader
    roster: RosterWriter
    project: Project
    compare: Compare
    push: Push
    pull: Pull
    hide: Hide

    def step(self) -> bool:
        """Do a bounded piece of each kind of work. Return whether there is more to do at once."""
        is_more = self.project.step(self.journal)
        is_more = self.project.release() or is_more
        # Compared is what the journal has come to: what is not in the outbox yet could not be.
        is_more = is_more or self.compare.step()
        is_more = self.push.step() or is_more
        is_more = self.pull.step() or is_more
        self.compare.met(self.pull.centre_epoch)
        self.hide.step()
        self.roster.clean()
        return is_more

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self.roster.close()


def serve(site: Site, clock: Clock, stop: threading.Event, supervisor: Supervisor = NOBODY) -> int:
    """Run the service until `stop` is set. Return 0, or 2 when the site file names no centre it can be used with."""
    centre = site.tables.centre
    if centre is None:
        _log.error("the site file has no [centre]: there is nothing to keep in touch with")
        return 2
    if not is_safe(centre.url):
        _log.error("[centre] url must begin with https: the token would be readable to everyone on the way")
        return 2
    name = centre.token_credential
    read_credential(name, site.state_dir)
    manners = Manners(identification=_identification(site))
    client = CentreClient(centre.url, lambda: read_credential(name, site.state_dir).decode(), clock, manners)
    round_s = centre.took_part_rounding_min * 60
    identity = Identity(
        site.id,
        centre.source,
        centre.push_every_s,
        centre.pull_every_s,
        round_s,
        kept_days=site.tables.retention.closed_visit_days,
    )
    agent = compose(site, identity, client, clock, pseudonym_key=_pseudonym_key(site))
    try:
        _log.info("keeps in touch with the centre as %s", centre.source)
        supervisor.ready()
        keep_in_touch(agent, stop, supervisor.turning(SYNC))
        supervisor.stopping()
    finally:
        agent.close()
        client.close()
    return 0


def compose(  # noqa: PLR0913 - the house, its line, and what chance and secrets it is given
    site: Site,
    identity: Identity,
    client: CentreClient,
    clock: Clock,
    new_epoch: Callable[[], str] = lambda: secrets.token_hex(8),
    *,
    pseudonym_key: bytes = b"",
) -> Agent:
    """Open the files and put the service together; raise `AlreadyOpenError` if it already runs.

    Without a `pseudonym_key` what waits for long waits under its members' own ids.
    """
    roster = RosterWriter(site.state_dir / "roster.db")
    roster.schedule.rebase(clock())
    roster.boots.meet([clock().boot])
    parts = Parts(identity, roster.schedule, client, clock, Notices(_log), roster.boots)
    client.behave(manners_of(roster, clock))
    pseudonyms = roster.pseudonyms(pseudonym_key) if pseudonym_key else None
    project = Project(parts, roster.outbox, _orders(roster, pseudonyms))
    compare = Compare(parts, roster.outbox, roster.resend, new_epoch)
    return Agent(
        journal=JournalReader(site.state_dir / "journal.db"),
        roster=roster,
        project=project,
        compare=compare,
        push=Push(parts, roster.outbox, project, compare, pseudonyms),
        pull=Pull(parts, roster.intake, roster.replica),
        hide=Hide(parts, pseudonyms),
    )


def manners_of(roster: RosterWriter, clock: Clock) -> Manners:
    """Return what the client tells of the house, and what becomes of what it hears."""
    health = Health(clock, roster.outbox, roster.resend, roster.replica, roster.boots)

    def heard(one: Heard) -> None:
        roster.boots.heard(one.at, one.server, one.error_s)

    def floor() -> datetime:
        return max(CLOCK_FLOOR, roster.boots.last_seen() or CLOCK_FLOOR)

    return Manners(heard=heard, health=health.line, floor=floor)


def keep_in_touch(
    agent: Agent,
    stop: threading.Event,
    turned: Callable[[], None] = lambda: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Step until `stop` is set, resting when there is nothing to do, and a little in between. `turned` hears of steps.

    A backlog of months is in no hurry, and whoever taps meanwhile waits for the same disk.
    """
    notices = Notices(_log)
    while not stop.is_set():
        began_s = monotonic()
        try:
            is_more = agent.step()
            notices.well("disk")
        except sqlite3.OperationalError as error:
            # A full or failing disk: what was being written was rolled back, and is tried again.
            notices.wrong("disk", str(error))
            is_more = False
        turned()
        stop.wait(min(TICK_S, REST * (monotonic() - began_s)) if is_more else TICK_S)


def lift(roster: RosterWriter, order: Happened) -> None:
    """Let the removal through that the order out of the journal names, if it is the one that is held now."""
    removal = order.removal if isinstance(order, BrakeLifted) else ""
    if not roster.intake.lift(removal):
        _log.warning("event %s is about a removal that is not held: nothing is let through by it", order.id)
        return
    roster.schedule.forget("pull")
    _log.warning("the brake on mass removal is lifted for removal %s, by event %s", removal, order.id)


def retry(roster: RosterWriter, order: Happened) -> None:
    """Send again everything that was put aside, by that order out of the journal."""
    count = roster.outbox.retry()
    roster.schedule.forget("push")
    _log.info("%d events that were put aside are tried again, by event %s", count, order.id)


def erase(roster: RosterWriter, order: Happened, pseudonyms: Pseudonyms | None) -> None:
    """Erase a person from the roster and the outbox, by that order out of the journal."""
    if isinstance(order, PersonErased):
        rows = roster.erase(order, pseudonyms.of if pseudonyms else str)
        _log.warning("erased %d rows and %d events, %d of them unsent, by event %s", rows.roster, rows.events,
                     rows.unsent, order.id)  # fmt: skip


def _orders(roster: RosterWriter, pseudonyms: Pseudonyms | None) -> Orders:
    return {
        PERSON_ERASED: lambda event: erase(roster, event, pseudonyms),
        BRAKE_LIFTED: lambda event: lift(roster, event),
        QUARANTINE_RETRIED: lambda event: retry(roster, event),
    }


def _pseudonym_key(site: Site) -> bytes:
    """Return the key that pseudonyms are made with, made at the first start if nobody gave one."""
    try:
        return bytes.fromhex(read_credential(KEY_CREDENTIAL, site.state_dir).decode())
    except CredentialError:
        key = secrets.token_bytes(32)
        write_credential(KEY_CREDENTIAL, key.hex().encode(), site.state_dir)
        return key


def _identification(site: Site) -> Identification:
    def optional(name: str) -> bytes:
        try:
            return read_credential(name, site.state_dir)
        except CredentialError:
            return b""

    return Identification(certificate=optional("centre-certificate"), authority=optional("centre-authority"))
