"""Which way a reader leads."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way people pass a reader."""

    IN = "in"
    OUT = "out"
    BOTH = "both"
