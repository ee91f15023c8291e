"""What the board shows beside the desk's picture: history with its gaps, and how the parts of the house are."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.board import side as side_module
from kiosk.board.health import OLD_LIST_S, SLOW_S, Health, Looked, alarms, health
from kiosk.board.side import Centre, Sensors, Side, SideReader
from kiosk.board.strip import STRETCHES_MAX, STRIP, Silence, Stretch, minutes, strips
from kiosk.board.words import strip_text
from kiosk.domain.ids import EventId, VisitId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.zones import OCCUPANCY_STALE_S, ZoneState
from kiosk.store.outgoing import Outgoing
from kiosk.store.queue import OutboxReader
from kiosk.store.roster import RosterWriter
from kiosk.store.zones import Change, News, Said, ZonesWriter
from kiosk.tools.site import CentreTable
from tests.kiosk.board.real_house import fill
from tests.kiosk.board.small_desk import small_board, small_site
from tests.support.books import make_site
from tests.support.house import COURSE, FIRE, at, occupancy

NOW = at(4 * 3600)
ZONE = ZoneInfo("Europe/Stockholm")


def change(minute: int, state: ZoneState, zone: ZoneId = FIRE) -> Change:
    return Change(at(60 * minute).wall.isoformat(), zone, state)


def strip(*changes: Change, silences: tuple[Silence, ...] = ()) -> tuple[Stretch, ...]:
    return strips(changes[::-1], {FIRE: silences}, (FIRE,), NOW.wall)[FIRE]


def looked(side: Side, **changes: object) -> Looked:
    whole = Looked(board=small_board(), heard=at(3600), lost=None, side=side, roster_age_s=60.0, zone=ZONE)
    return replace(whole, **changes)  # type: ignore[arg-type] # a test's own fields


def said(lines: tuple[Health, ...], *, is_well: bool) -> list[str]:
    return [one.words.sv for one in lines if one.is_well is is_well]


def test_a_strip_shows_each_state_for_as_long_as_it_was_known_and_gaps_in_between() -> None:
    assert strip(change(60, ZoneState.OCCUPIED), change(90, ZoneState.UNKNOWN), change(150, ZoneState.VACANT)) == (
        Stretch(ZoneState.UNKNOWN, 240, 180),
        Stretch(ZoneState.OCCUPIED, 180, 150),
        Stretch(ZoneState.UNKNOWN, 150, 90),
        Stretch(ZoneState.VACANT, 90, 0),
    )


def test_a_state_from_before_the_strip_begins_it() -> None:
    early = Change((NOW.wall - STRIP - timedelta(hours=1)).isoformat(), FIRE, ZoneState.VACANT)
    assert strip(early) == (Stretch(ZoneState.VACANT, 240, 0),)


def test_a_silence_is_a_gap_whatever_the_history_says_and_is_never_joined_over() -> None:
    silent = Silence(at(60 * 100).wall, at(60 * 110).wall)
    found = strip(change(60, ZoneState.OCCUPIED), silences=(silent,))
    assert found[1:] == (
        Stretch(ZoneState.OCCUPIED, 180, 140),
        Stretch(ZoneState.UNKNOWN, 140, 130),
        Stretch(ZoneState.OCCUPIED, 130, 0),
    )


def test_another_zones_history_is_not_this_ones() -> None:
    assert strip(change(60, ZoneState.OCCUPIED, COURSE)) == (Stretch(ZoneState.UNKNOWN, 240, 0),)


def test_a_strip_is_bounded_and_told_in_words() -> None:
    states = (ZoneState.OCCUPIED, ZoneState.VACANT)
    whole = strip(*(Change(at(20 * one).wall.isoformat(), FIRE, states[one % 2]) for one in range(700)))
    assert len(whole) == STRETCHES_MAX
    short = strip(change(60, ZoneState.OCCUPIED), change(90, ZoneState.VACANT))
    assert minutes(short, ZoneState.OCCUPIED) == 30
    assert strip_text(short, Language.SV) == "Senaste fyra timmarna: folk här 30 min, tomt 150 min, vet inte 60 min"


def test_a_well_house_says_so_part_by_part() -> None:
    side = Side(sensors={FIRE: Sensors(5, 0, at(3590))}, centre=Centre())
    lines = health(looked(side))
    assert said(lines, is_well=False) == []
    assert said(lines, is_well=True) == [
        "Kortläsare entrance är klar",
        "Sensorer som hörs: 5",
        "Brokern svarar",
        "Centralen har allt",
        "Medlemslistan är 1 min gammal",
        "Läget bekräftat 09:00",
    ]


def test_a_silent_sensors_service_and_a_lost_broker_are_alarms_and_a_silent_sensor_is_named_by_its_zone() -> None:
    gone = Side(sensors={FIRE: Sensors(5, 0, at(3600 - OCCUPANCY_STALE_S - 1))}, broker_lost=at(3000).wall)
    told = alarms(health(looked(gone)))
    assert [one.sv for one in told] == [
        "Sensortjänsten har varit tyst sedan 08:58. Zonerna är inte säkra.",
        "Ingen kontakt med brokern sedan 08:50. Sensorerna hörs inte.",
    ]
    one_silent = Side(sensors={FIRE: Sensors(4, 1, at(3590))})
    assert said(health(looked(one_silent)), is_well=False) == ["Lägerelden: tysta sensorer 1"]


def test_a_copied_badge_is_told_to_hosts_and_to_nobody_else() -> None:
    board = replace(small_board(), copied_at=at(3000))
    lines = health(looked(Side(sensors={FIRE: Sensors(1, 0, at(3590))}), board=board))
    assert [(one.words.sv, one.is_public) for one in lines if not one.is_well] == [
        ("Ett kopierat kort visades 08:50.", False)
    ]


def test_events_that_wait_long_disputes_and_an_old_list_need_somebody() -> None:
    fresh = {FIRE: Sensors(1, 0, at(3590))}
    waiting = Centre(waiting=3, since=at(3600 - SLOW_S).wall, apart=1, disputed=2)
    lines = health(looked(Side(sensors=fresh, centre=waiting), roster_age_s=OLD_LIST_S + 1))
    assert said(lines, is_well=False) == [
        "3 händelser väntar på centralen sedan 08:50",
        "Centralen: 1 lagda åt sidan, 2 tvister",
        "Medlemslistan är 7 dygn gammal. Besluten vilar på gamla uppgifter.",
    ]
    assert not any(one.is_public for one in lines if "entral" in one.words.sv)


@pytest.mark.parametrize("part", ["zones.db", "roster.db", "journal.db"])
def test_a_file_that_cannot_be_read_costs_its_own_part_only(tmp_path: Path, part: str) -> None:
    site = make_site(tmp_path)
    centre = CentreTable(url="https://centre.test", source="test")
    site = replace(site, tables=replace(site.tables, centre=centre))
    fill(site)
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.record(News(said=(Said(occupancy(FIRE, ZoneState.OCCUPIED, at(300)), 1),)), at(300))
    writer.close()
    (tmp_path / part).write_bytes(b"no database at all" * 100)
    reader = SideReader(site)
    side = reader.read(at(380))
    assert (side.sensors == {}) is (part == "zones.db")
    assert (side.centre is None) is (part == "roster.db")
    assert (side.offers == {}) is (part == "journal.db")
    reader.close()


def test_offers_are_counted_by_zone_since_midnight_and_a_service_that_falls_silent_leaves_a_gap(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    fill(make_site(tmp_path))
    writer = ZonesWriter(tmp_path / "zones.db")
    writer.record(News(said=(Said(occupancy(FIRE, ZoneState.OCCUPIED, at(300)), 1),)), at(300))
    writer.close()
    reader = SideReader(site)
    side = reader.read(at(380))
    assert side.offers == {FIRE: 1}
    later = reader.read(at(1200))
    assert later.strips[FIRE][-1].state is ZoneState.UNKNOWN
    assert reader.read(at(2 * 86_400)).offers == {}
    reader.close()


def test_what_waits_for_the_centre_is_counted_anew_only_after_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path)
    centre = CentreTable(url="https://centre.test", source="test")
    site = replace(site, tables=replace(site.tables, centre=centre))
    counts: list[Centre] = []
    count = side_module._counted  # noqa: SLF001 - how often it is done is what is tested

    def counted(queue: OutboxReader) -> Centre:
        counts.append(count(queue))
        return counts[-1]

    monkeypatch.setattr(side_module, "_counted", counted)
    reader = SideReader(site)
    assert reader.read(at(0)).centre == Centre()
    fill(site)
    assert reader.read(at(1)).centre == Centre(), "the file has come into being"
    before = len(counts)
    assert [reader.read(at(seconds)).centre for seconds in (2, 3, 4)] == [Centre()] * 3
    assert len(counts) == before
    with closing(RosterWriter(tmp_path / "roster.db")) as roster:
        roster.outbox.add(3, [Outgoing(1, 3, EventId("e"), "arrived", VisitId("v"), "{}")], at(5).wall)
        assert reader.read(at(6)).centre == Centre(waiting=1, since=at(5).wall)
    reader.close()
