"""Ids, clocks, credentials and stopping."""

import os
import signal
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.instant import ClockState
from kiosk.tools.clock import CLOCK_FLOOR, SystemClock, clock_state, kernel_synced
from kiosk.tools.credentials import CredentialError, badge_secrets, is_in_store, read_credential, write_credential
from kiosk.tools.ids import Ids, uuid7
from kiosk.tools.stopping import HANDLED, stop_on_signals


def test_an_id_is_a_uuid_of_version_7_with_its_time_in_front() -> None:
    # The example of RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC.
    made = uuid7(0x017F22E279B0, (0xCC3 << 62) | 0x18C4DC0C0C07398F)
    assert made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert uuid.UUID(made).version == 7


def test_ids_rise_also_when_the_clock_stands_still_or_steps_back() -> None:
    times = iter([1000, 1000, 500, 2000])
    ids = Ids(lambda: next(times), lambda _bits: 0)
    made = [ids() for _ in range(4)]
    assert made == sorted(made)
    assert len(set(made)) == 4


def test_threads_never_get_the_same_id() -> None:
    ids = Ids()
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(ids() for _ in range(500))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(made)) == 2000


def test_a_clock_before_this_release_was_never_set() -> None:
    assert clock_state(datetime(1970, 1, 1, tzinfo=UTC), is_synced=True) is ClockState.UNSET
    assert clock_state(CLOCK_FLOOR, is_synced=False) is ClockState.SET
    assert clock_state(CLOCK_FLOOR, is_synced=True) is ClockState.SYNCED


def test_the_machines_clock_goes_forward_within_one_boot(tmp_path: Path) -> None:
    boot = tmp_path / "boot_id"
    boot.write_text("b0071d\n")
    clock = SystemClock(boot)
    first, second = clock(), clock()
    assert first.boot == "b0071d"
    assert second.seconds_since(first) >= 0
    assert first.wall.tzinfo is UTC
    assert kernel_synced() in {True, False}


def test_a_secret_comes_from_systemd_first_and_else_from_its_own_file(tmp_path: Path) -> None:
    write_credential("token", b"from-file\n", tmp_path)
    assert read_credential("token", tmp_path, {}) == b"from-file"
    given = tmp_path / "given"
    given.mkdir()
    (given / "token").write_bytes(b"from-systemd")
    assert read_credential("token", tmp_path, {"CREDENTIALS_DIRECTORY": str(given)}) == b"from-systemd"


def test_a_secret_that_others_can_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = write_credential("token", b"x", tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    with pytest.raises(CredentialError, match=f"chmod 600 {path}"):
        read_credential("token", tmp_path, {})


def test_a_secret_that_systemd_keeps_for_the_services_is_told_apart_from_a_missing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.tools.credentials.STORES", (tmp_path / "none", tmp_path / "credstore.encrypted"))
    assert not is_in_store("token")
    with pytest.raises(CredentialError, match="is missing: put it in"):
        read_credential("token", tmp_path, {})
    (tmp_path / "credstore.encrypted").mkdir()
    (tmp_path / "credstore.encrypted" / "samverk.token").write_bytes(b"sealed")
    assert is_in_store("token")
    with pytest.raises(CredentialError, match=r"ImportCredential=samverk\.token:token samverk"):
        read_credential("token", tmp_path, {})


def test_a_missing_secret_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match="badge-key-v2 is missing: put it in"):
        badge_secrets((2,), tmp_path)


def test_badge_secrets_are_read_by_version(tmp_path: Path) -> None:
    write_credential("badge-key-v1", b"00" * 32, tmp_path)
    assert badge_secrets((1,), tmp_path) == {1: bytes(32)}


def test_a_signal_sets_the_stop_event() -> None:
    before = {one: signal.getsignal(one) for one in HANDLED}
    try:
        stop = stop_on_signals()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(1)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
