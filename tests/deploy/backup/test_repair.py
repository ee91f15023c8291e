"""A damaged house is mended: what can be read goes on, what nobody else has is saved, and nothing is deleted."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.backup.repairing import Mended, make_room, repair
from deploy.command import main
from kiosk.domain.direction import Direction
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.journal import JournalWriter
from kiosk.store.tallies import Releases
from kiosk.store.whole import damage
from kiosk.tools.site import Site
from tests.support.centre import SOURCE, House, RunningCentre, running_centre
from tests.support.drill import (
    come_and_go,
    event_ids,
    is_sound,
    looked_for,
    make_house,
    pages_of,
    settle,
    spoil,
    tap,
)
from tests.support.house import at

pytestmark = pytest.mark.slow

NOW = at(100_000)
NOBODY = 65_534
INSIDE = {"Astrid", "Bo"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    house = make_house(tmp_path / "state", f'[centre]\nurl = "http://127.0.0.1:1"\nsource = "{SOURCE}"\n')
    come_and_go(house, 15, began=1000.0)
    tap(house, "Astrid", "Bo", began=20_000.0)
    come_and_go(house, 15, began=30_000.0)
    return house


def mend(site: Site, name: str) -> Mended:
    """Mend what must be one damaged file, and return what was done."""
    assert damage(site.state_dir / name), "the damage never came about"
    (one,) = repair(site, NOW)
    assert (one.name, damage(site.state_dir / name)) == (name, "")
    return one


def test_a_whole_house_is_left_alone(site: Site) -> None:
    before = {one.name: one.read_bytes() for one in site.state_dir.glob("*.db")}
    assert repair(site, NOW) == ()
    assert {one.name: one.read_bytes() for one in site.state_dir.glob("*.db")} == before


@pytest.mark.parametrize("where", [0, 3, -1])
def test_of_a_journal_with_a_broken_page_only_that_page_is_lost_and_nobody_in_the_house(site: Site, where: int) -> None:
    journal = site.state_dir / "journal.db"
    before, pages = event_ids(journal), pages_of(journal, "events")
    assert len(pages) > 8, "the journal is too small for this drill"
    spoil(journal, [pages[where]])
    done = mend(site, "journal.db")
    after = event_ids(journal)
    assert 0 < len(before) - len(after) < 20
    assert after == [one for one in before if one in set(after)]
    assert ("events" in done.incomplete, is_sound(journal)) == (True, True)
    assert looked_for(site) == INSIDE
    assert (done.aside / "journal.db").exists() or done.aside.name == "journal.db"


def test_after_the_mending_taps_go_on_and_whoever_was_in_can_leave(site: Site) -> None:
    journal = site.state_dir / "journal.db"
    spoil(journal, [pages_of(journal, "events")[4]])
    mend(site, "journal.db")
    (left,) = tap(site, "Astrid", began=90_000.0, direction=Direction.OUT)
    assert str(left.outcome) == "left"
    assert looked_for(site) == {"Bo"}
    assert is_sound(journal)


def test_presences_that_cannot_be_read_are_told_by_the_events(site: Site) -> None:
    journal = site.state_dir / "journal.db"
    spoil(journal, pages_of(journal, "presence"))
    mend(site, "journal.db")
    assert looked_for(site) == INSIDE
    assert is_sound(journal)


def test_a_file_that_is_no_database_any_more_is_kept_aside_and_a_new_one_takes_taps(site: Site) -> None:
    journal = site.state_dir / "journal.db"
    settle(journal)
    journal.write_bytes(b"\xa5" * journal.stat().st_size)
    done = mend(site, "journal.db")
    assert (done.rows, "events" in done.incomplete) == (0, True)
    assert damage(done.aside / "journal.db") != ""
    tap(site, "Carl", began=90_000.0)
    assert looked_for(site) == {"Carl"}


def test_a_damaged_roster_keeps_names_and_queue_and_is_read_in_full_under_a_new_epoch(site: Site) -> None:
    roster = site.state_dir / "roster.db"
    with closing(sqlite3.connect(roster)) as connection:
        connection.execute("UPDATE contact SET centre_version = 'v', position = 7, epoch = 'e'")
        connection.commit()
    spoil(roster, pages_of(roster, "schedule"))
    mend(site, "roster.db")
    with closing(sqlite3.connect(roster)) as connection:
        assert connection.execute("SELECT centre_version, position, epoch FROM contact").fetchone() == ("", -1, "")
        assert connection.execute("SELECT LENGTH(epoch) FROM place").fetchone() == (16,)
    assert looked_for(site) == INSIDE


def test_months_that_were_released_stay_released_when_their_file_is_damaged(site: Site) -> None:
    path = site.state_dir / "research.db"
    Releases(path).close()
    with closing(sqlite3.connect(path)) as research:
        rows = [(f"20{year:02}-{month:02}", "2026-11-01", "x" * 900) for year in range(26) for month in range(1, 13)]
        research.executemany("INSERT INTO releases (month, at, body) VALUES (?, ?, ?)", rows)
        research.commit()
    pages = pages_of(path, "releases")
    spoil(path, [pages[len(pages) // 2]])
    mend(site, "research.db")
    releases = Releases(path)
    kept = len(releases.months())
    releases.close()
    assert len(rows) - 10 < kept < len(rows)


def test_without_names_the_list_still_has_everybody(site: Site) -> None:
    roster = site.state_dir / "roster.db"
    settle(roster)
    roster.write_bytes(b"\xa5" * roster.stat().st_size)
    mend(site, "roster.db")
    assert len(looked_for(site)) >= 1


def test_nothing_is_mended_under_a_running_service(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    roster = site.state_dir / "roster.db"
    spoil(roster, pages_of(roster, "members"))
    writer = JournalWriter(site.state_dir / "journal.db")
    try:
        with pytest.raises(AlreadyOpenError):
            repair(site, NOW)
        assert main(["repair", "--site", str(site.state_dir / "site.toml")]) == 1
        assert "already has a writer" in capsys.readouterr().err
    finally:
        writer.close()
    assert damage(roster) != ""


def test_the_desk_refuses_a_damaged_journal_and_the_command_mends_it(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = site.state_dir / "journal.db"
    settle(journal)
    journal.write_bytes(b"\xa5" * journal.stat().st_size)
    with pytest.raises(StoreError, match="move it aside"):
        JournalWriter(journal)
    where = ("--site", str(site.state_dir / "site.toml"))
    assert main(["repair", *where]) == 0
    assert "Call the roll now" in capsys.readouterr().out
    assert main(["repair", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["mended"] == []
    JournalWriter(journal).close()


def test_what_root_has_mended_belongs_to_whoever_the_services_run_as(site: Site) -> None:
    spoil(site.state_dir / "roster.db", pages_of(site.state_dir / "roster.db", "members"))
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    for one in (site.state_dir, *site.state_dir.glob("*.db"), *site.state_dir.glob("*.lock")):
        os.chown(one, owner, -1)
    assert [one.name for one in repair(site, NOW)] == ["roster.db"]
    make_room(site)
    made = [*site.state_dir.glob("*.db"), *site.state_dir.glob("*.lock"), *site.state_dir.glob("damaged-*")]
    assert {one.stat().st_uid for one in made} == {owner}
    assert len(made) >= 7


def test_vacuum_gives_room_back(site: Site) -> None:
    journal = site.state_dir / "journal.db"
    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("CREATE TABLE ballast (filler TEXT)")
        connection.executemany("INSERT INTO ballast VALUES (?)", [("x" * 3000,)] * 300)
        connection.execute("DROP TABLE ballast")
        connection.commit()
    before, after = make_room(site)
    assert before - after > 500_000
    assert looked_for(site) == INSIDE


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running_centre(tmp_path) as running:
        yield running


def told(centre: RunningCentre, site: Site) -> list[str]:
    """Let the house tell the centre everything, and return the ids that the centre then has."""
    house = House(site.state_dir, centre.url, centre.token)
    house.clock.advance(100_000)
    house.work_until_idle()
    house.close()
    with closing(sqlite3.connect(f"file:{site.state_dir.parent / 'centre.db'}?mode=ro", uri=True)) as kept:
        return [row[0] for row in kept.execute("SELECT id FROM events")]


def queue_without_line(site: Site) -> None:
    """Let the house put what has happened into its queue, with no centre to be reached."""
    house = House(site.state_dir, "http://127.0.0.1:1", "token")
    house.clock.advance(100_000)
    for _ in range(20):
        house.agent.step()
    house.close()


@pytest.mark.parts
@pytest.mark.parametrize("damaged", ["journal.db", "roster.db"])
def test_unsent_taps_are_saved_and_the_centre_has_each_once(site: Site, centre: RunningCentre, damaged: str) -> None:
    first = told(centre, site)
    come_and_go(site, 10, began=60_000.0)
    path = site.state_dir / damaged
    if damaged == "roster.db":
        queue_without_line(site)
    # Of the journal a page that the centre has long since; of the queue one with events that wait.
    pages = pages_of(path, "events" if damaged == "journal.db" else "outbox")
    spoil(path, [pages[2] if damaged == "journal.db" else pages[-2]])
    mend(site, damaged)
    come_and_go(site, 2, began=80_000.0)
    after = told(centre, site)
    assert len(after) == len(set(after)), "told twice"
    assert set(first) <= set(after)
    assert len(after) == len(first) + 4 * 10 + 4 * 2
