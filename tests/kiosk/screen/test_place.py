"""What the site file and a notice say to the screen."""

from pathlib import Path

import pytest

from kiosk.domain.members import Language
from kiosk.screen.place import NOTICE_LINES_MAX, NoticeError, place_of, read_notice
from kiosk.tools.site import read

SITE = """
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "/tmp"
host = "phone"
host_phone = "08-123 45 67"
languages = ["en", "sv"]
[[zone]]
id = "lagerelden"
name.sv = "Lägerelden"
name.en = "The campfire"
about.sv = "för djupare samtal"
about.en = "for deeper talks"
[[reader]]
id = "entrance"
driver = "scripted"
[[reader]]
id = "exit"
driver = "scripted"
direction = "out"
[demonstration]
speed = 60
[[demonstration.badge]]
key = "1"
uid = "04A1B2C3"
name = "Astrid Exempel"
"""


def test_a_place_is_told_by_its_site_file() -> None:
    place = place_of(read(SITE))
    assert (place.name, place.reader, place.language) == ("Samverket Stockholm", "entrance", Language.EN)
    assert (place.host, place.phone) == ("phone", "08-123 45 67")
    assert (place.is_demonstration, place.speed, place.badges[0].name) == (True, 60, "Astrid Exempel")


def test_a_screen_may_stand_beside_another_reader() -> None:
    site = read(SITE)
    assert place_of(site, list(site.readers)[1]).reader == "exit"


def test_keys_may_belong_to_a_scripted_reader_beside_a_real_one_and_both_are_followed() -> None:
    place = place_of(read(SITE.replace("[demonstration]", '[demonstration]\nreader = "exit"')))
    assert (place.reader, place.key_reader, place.readers) == ("entrance", "exit", ("entrance", "exit"))
    alone = place_of(read(SITE))
    assert (alone.key_reader, alone.readers) == ("entrance", ("entrance",))


def test_a_notice_is_read_without_anything_that_a_terminal_would_obey(tmp_path: Path) -> None:
    path = tmp_path / "notice.json"
    path.write_text('{"lines": ["Tavlan: http://127.0.0.1:8080/", "x\\u001b[2J"]}')
    assert read_notice(path) == ("Tavlan: http://127.0.0.1:8080/", "x [2J")


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"lines": [1]}', '{"lines": ["' + "x" * 201 + '"]}', '{"lines": [], "more": 1}', '{"lines": "x"}'],
)
def test_a_notice_of_another_shape_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "notice.json"
    path.write_text(text)
    with pytest.raises(NoticeError):
        read_notice(path)


def test_a_notice_of_too_many_lines_or_none_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notice.json"
    path.write_text('{"lines": [' + ",".join(['"x"'] * (NOTICE_LINES_MAX + 1)) + "]}")
    with pytest.raises(NoticeError):
        read_notice(path)
    with pytest.raises(NoticeError):
        read_notice(tmp_path / "missing.json")
