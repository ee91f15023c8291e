"""`samverk bench sync`, the centre's half: ingest on SQLite and PostgreSQL beside bare inserts; what a digest costs.

Rounds of every measure are interleaved, and the median counts: a busy machine then slows all alike.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from deploy.bench import ingest_postgres
from deploy.bench.figures import Amount, Figure, Measured, figure
from deploy.bench.ingest_door import Times, through_the_door
from deploy.bench.ingest_postgres import Cluster, PostgresError
from deploy.bench.ingest_rows import AGENCY, SITE, SOURCE, bare_copy, bare_insert, bare_sqlite, batches, roster_of
from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.events import Told, read_batch, read_event
from sync.centre.registry import Enrolment, NewAgency, Registry
from sync.centre.storage.events import row_of
from sync.centre.storage.tokens import Bearer, Role

ROUNDS = 3
ROWS = 10_000
"""How many events each measure of the store takes in a round."""
BATCH, BULK = 100, 10_000
ROSTERS = (5_000, 50_000)
EACH = "events/s"

_BEARER = Bearer(Role.HOUSE, SiteId(SITE), SOURCE)
_Measure = tuple[str, Callable[[int], float], str | None]


def measure(taps: int, members: int) -> Measured:  # noqa: ARG001 - what other measures are given too
    """Return what the centre takes in on this machine, beside bare inserts in the same run."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as name:
        folder = Path(name)
        try:
            with ingest_postgres.running() as cluster:
                return _measured(folder, cluster)
        except PostgresError as error:
            found = _measured(folder, None)
            return found._replace(notes=[*found.notes, f"nothing is said of PostgreSQL: {error}"])


def _measured(folder: Path, cluster: Cluster | None) -> Measured:
    told = [_read(raw) for body in batches(ROWS * ROUNDS, BATCH) for raw in read_batch(body) or ()]
    with _stores(folder, cluster) as stores:
        plan = list(_plan(folder, cluster, told, stores))
        rates: dict[str, list[float]] = {name: [] for name, _, _ in plan}
        for number in range(ROUNDS):
            for name, run, _ in plan:
                rates[name].append(run(number))
        amounts = [Amount(name=name, value=median(rates[name]), unit=EACH, bare=bare) for name, _, bare in plan]
        amounts += _digests(stores)
    times = _doors(folder, cluster)
    amounts += [one for door in times for one in door.amounts]
    figures: list[Figure] = [figure(f"request of {BATCH}: {one.name}", one.seconds) for one in times]
    notes = [
        f"the median of {ROUNDS} interleaved rounds of {ROWS} events; through the door 4 clients on the same machine"
    ]
    return Measured(figures, notes, amounts)


@contextmanager
def _stores(folder: Path, cluster: Cluster | None) -> Iterator[dict[str, Registry]]:
    addresses = {f"SQLite {BATCH}": str(folder / "batch.db")}
    if cluster is not None:
        addresses |= {f"PostgreSQL {size}": _new(cluster, f"store_{size}") for size in (BATCH, BULK)}
    stores = {name: Registry(address, SystemClock(), Ids()) for name, address in addresses.items()}
    try:
        yield stores
    finally:
        for one in stores.values():
            one.close()


def _plan(
    folder: Path, cluster: Cluster | None, told: Sequence[Told], stores: dict[str, Registry]
) -> Iterator[_Measure]:
    rows = [row_of(one, "2026-11-23T08:00:00+00:00") for one in told]

    def part(number: int) -> slice:
        return slice(number * ROWS, (number + 1) * ROWS)

    bare = {"SQLite": f"bare INSERT, SQLite {BATCH}", "PostgreSQL": f"COPY, PostgreSQL {BULK}"}
    yield bare["SQLite"], lambda number: bare_sqlite(folder / f"bare{number}.db", rows[part(number)], BATCH), None
    if cluster is not None:
        url = cluster.url()
        yield bare["PostgreSQL"], lambda number: bare_copy(url, rows[part(number)], BULK), None
        yield f"bare INSERT, PostgreSQL {BATCH}", lambda number: bare_insert(url, rows[part(number)], BATCH), None
    for name, store in stores.items():
        size, against = int(name.split()[1]), bare[name.split()[0]]
        for what in ("new", "all duplicates"):
            beside = against if what == "new" else f"store, {name}, new"
            yield f"store, {name}, {what}", partial(_round, store, told, size), beside


def _round(store: Registry, told: Sequence[Told], size: int, number: int) -> float:
    return _kept(store, told[number * ROWS : (number + 1) * ROWS], size)


def _kept(store: Registry, told: Sequence[Told], size: int) -> float:
    began = time.perf_counter()
    for start in range(0, len(told), size):
        store.events.keep(told[start : start + size], store.clock())
    return len(told) / (time.perf_counter() - began)


def _digests(stores: dict[str, Registry]) -> Iterator[Amount]:
    for name in (one for one in stores if one.endswith(f" {BATCH}")):
        store = stores[name]
        for count in ROSTERS:
            roster_of(store, count)
            began = time.perf_counter()
            store.roster.version()
            took_ms = (time.perf_counter() - began) * 1000
            yield Amount(name=f"digest of {count} members, {name.split()[0]}", value=took_ms, unit="ms")


def _doors(folder: Path, cluster: Cluster | None) -> list[Times]:
    addresses = {"SQLite": str(folder / "door.db")}
    if cluster is not None:
        addresses["PostgreSQL"] = _new(cluster, "door")
    found = []
    for name, address in addresses.items():
        registry = Registry(address, SystemClock(), Ids())
        registry.enrol(Enrolment(agencies=(NewAgency(AGENCY, "Bench", 1_000_000),)))
        found.append(through_the_door(name, address, registry, folder / f"{name}-port", ROWS, BATCH, ROUNDS))
        registry.close()
    return found


def _new(cluster: Cluster, name: str) -> str:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return cluster.url(name)


def _read(raw: bytes) -> Told:
    told = read_event(raw, _BEARER)  # type: ignore[arg-type] # what a batch is read into
    if not isinstance(told, Told):
        raise TypeError(told)
    return told
