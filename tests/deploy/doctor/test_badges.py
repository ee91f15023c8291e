"""What `samverk doctor` says of badges that must prove themselves."""

from pathlib import Path

from deploy.doctor.badges import check
from kiosk.domain.ids import BadgeKey
from kiosk.domain.members import Badge, BadgeLevel
from kiosk.store.enrolment import Enrolled, Page
from kiosk.store.intake import Place
from kiosk.store.roster import RosterWriter
from tests.support.books import BEGINNING, make_site, write_roster
from tests.support.house import AGENCY, member

KEYS = "\n[badge]\nkey_versions = [1]\ncard_versions = [1]\n"


def test_a_house_without_card_keys_is_told_how_many_badges_it_turns_away(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster.db")
    assert [one.is_well for one in check(make_site(tmp_path), BEGINNING)] == [True]
    who = member("Elsa")
    proving = Badge(BadgeKey("e" * 64), 1, who.id, level=BadgeLevel.VERIFIED)
    writer = RosterWriter(tmp_path / "roster.db")
    writer.intake.begin(Place(phase="agencies"), BEGINNING)
    writer.intake.take(Page(agencies=(AGENCY,), people=(Enrolled(who, (proving,)),)), Place(phase="done"))
    writer.intake.apply(is_whole=False)
    writer.close()
    (found,) = check(make_site(tmp_path), BEGINNING)
    assert not found.is_well
    assert found.says.sv.startswith("1 kort")
    assert "card_versions" in found.says.en
    assert [one.is_well for one in check(make_site(tmp_path, KEYS), BEGINNING)] == [True]


def test_a_house_that_has_no_list_yet_turns_nobody_away(tmp_path: Path) -> None:
    assert [one.is_well for one in check(make_site(tmp_path), BEGINNING)] == [True]
