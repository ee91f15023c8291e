"""Whole centre processes: what was acknowledged is on disk, whoever is killed, and two share one PostgreSQL."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import psycopg
import pytest

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.registry import Enrolment, Registry
from tests.support.centre import AGENCY, SITE, SOURCE
from tests.support.centre_events import Body, arrived
from tests.support.centre_process import centre_process
from tests.support.centre_served import Asking

pytestmark = pytest.mark.parts

SENDERS = 4
BATCH = 20
JSON = {"Content-Type": "application/json"}


class Sender(threading.Thread):
    """Sends batches to whichever process answers, a batch again until it was acknowledged."""

    def __init__(self, number: int, urls: list[str], token: str, enough: threading.Event) -> None:
        """Begin with the process of that number."""
        super().__init__()
        self.acknowledged: list[str] = []
        self.failures = 0
        self._number, self._urls, self._token, self._enough = number, urls, token, enough
        self._at = number

    def run(self) -> None:
        """Send until it is enough."""
        sequence = 0
        while not self._enough.is_set():
            batch = [self._event(sequence + one) for one in range(BATCH)]
            while not self._sent(batch) and not self._enough.is_set():
                self.failures += 1
                self._at += 1
            sequence += BATCH

    def _sent(self, batch: list[Body]) -> bool:
        with suppress(httpx2.HTTPError):
            answer = Asking(self._urls[self._at % len(self._urls)], self._token).tell(*batch)
            if answer.status_code == 200:
                verdicts = answer.json()["verdicts"]
                assert {one["verdict"] for one in verdicts} <= {"accepted", "duplicate"}
                self.acknowledged += [one["id"] for one in verdicts]
                return True
        return False

    def _event(self, sequence: int) -> Body:
        number = self._number * 1_000_000 + sequence + 1
        return arrived(number, number=number)


def test_of_two_processes_on_one_postgresql_one_is_killed_under_load_and_nothing_acknowledged_is_lost(
    postgres: str, tmp_path: Path
) -> None:
    registry = Registry(postgres, SystemClock(), Ids())
    registry.enrol(Enrolment(agencies=(AGENCY,)))
    token = registry.issue_token(SITE, SOURCE)
    enough = threading.Event()
    with ExitStack() as stack:
        processes = [stack.enter_context(centre_process(postgres, tmp_path, name)) for name in ("one", "two")]
        senders = [Sender(number, [one.url for one in processes], token, enough) for number in range(SENDERS)]
        for one in senders:
            one.start()
        wait_until(lambda: all(len(one.acknowledged) >= 5 * BATCH for one in senders))
        processes[0].kill()
        wait_until(lambda: any(one.failures for one in senders))
        so_far = [len(one.acknowledged) for one in senders]
        wait_until(lambda: all(len(one.acknowledged) > had + BATCH for one, had in zip(senders, so_far, strict=True)))
        enough.set()
        for one in senders:
            one.join()
        second = Asking(processes[1].url, token)
        told = [identifier for one in senders for identifier in one.acknowledged]
        for start in range(0, len(told), 1000):
            ids = json.dumps({"ids": told[start : start + 1000]}).encode()
            assert second.send("POST", "/events/missing", ids, **JSON).json()["missing"] == []
    assert sum(one.failures for one in senders) > 0
    assert len(set(told)) <= registry.report().distinct
    registry.close()


def test_a_kill_right_after_the_answer_loses_nothing(database: str, tmp_path: Path) -> None:
    registry = Registry(database, SystemClock(), Ids())
    token = registry.issue_token(SITE, SOURCE)
    with centre_process(database, tmp_path) as process:
        answer = Asking(process.url, token).tell(*(arrived(number, number=number) for number in range(1, 301)))
        process.kill()
    assert [one["verdict"] for one in answer.json()["verdicts"]] == ["accepted"] * 300
    assert registry.report().distinct == 300
    registry.close()


def test_a_process_takes_up_its_work_when_the_database_is_back(postgres: str, tmp_path: Path) -> None:
    registry = Registry(postgres, SystemClock(), Ids())
    token = registry.issue_token(SITE, SOURCE)
    with centre_process(postgres, tmp_path) as process:
        house = Asking(process.url, token)
        assert house.tell(arrived(1)).status_code == 200
        with psycopg.connect(postgres, autocommit=True) as connection:
            others = b"datname = current_database() AND pid <> pg_backend_pid()"
            question = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + others
            assert connection.execute(question).fetchall()
        assert house.tell(arrived(2, number=2)).status_code == 200
    assert registry.report().distinct == 2
    registry.close()


def test_without_the_driver_a_postgresql_address_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError\n")
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from deploy.command import main; sys.exit(main())"
    command = [sys.executable, "-c", code, str(tmp_path), "centre", "report", "--database", "postgresql://x/y"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'samverk[postgres]'" in done.stderr
    assert "Traceback" not in done.stderr


def wait_until(is_so: Callable[[], bool], wait_s: float = 60.0) -> None:
    """Wait until it is so, or fail."""
    pause = threading.Event()
    for _ in range(int(wait_s * 20)):
        if is_so():
            return
        pause.wait(0.05)
    message = "it never came to be so"
    raise AssertionError(message)
