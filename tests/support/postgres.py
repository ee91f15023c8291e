"""A real PostgreSQL for a whole test run, with a new database for each test that asks for one."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from deploy.bench.ingest_postgres import Cluster, running

_numbers = itertools.count(1)


@contextmanager
def postgres_cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL until the end of the block."""
    with running(durable=False) as cluster:
        yield cluster


def new_database(cluster: Cluster) -> str:
    """Return the address of a new, empty database."""
    name = f"centre_{next(_numbers)}"
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return cluster.url(name)
