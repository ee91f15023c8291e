"""The watch over all sensors: what is judged again, what must be kept, and tags on their way to the desk."""

from kiosk.domain.badge import Uid
from sensors.readings import Crossed, Message, People, Tag, What, Word
from sensors.watch import DROPPED_TAP, TAPS_MAX, Watch
from tests.sensors.cell import VACANT, Cell
from tests.sensors.house import ZONE, instant

SHOWN = Tag(Uid(bytes.fromhex("04a1b2c3d4e5f6")))


def test_a_tag_is_handed_on_and_tells_nothing_of_people() -> None:
    cell = Cell("pir", "tag").say(5, "tag", SHOWN)
    assert [(one.sensor, one.zone, one.tag, one.at) for one in cell.watch.tapped] == [("tag", ZONE, SHOWN, instant(5))]
    assert len(cell.states) == 1
    assert cell.zone.people.low == 0


def test_a_tag_from_before_is_nobody_now() -> None:
    cell = Cell("tag").say(5, "tag", SHOWN, retained=True).say(6, "tag", SHOWN, history=True)
    assert cell.watch.tapped == []


def test_tags_that_nobody_takes_are_bounded_and_counted() -> None:
    cell = Cell("tag")
    for second in range(TAPS_MAX + 3):
        cell.say(second, "tag", SHOWN)
    assert len(cell.watch.tapped) == TAPS_MAX
    assert cell.watch.tapped[0].at == instant(3)
    assert cell.watch.counted["tag", DROPPED_TAP] == 3


def test_the_newest_message_number_of_a_zones_sensors_is_told() -> None:
    cell = Cell("pir")
    for number, retained in ((7, False), (9, True)):
        cell.say(number, "pir", Word(What.MOTION, sequence=number), retained=retained)
    assert cell.watch.newest == {ZONE: 7}


def test_a_mere_sign_of_life_judges_nothing_again_while_nothing_waits_for_it() -> None:
    cell = Cell("pir").empty(0, "pir").alive(1200, "pir")
    assert cell.state is VACANT
    cell.watch.hear(Message("pir", b"0"), instant(1210))
    assert cell.watch.heard
    assert cell.watch.judge(instant(1210)) == ()


def test_what_a_restart_must_not_lose_is_marked_and_a_repeat_is_not() -> None:
    cell = Cell("pir", "area").empty(0, "pir").say(0, "area", People(0))
    cell.watch.turned.clear()
    cell.say(300, "pir", What.CLEAR).say(300, "area", People(0))
    assert cell.watch.turned == set()
    cell.say(310, "pir", What.MOTION).say(311, "area", People(1))
    assert cell.watch.turned == {"pir", "area"}


def test_a_count_that_moved_must_not_be_lost_either() -> None:
    cell = Cell("area", "line").say(0, "area", People(1)).say(0, "line", Crossed(0, 0))
    for what, name in ((People(2), "area"), (Crossed(1, 0), "line")):
        cell.watch.turned.clear()
        cell.say(30, name, what)
        assert cell.watch.turned == {name}


def test_a_watch_without_sensors_says_that_every_zone_is_unknown() -> None:
    plan = Cell().plan
    assert [one.state for one in Watch(plan, instant(0)).judge(instant(0))] == ["unknown"]


def test_being_judged_again_and_again_moves_no_last_change() -> None:
    cell = Cell("pir").empty(0, "pir").say(10, "pir", What.MOTION)
    since = cell.zone.since
    for second in range(20, 600, 20):
        cell.watch.judge(instant(second), everything=True)
        assert cell.zone.since == since == instant(10)
        assert cell.zone.heard == instant(second)
