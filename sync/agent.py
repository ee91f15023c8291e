"""The sync service: keeps the thread to the centre, in both directions, for as long as it is asked to."""

import logging
import threading
from dataclasses import dataclass

from kiosk.store.journal import JournalReader
from kiosk.store.roster import RosterWriter
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import read_credential
from kiosk.tools.site import Site
from sync.client import CentreClient, is_safe
from sync.notices import Notices
from sync.plan import Identity
from sync.pull import Pull
from sync.push import Push

TICK_S = 0.5
"""How long the service rests when there is nothing to do: the delay from a commit in the journal to its outbox row."""

_log = logging.getLogger("samverk.sync")


@dataclass(frozen=True, slots=True)
class Agent:
    """The parts of the service, put together."""

    journal: JournalReader
    roster: RosterWriter
    push: Push
    pull: Pull

    def step(self) -> bool:
        """Do a bounded piece of each kind of work. Return whether there is more to do at once."""
        is_more = self.push.project(self.journal)
        is_more = self.push.send() or is_more
        return self.pull.step() or is_more

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self.roster.close()


def serve(site: Site, clock: Clock, stop: threading.Event) -> int:
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
    client = CentreClient(centre.url, lambda: read_credential(name, site.state_dir).decode(), clock)
    identity = Identity(site.id, centre.source, centre.push_every_s, centre.pull_every_s)
    agent = compose(site, identity, client, clock)
    try:
        _log.info("keeps in touch with the centre as %s", centre.source)
        keep_in_touch(agent, stop)
    finally:
        agent.close()
        client.close()
    return 0


def compose(site: Site, identity: Identity, client: CentreClient, clock: Clock) -> Agent:
    """Open the files and put the service together; raise `AlreadyOpenError` if it already runs."""
    roster = RosterWriter(site.state_dir / "roster.db")
    roster.schedule.rebase(clock())
    notices = Notices(_log)
    return Agent(
        journal=JournalReader(site.state_dir / "journal.db"),
        roster=roster,
        push=Push(identity, roster.outbox, roster.schedule, client, clock, notices),
        pull=Pull(identity, roster.intake, roster.schedule, client, clock, notices),
    )


def keep_in_touch(agent: Agent, stop: threading.Event) -> None:
    """Step until `stop` is set, resting when there is nothing to do."""
    while not stop.is_set():
        if not agent.step():
            stop.wait(TICK_S)
