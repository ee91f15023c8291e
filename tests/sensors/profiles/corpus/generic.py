"""Any JSON: motion, people, crossings and levels wherever they stand, and times in each form."""

from datetime import datetime

from sensors.profiles import Paths, Reports, Setting
from sensors.readings import PAYLOAD_MAX, Crossed, CrossedBy, Level, People, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import MOMENT, Case, say

TOPIC, AVAILABILITY, GATEWAY = "house/focus", "house/focus/there", "house/gateway"


def _setting(paths: Paths, **others: object) -> Setting:
    return Setting(topic=TOPIC, paths=paths, **others)  # type: ignore[arg-type]  # a test's own keys, all known


MOTION = _setting(Paths(motion="/state/seen", time="/t"), availability=AVAILABILITY, gateway=GATEWAY)
INVERTED = _setting(Paths(motion="/seen"), inverted=True)
NUMBERED = _setting(Paths(motion="/seen", sequence="/n"))
REPEATS = _setting(Paths(motion="/seen"), repeats=True)
WHOLE = _setting(Paths(motion=""))
BOTH = _setting(Paths(motion="/seen", people="/zones/1/count"))
TOTALS = _setting(Paths(entered="/in", left="/out", sequence="/n"), wraps_at=65_536)
ENDLESS = _setting(Paths(entered="/in", left="/out"))
PERIODS = _setting(Paths(entered="/in", left="/out", sequence="/n"), reports=Reports.INCREMENTS, inverted=True)
MARKS = _setting(Paths(people="/a~1b/c~0d"))
ZONELESS = datetime(2026, 3, 2, 10, 14, 7)  # noqa: DTZ001 - a time without a zone is the point
SEEN, CLEAR = say(What.MOTION), say(What.CLEAR)


def _level(quantity: Quantity) -> Setting:
    return _setting(Paths(level="/value"), quantity=quantity)


CASES = (
    Case(
        "seen, with a time",
        MOTION,
        b'{"state":{"seen":true},"t":"2026-03-02T09:14:07.120Z"}',
        say(What.MOTION, stamp=MOMENT),
    ),
    Case("in seconds", MOTION, b'{"state":{"seen":false},"t":1772442847.12}', say(What.CLEAR, stamp=MOMENT)),
    Case("in milliseconds", MOTION, b'{"state":{"seen":"off"},"t":1772442847120}', say(What.CLEAR, stamp=MOMENT)),
    Case(
        "without a zone",
        MOTION,
        b'{"state":{"seen":"ON"},"t":"2026-03-02T10:14:07"}',
        say(What.MOTION, stamp=ZONELESS),
    ),
    Case("a time of no known form", MOTION, b'{"state":{"seen":1},"t":true}', SEEN),
    Case("a time beyond any", MOTION, b'{"state":{"seen":0},"t":1%s}' % (b"0" * 400), CLEAR),
    Case("inverted", INVERTED, b'{"seen":true}', CLEAR),
    Case("inverted, not seen", INVERTED, b'{"seen":"false"}', SEEN),
    Case("measured anew", REPEATS, b'{"seen":true}', (Word(What.MOTION, repeats=True),)),
    Case("a whole payload of JSON", WHOLE, b"true", SEEN),
    Case("a whole payload of text", WHOLE, b"OFF", CLEAR),
    Case("two things at once", BOTH, b'{"seen":true,"zones":[{"count":1},{"count":2}]}', say(What.MOTION, People(2))),
    Case("one of two things", BOTH, b'{"zones":[{},{"count":0}]}', say(People(0))),
    Case("a path with marks", MARKS, b'{"a/b":{"c~d":4}}', say(People(4))),
    Case("totals", TOTALS, b'{"in":9,"out":8,"n":3}', say(Crossed(9, 8, 65_536, 3), sequence=3)),
    Case("totals without end", ENDLESS, b'{"in":9000000000,"out":8}', say(Crossed(9_000_000_000, 8))),
    Case("by period, back to front", PERIODS, b'{"in":2,"out":1,"n":3}', say(CrossedBy(1, 2, "3"), sequence=3)),
    Case("by period, not numbered", PERIODS, b'{"in":2,"out":1}', say(CrossedBy(1, 2))),
    *(Case(f"a level, {one}", _level(one), b'{"value":612}', say(Level(one, 612.0))) for one in Quantity),
    Case("motion with a number", NUMBERED, b'{"seen":true,"n":9}', say(What.MOTION, sequence=9)),
    Case("motion with half a number", NUMBERED, b'{"seen":true,"n":0.5}', Refusal.NOT_A_NUMBER),
    Case("cleared at the broker", MOTION, b"", ()),
    Case("nothing at the path", MOTION, b'{"state":{}}', Refusal.MISSING),
    Case("null at the path", MOTION, b'{"state":{"seen":null}}', Refusal.MISSING),
    Case("a path through a number", MOTION, b'{"state":7}', Refusal.MISSING),
    Case("a place past the end of a list", BOTH, b'{"zones":[{}]}', Refusal.MISSING),
    Case("in without out", TOTALS, b'{"in":9}', Refusal.MISSING),
    Case("out without in", TOTALS, b'{"out":9}', Refusal.MISSING),
    Case("ONc", WHOLE, b"ONc", Refusal.UNKNOWN_STATE),
    Case("ONc in JSON", MOTION, b'{"state":{"seen":"ONc"}}', Refusal.UNKNOWN_STATE),
    Case("more than seen", MOTION, b'{"state":{"seen":2}}', Refusal.UNKNOWN_STATE),
    Case("seen of no known type", MOTION, b'{"state":{"seen":[]}}', Refusal.WRONG_TYPE),
    Case("people as text", BOTH, b'{"seen":true,"zones":[0,{"count":"not set"}]}', Refusal.NOT_A_NUMBER),
    Case("people below nobody", MARKS, b'{"a/b":{"c~d":-1}}', Refusal.OUT_OF_RANGE),
    Case("a total at which it wraps", TOTALS, b'{"in":65536,"out":8}', Refusal.OUT_OF_RANGE),
    Case("a number that is none", TOTALS, b'{"in":1,"out":8,"n":"x"}', Refusal.NOT_A_NUMBER),
    Case("a level of text", _level(Quantity.CO2_PPM), b'{"value":"NaN"}', Refusal.NOT_A_NUMBER),
    Case("broken", MOTION, b'{"state":', Refusal.NOT_JSON),
    Case("text where a path leads in", MOTION, b"ON", Refusal.NOT_JSON),
    Case("no text", WHOLE, b"\xff", Refusal.WRONG_TYPE),
    Case("too large", MOTION, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the sensor is there", MOTION, b"online", say(What.ONLINE), AVAILABILITY),
    Case("the sensor is gone", MOTION, b'"offline"', say(What.OFFLINE), AVAILABILITY),
    Case("the gateway is there", MOTION, b"true", say(What.GATEWAY_ONLINE), GATEWAY),
    Case("the gateway is gone", MOTION, b'{"state":"offline"}', say(What.GATEWAY_OFFLINE), GATEWAY),
)
