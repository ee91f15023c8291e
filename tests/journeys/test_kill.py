"""Any one process may be killed at any time: the others work on, and no acknowledged tap is lost or told twice."""

import signal
import subprocess

from deploy.up.example import examples
from deploy.up.hub import Hub
from deploy.up.rows import rows_by_type
from deploy.up.summary import is_chain_whole, owed_by_type
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.events import Arrived
from kiosk.domain.ids import VisitId
from kiosk.door.client import DoorClosedError
from kiosk.store.journal import JournalReader
from tests.support.hub import running_hub, tap, wait_for

VICTIMS = ("sensors", "sync", "centre", "board", "mosquitto", "desk")


def test_killing_any_one_process_leaves_the_others_working_and_loses_no_acknowledged_tap() -> None:
    with running_hub() as hub:
        visitors = iter(examples())
        acknowledged: set[VisitId | None] = set()
        for victim in VICTIMS:
            acknowledged.add(_arrive(hub, next(visitors).uid))
            _kill(hub, victim)
            assert {one.name for one in hub.services.died()} == {victim}
            if victim != "desk":
                acknowledged.add(_arrive(hub, next(visitors).uid))
            hub.services.again(victim)
        acknowledged.add(_arrive(hub, next(visitors).uid))
        journal = hub.site.state_dir / "journal.db"
        wait_for(lambda: rows_by_type(hub.centre_database) == owed_by_type(journal), "every event at the centre", 40)
        reader = JournalReader(journal)
        kept = {one.event.visit for one in reader.after(0) if isinstance(one.event, Arrived)}
        reader.close()
        assert kept == acknowledged
        assert len(kept) == 2 * len(VICTIMS)
        assert is_chain_whole(journal)
        assert hub.services.died() == ()


def _arrive(hub: Hub, uid: str) -> VisitId | None:
    answer = wait_for(lambda: _tap(hub, uid), "a desk that answers")
    assert answer.outcome is Outcome.ARRIVED
    return answer.visit


def _tap(hub: Hub, uid: str) -> Answer | None:
    try:
        return tap(hub, uid)
    except DoorClosedError:
        return None


def _kill(hub: Hub, victim: str) -> None:
    process: subprocess.Popen[bytes] = hub.services.process(victim)
    process.send_signal(signal.SIGKILL)
    process.wait()
