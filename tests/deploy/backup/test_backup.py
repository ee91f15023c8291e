"""A backup is whole, made beside running services, and holds no secret; put back, it is another life of the house."""

import json
import sqlite3
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.backup.folder import COPIED, BackupError, check, make, remove_old
from deploy.backup.restoring import restore
from deploy.command import main
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.journal import JournalWriter
from kiosk.tools.site import Site
from tests.support.drill import SECRETS, event_ids, is_sound, looked_for, make_house, spoil, tap
from tests.support.house import at
from tests.support.mounts import run_with_mounts

pytestmark = pytest.mark.slow

FILE = "site.toml"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    house = make_house(tmp_path / "state")
    tap(house, "Astrid", "Bo")
    return house


def backup_of(site: Site, tmp_path: Path, seconds: float = 600) -> Path:
    return make(site, site.state_dir / FILE, tmp_path / "backups", at(seconds))


def test_a_backup_is_whole_and_readable_to_its_owner_only(site: Site, tmp_path: Path) -> None:
    made = backup_of(site, tmp_path)
    assert set(check(made).files) == {"journal.db", "roster.db", FILE}
    assert {one.stat().st_mode & 0o077 for one in (made, *made.glob("*.db"))} == {0}
    assert event_ids(made / "journal.db") == event_ids(site.state_dir / "journal.db")


def test_a_month_that_was_released_is_in_the_backup_for_good(site: Site, tmp_path: Path) -> None:
    with closing(sqlite3.connect(site.state_dir / "research.db")) as research:
        research.execute("CREATE TABLE releases (month TEXT PRIMARY KEY, at TEXT, body TEXT)")
        research.execute("INSERT INTO releases VALUES ('2026-10', '2026-11-01', '{}')")
        research.commit()
    made = backup_of(site, tmp_path)
    with closing(sqlite3.connect(made / "research.db")) as copy:
        assert copy.execute("SELECT month FROM releases").fetchall() == [("2026-10",)]


def test_no_secret_is_in_a_backup_nor_the_passwords_of_hosts(site: Site, tmp_path: Path) -> None:
    (site.state_dir / "board.db").write_bytes(b"hosts' passwords")
    made = backup_of(site, tmp_path)
    content = b"".join(one.read_bytes() for one in made.rglob("*") if one.is_file())
    assert [name for name, secret in SECRETS.items() if secret.encode() in content] == []
    assert [name for name, secret in SECRETS.items() if _raw(secret) in content] == []
    assert not (made / "board.db").exists()


def _raw(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return secret.encode()


def test_a_backup_is_made_while_the_desk_writes_and_has_a_moment_of_its_journal(site: Site, tmp_path: Path) -> None:
    writer, stop = JournalWriter(site.state_dir / "journal.db"), threading.Event()
    looks = 0

    def look() -> None:
        nonlocal looks
        while not stop.is_set():
            writer.log_access(at(30), "host:h", "roll_call", "drill")  # type: ignore[arg-type] # an actor by its text
            looks += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        made = [backup_of(site, tmp_path, 600 + number) for number in range(3)]
    finally:
        stop.set()
        thread.join()
        writer.close()
    assert looks > 0, "nothing was written meanwhile"
    assert [set(check(one).files) for one in made] == [{"journal.db", "roster.db", FILE}] * 3
    assert all(is_sound(one / "journal.db") for one in made)


def test_a_damaged_database_makes_no_backup_and_leaves_nothing_half_made(site: Site, tmp_path: Path) -> None:
    spoil(site.state_dir / "journal.db", [2, 3])
    with pytest.raises(StoreError, match=r"journal\.db cannot be copied"):
        backup_of(site, tmp_path)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("name", ["journal.db", FILE, "backup.json"])
def test_a_backup_that_was_changed_is_not_put_back(site: Site, tmp_path: Path, name: str) -> None:
    made = backup_of(site, tmp_path)
    before = event_ids(site.state_dir / "journal.db")
    with (made / name).open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * 50)
    with pytest.raises(BackupError, match="take another"):
        restore(site, made, at(700), is_forced=True)
    assert event_ids(site.state_dir / "journal.db") == before


def test_old_backups_of_this_house_are_removed_and_the_newest_always_stays(site: Site, tmp_path: Path) -> None:
    days = 86_400
    made = [backup_of(site, tmp_path, one * days) for one in (0, 10, 20)]
    (tmp_path / "backups" / "samverk-other-20200101T000000Z").mkdir()
    assert remove_old(tmp_path / "backups", site.id, at(22 * days)) == (made[0],)
    assert remove_old(tmp_path / "backups", site.id, at(900 * days)) == (made[1],)
    assert made[2].exists()
    assert (tmp_path / "backups" / "samverk-other-20200101T000000Z").exists()


def test_put_back_on_a_bare_device_the_house_is_as_it_was_under_a_new_epoch(site: Site, tmp_path: Path) -> None:
    made = backup_of(site, tmp_path)
    spare = replace(
        site, tables=replace(site.tables, site=replace(site.tables.site, state_dir=str(tmp_path / "spare")))
    )
    done = restore(spare, made, at(700), is_forced=False, new_epoch=lambda: "epoch-2")
    assert (done.aside, done.files) == (None, tuple(one for one in COPIED if (made / one).exists()))
    assert looked_for(spare) == looked_for(site) == {"Astrid", "Bo"}
    assert is_sound(spare.state_dir / "journal.db")
    with closing(sqlite3.connect(spare.state_dir / "roster.db")) as roster:
        assert roster.execute("SELECT epoch FROM place").fetchone() == ("epoch-2",)


def test_a_newer_journal_is_not_replaced_unless_forced_and_then_kept_aside(site: Site, tmp_path: Path) -> None:
    made = backup_of(site, tmp_path)
    tap(site, "Carl", began=800.0)
    whole = event_ids(site.state_dir / "journal.db")
    with pytest.raises(BackupError, match="newer"):
        restore(site, made, at(900), is_forced=False)
    assert (event_ids(site.state_dir / "journal.db"), looked_for(site)) == (whole, {"Astrid", "Bo", "Carl"})
    done = restore(site, made, at(900), is_forced=True)
    assert done.aside is not None
    assert event_ids(done.aside / "journal.db") == whole
    assert looked_for(site) == {"Astrid", "Bo"}


def test_a_damaged_journal_is_to_be_mended_first_since_it_has_taps_that_nobody_else_has(
    site: Site, tmp_path: Path
) -> None:
    made = backup_of(site, tmp_path)
    spoil(site.state_dir / "journal.db", [3])
    with pytest.raises(BackupError, match="samverk repair"):
        restore(site, made, at(900), is_forced=False)


def test_nothing_is_put_back_under_a_running_service(site: Site, tmp_path: Path) -> None:
    made = backup_of(site, tmp_path)
    writer = JournalWriter(site.state_dir / "journal.db")
    try:
        with pytest.raises(AlreadyOpenError):
            restore(site, made, at(900), is_forced=True)
    finally:
        writer.close()
    assert looked_for(site) == {"Astrid", "Bo"}


def test_a_backup_of_another_house_is_refused(site: Site, tmp_path: Path) -> None:
    made = backup_of(site, tmp_path)
    content = json.loads((made / "backup.json").read_text())
    (made / "backup.json").write_text(json.dumps({**content, "site": "ostersund"}))
    with pytest.raises(BackupError, match="ostersund"):
        restore(site, made, at(900), is_forced=True)


def test_the_commands_make_and_put_back(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--site", str(site.state_dir / FILE))
    assert main(["backup", str(tmp_path / "backups"), "--json", *where]) == 0
    made = json.loads(capsys.readouterr().out)["backup"]
    assert main(["restore", made, *where]) == 0
    told = capsys.readouterr().out
    assert [part in told for part in ("Call the roll", "New epoch", "Erase anew")] == [True] * 3
    assert looked_for(site) == {"Astrid", "Bo"}
    assert main(["restore", str(tmp_path / "none"), *where]) == 1
    assert "no whole backup" in capsys.readouterr().err


@pytest.mark.parts
def test_a_full_medium_makes_no_backup_and_says_so(site: Site, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    command = (
        f"mount -t tmpfs -o size=64k none {small} && exec $0 -m deploy backup {small} --site {site.state_dir / FILE}"
    )
    done = samverk_in_a_namespace(command)
    assert ("no room" in done[1], done[0]) == (True, 1)


def samverk_in_a_namespace(script: str) -> tuple[int, str]:
    """Return status and last words of a script with mounts of its own; `$0` is this Python."""
    done = run_with_mounts(script, sys.executable)
    return done.returncode, done.stderr
