"""The write-ahead log gives back what one huge transaction took of the disk: a card of a kiosk is small."""

from pathlib import Path

from kiosk.store.database import WAL_BYTES_MAX, Shape, Writer

HUGE = 4 * WAL_BYTES_MAX


def fill(writer: Writer, size: int) -> None:
    """Write so many bytes in one transaction."""
    with writer.transaction() as db:
        rows = [(f"pir-{number}", "x" * 2048) for number in range(size // 2048)]
        db.executemany("INSERT OR REPLACE INTO sensors (sensor, body) VALUES (?, ?)", rows)


def test_after_a_huge_transaction_the_log_is_short_again(tmp_path: Path) -> None:
    writer, log = Writer(tmp_path / "zones.db", Shape.ZONES), tmp_path / "zones.db-wal"
    try:
        fill(writer, HUGE)
        assert log.stat().st_size > HUGE, "the log never grew"
        for _ in range(3):
            fill(writer, 4096)
        assert log.stat().st_size <= WAL_BYTES_MAX
    finally:
        writer.close()
