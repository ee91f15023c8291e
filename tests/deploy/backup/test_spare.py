"""A Pi is stolen or dead: its token is withdrawn, and a spare is in service by a backup, a new token and a new key."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy.backup.folder import make
from deploy.backup.restoring import restore
from kiosk.desk.desk import Books, Desk
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.requests import Tap
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.credentials import badge_secrets, write_credential
from kiosk.tools.site import Site, load
from sync.answers import Unauthorised
from tests.support.books import SECRET, UIDS
from tests.support.centre import SITE, SOURCE, House, running_centre
from tests.support.drill import DayIds, looked_for, make_house, tap
from tests.support.house import at

pytestmark = pytest.mark.parts

NEW_KEY = bytes(reversed(range(32)))
CENTRE = f'[centre]\nurl = "http://127.0.0.1:1"\nsource = "{SOURCE}"\n'


def told(site: Site, url: str, token: str) -> None:
    """Let the house tell the centre everything."""
    house = House(site.state_dir, url, token)
    house.clock.advance(100_000)
    house.work_until_idle()
    house.close()


def kept(folder: Path, question: str) -> list[tuple[str, ...]]:
    """Return what the centre's own file says."""
    with closing(sqlite3.connect(f"file:{folder / 'centre.db'}?mode=ro", uri=True)) as centre:
        return centre.execute(question).fetchall()


def spare_of(stolen: Site, backup: Path, folder: Path) -> Site:
    """Return the spare as the runbook sets it up: the site file of the backup, both keys, and the backup put back."""
    folder.mkdir()
    text = (backup / "site.toml").read_text().replace(str(stolen.state_dir), str(folder))
    (folder / "site.toml").write_text(f"{text}\n[badge]\nkey_versions = [1, 2]\n")
    write_credential("badge-key-v1", SECRET.hex().encode(), folder)
    write_credential("badge-key-v2", NEW_KEY.hex().encode(), folder)
    spare = load(folder / "site.toml")
    restore(spare, backup, at(3000), is_forced=False)
    return spare


def tap_with_both_keys(site: Site, name: str, began: float) -> Outcome:
    """Let a member show their badge at a desk that has the old key and the new."""
    books = Books(
        journal=JournalWriter(site.state_dir / "journal.db"),
        roster=RosterReader(site.state_dir / "roster.db"),
        zones=ZonesReader(site.state_dir / "zones.db"),
    )
    desk = Desk(site, books, badge_secrets((1, 2), site.state_dir), DayIds(began))
    uid = Uid(bytes.fromhex(UIDS[name]))
    entrance, way = ReaderId("entrance"), Direction.IN
    answer = desk.handle(Tap(id=RequestId("spare"), at=at(began), reader=entrance, direction=way, uid=uid))
    for one in (books.journal, books.roster, books.zones):
        one.close()
    return answer.outcome


def test_the_spare_goes_on_where_the_backup_was_and_the_stolen_one_is_shut_out(tmp_path: Path) -> None:
    with running_centre(tmp_path) as centre:
        stolen = make_house(tmp_path / "stolen", CENTRE)
        tap(stolen, "Astrid", began=1000.0)
        told(stolen, centre.url, centre.token)
        backup = make(stolen, stolen.state_dir / "site.toml", tmp_path / "backups", at(1100))
        tap(stolen, "Bo", began=2000.0)
        told(stolen, centre.url, centre.token)

        assert centre.registry.tokens.withdraw(SITE) == 1
        token = centre.registry.issue_token(SITE, SOURCE)
        spare = spare_of(stolen, backup, tmp_path / "spare")
        assert looked_for(spare) == {"Astrid"}
        assert tap_with_both_keys(spare, "Carl", 4000.0) is Outcome.ARRIVED
        told(spare, centre.url, token)
        centre.registry.report()

        kinds = [row[0].rpartition(".")[2] for row in kept(tmp_path, "SELECT type FROM events")]
        assert sorted(kinds) == ["arrived", "arrived", "arrived", "rekeyed"], "each once, and Carl's badge moved on"
        assert len({row[0] for row in kept(tmp_path, "SELECT DISTINCT epoch FROM streams")}) == 2
        assert [row[0] for row in kept(tmp_path, "SELECT kind FROM findings WHERE kind = 'restart'")] == ["restart"]

        gone = House(stolen.state_dir, centre.url, centre.token)
        assert isinstance(gone.client.get("/events/state"), Unauthorised)
        gone.close()


def test_the_backup_beside_a_stolen_device_gives_no_badge_s_number_without_the_key(tmp_path: Path) -> None:
    house = make_house(tmp_path / "state")
    tap(house, "Astrid")
    backup = make(house, house.state_dir / "site.toml", tmp_path / "backups", at(600))
    content = b"".join(one.read_bytes() for one in backup.iterdir())
    uids = [uid for name, uid in UIDS.items() if name != "Bo"]  # whose is zeros, as a database is full of
    assert [uid for uid in uids if uid.encode() in content or bytes.fromhex(uid) in content] == []
