"""A desk on a disk that fills up. `python -m tests.support.full_disk FOLDER`, FOLDER being small and of its own.

Prints as JSON what was answered before, while it was full and after room was made, and who was looked for meanwhile.
"""

import json
import sys
import threading
from pathlib import Path

from kiosk.desk.worker import Worker
from kiosk.domain.answers import Answer
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId
from kiosk.service.hall import Hall
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from tests.support.books import UIDS, close_books, open_desk
from tests.support.drill import is_sound, looked_for, make_house

CHUNK = 1024
WAIT_S = 20.0


def main(folder: Path) -> None:
    """Let members come before, during and after the disk is full."""
    site = make_house(folder / "state")
    desk, books = open_desk(site)
    answers, came = list[Answer](), threading.Semaphore(0)

    def answered(answer: Answer) -> None:
        answers.append(answer)
        came.release()

    hall, stop = Hall(SystemClock(), Ids(), {}), threading.Event()
    worker = Worker(desk, SystemClock(), answered, lambda _board: None)
    hall.open(worker)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()

    def tap(name: str) -> str:
        hall.tapped(ReaderId("entrance"), Direction.IN, Uid(bytes.fromhex(UIDS[name])))
        assert came.acquire(timeout=WAIT_S), f"{name} was never answered"
        return str(answers[-1].reason or answers[-1].outcome)

    told: dict[str, object] = {"before": tap("Astrid")}
    ballast = folder / "ballast"
    fill(ballast)
    told["full"] = tap("Bo")
    told["listed"] = sorted(looked_for(site))
    ballast.unlink()
    told["after"] = tap("Carl")
    stop.set()
    worker.wake()
    thread.join()
    close_books(books)
    told["inside"] = sorted(looked_for(site))
    told["sound"] = is_sound(site.state_dir / "journal.db")
    sys.stdout.write(f"{json.dumps(told)}\n")


def fill(path: Path) -> None:
    """Write until there is no room for another byte."""
    with path.open("wb", buffering=0) as file:
        for size in (CHUNK * 64, CHUNK, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


if __name__ == "__main__":
    main(Path(sys.argv[1]))
