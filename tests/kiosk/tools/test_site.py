"""The site file answers back: every error at once, with its line and a way out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.direction import Direction
from kiosk.tools.site import SiteFileError, load, read
from kiosk.tools.site.lines import key_lines
from kiosk.tools.site.read import SIZE_MAX

GOOD = """\
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "/var/lib/samverk"

[rule]
settle_s = 180

[[zone]]
id = "lagerelden"
name.sv = "Lägerelden"
name.en = "The campfire"
about = { sv = "för djupare samtal", en = "for deeper talks" }

[[zone]]
id = "rastplatsen"
name.sv = "Rastplatsen"
name.en = "The resting place"
about.sv = "för möten"
about.en = "for meeting"
counts = false

[[sensor]]
id = "pir-1"
zone = "lagerelden"
profile = "zigbee2mqtt"
kind = "pir"
topic = "zigbee2mqtt/lagerelden/pir-1"

[[reader]]
id = "entrance"
driver = "pcsc"
direction = "both"
"""


def problems(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(SiteFileError) as error:
        read(text)
    return [(one.line, str(one)) for one in error.value.problems]


def test_a_whole_file_becomes_a_site() -> None:
    site = read(GOOD)
    assert [zone.name.sv for zone in site.zones.values()] == ["Lägerelden", "Rastplatsen"]
    assert [zone.counts for zone in site.zones.values()] == [True, False]
    assert [one.direction for one in site.readers.values()] == [Direction.BOTH]
    assert site.rule.settle_s == 180
    assert str(site.door) == "/var/lib/samverk/door.sock"


def test_every_error_is_named_at_once_with_its_line_and_a_way_out() -> None:
    text = (
        GOOD.replace('name = "Samverket Stockholm"', 'nam = "Samverket"')
        .replace("settle_s = 180", "settle_s = 0")
        .replace("counts = false", 'counts = "no"')
        .replace('zone = "lagerelden"\nprofile', 'zone = "lagereldn"\nprofile')
        .replace('driver = "pcsc"', 'driver = "pcscd"')
        .replace('id = "rastplatsen"', 'id = "lagerelden"')
    )
    found = problems(text)
    assert [line for line, _ in found] == [1, 3, 7, 16, 21, 25, 32]
    whole = "\n".join(text for _, text in found)
    for part in (
        'site.nam: is not a known key - did you mean "name"?',
        "site.name: is missing",
        "rule.settle_s: 0 is out of bounds - write 1 to 86400",
        'zone[1].id: "lagerelden" is used twice',
        'sensor[0].zone: there is no zone "lagereldn" - did you mean "lagerelden"?',
        'did you mean "pcsc"?',
        "write true or false",
    ):
        assert part in whole
    assert all(" - " in text for _, text in found)


def test_text_that_is_not_toml_names_its_line() -> None:
    assert problems('[site]\nid = "a"\nname = oops\n')[0][0] == 3


def test_a_zone_without_a_name_in_one_language_is_named() -> None:
    ((line, text),) = problems(GOOD.replace('name.en = "The campfire"\n', ""))
    assert (line, "zone[0].name.en: is missing" in text) == (9, True)


def test_a_missing_file_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match="check the path given with --site"):
        load(tmp_path / "none.toml")


def test_a_file_that_is_no_text_or_far_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"[site]\nid = '\xff'")
    with pytest.raises(SiteFileError, match=r"line 2: .*is not UTF-8"):
        load(path)
    path.write_bytes(b"#" * (SIZE_MAX + 1))
    with pytest.raises(SiteFileError, match="larger than"):
        load(path)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('id = "stockholm"', 'id = "Stock holm"', "site.id"),
        ('topic = "zigbee2mqtt/lagerelden/pir-1"', 'topic = "zigbee2mqtt/#"', "sensor[0].topic"),
        ("[rule]", 'timezone = "Europe/Östersund"\n[rule]', "site.timezone"),
        ("[rule]", 'closes = "25:00"\n[rule]', "site.closes"),
        ("[rule]", 'host = "phone"\n[rule]', "site.host_phone"),
        ("settle_s = 180", "settle_s = 180\nguard_s = 20", "rule"),
        ('name.sv = "Lägerelden"\n', 'name.sv = ""\n', "zone[0].name.sv"),
        ("[[sensor]]", "[sensor]", "sensor"),
        ('profile = "zigbee2mqtt"', 'profile = "generic"\npaths.motion = "occupied"', "sensor[0].paths.motion"),
        ('profile = "zigbee2mqtt"', 'profile = "generic"\npaths.seen = "/occupied"', "sensor[0].paths.seen"),
        ('profile = "zigbee2mqtt"', 'profile = "generic"\ngateway = "house/+/there"', "sensor[0].gateway"),
        ('profile = "zigbee2mqtt"', 'profile = "generic"\nreports = "both"', "sensor[0].reports"),
        ('profile = "zigbee2mqtt"', 'profile = "generic"\nwraps_at = 1', "sensor[0].wraps_at"),
    ],
)
def test_each_wrong_value_is_named_by_its_place(old: str, new: str, where: str) -> None:
    assert old in GOOD
    assert where in "\n".join(text for _, text in problems(GOOD.replace(old, new, 1)))


def test_a_sensor_is_not_heard_twice_in_one_zone_but_each_of_its_channels_may_be() -> None:
    sensor = GOOD[GOOD.index("[[sensor]]") : GOOD.index("[[reader]]")]
    second = sensor.replace('"pir-1"', '"pir-2"')
    ((line, text),) = problems(f"{GOOD}\n{second}")
    assert (line, "sensor[1].topic: is heard twice in one zone" in text) == (40, True)
    for other in (
        second.replace('zone = "lagerelden"', 'zone = "rastplatsen"'),
        second + 'channel = "region_2"\n',
        second + 'quantity = "light-lx"\n',
        second + 'paths.motion = "/seen"\n',
    ):
        assert len(read(f"{GOOD}\n{other}").sensors) == 2


@pytest.mark.parametrize(
    ("board", "where"),
    [
        ('host = "0.0.0.0"', "board.host"),
        ('certificate = "board.pem"', "board.key"),
        ('key = "board.key"', "board.certificate"),
    ],
)
def test_a_board_that_others_can_reach_has_tls(board: str, where: str) -> None:
    with pytest.raises(SiteFileError) as caught:
        read(f"{GOOD}\n[board]\n{board}\n")
    assert [one.where for one in caught.value.problems] == [where]
    assert read(f'{GOOD}\n[board]\nhost = "::"\ncertificate = "a"\nkey = "b"\n').tables.board.certificate == "a"


def test_a_path_or_topic_that_is_none_says_how_to_write_one() -> None:
    own = 'paths.motion = "occupied"\ngateway = "house/#"\n'
    path, topic = (text for _, text in problems(GOOD.replace("[[reader]]", f"{own}[[reader]]")))
    assert "paths.motion: " in path
    assert 'write a JSON Pointer, such as "/state/people"' in path
    assert "gateway: " in topic
    assert "write one whole topic" in topic


def test_what_a_profile_heeds_of_a_sensor_is_in_its_table() -> None:
    own = 'channel = "line_2"\ninverted = true\nreports = "increments"\nwraps_at = 65536\npaths.entered = "/in"\n'
    (sensor,) = read(GOOD.replace("[[reader]]", f"{own}[[reader]]")).sensors.values()
    assert (sensor.channel, sensor.inverted, sensor.repeats) == ("line_2", True, False)
    assert (sensor.reports, sensor.wraps_at) == ("increments", 65_536)
    assert sensor.paths is not None
    assert (sensor.paths.entered, sensor.paths.left) == ("/in", None)


@given(st.text(max_size=200))
def test_no_text_makes_anything_but_a_site_or_a_clear_error(text: str) -> None:
    try:
        read(text)
    except SiteFileError as error:
        assert error.problems  # noqa: PT017 - either outcome is right, and this one must say something


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 60))
def test_no_damage_to_a_good_file_makes_anything_but_a_clear_error(start: int, length: int) -> None:
    try:
        read(GOOD[:start] + GOOD[start + length :])
    except SiteFileError as error:
        assert all(str(one) for one in error.problems)  # noqa: PT017 - as above


def test_keys_are_found_in_nested_tables() -> None:
    lines = key_lines("[a]\nb = 1\n[[c]]\nd.e = 2\n[[c.f]]\ng = 3\n[[c]]\nd = 4\n")
    assert (lines["a.b"], lines["c[0].d.e"], lines["c[0].f[0].g"], lines["c[1].d"]) == (2, 4, 6, 8)


def test_the_example_in_the_docs_can_be_used() -> None:
    page = (Path(__file__).parents[3] / "docs" / "site-file.md").read_text()
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert read(example).id == "stockholm"
