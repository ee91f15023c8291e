"""Numbers, times and names as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kiosk.domain.members import Language
from kiosk.look.words import NAME_CELLS_MAX, age, first_name, printable, seconds, time_of_day

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)


def test_a_time_of_today_is_told_without_its_date() -> None:
    assert time_of_day(datetime(2026, 11, 23, 7, 12, tzinfo=UTC), NOW, STOCKHOLM) == "08:12"


def test_a_time_of_another_day_is_told_with_its_date() -> None:
    assert time_of_day(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), NOW, STOCKHOLM) == "22/11 16:00"


def test_an_age_is_told_in_hours_and_from_two_days_on_in_days() -> None:
    assert age(3600, Language.SV) == "en timme"
    assert age(30 * 3600, Language.SV) == "30 timmar"
    assert age(9 * 86400, Language.EN) == "9 days"


def test_one_second_is_told_in_the_singular() -> None:
    assert seconds(1, Language.SV) == "1 sekund"
    assert seconds(9, Language.EN) == "9 seconds"


def test_only_the_first_name_is_shown_and_it_has_a_bound() -> None:
    assert first_name("Ann-Christine von Exempel") == "Ann-Christine"
    assert len(first_name("x" * 500)) == NAME_CELLS_MAX
    assert first_name("  ") == ""


def test_nothing_that_a_terminal_would_obey_is_left_in_a_text() -> None:
    assert printable("A\x1b[31m\nB\u202e") == "A [31m B "
