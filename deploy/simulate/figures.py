"""Every number of the simulated day, with where it comes from. The only table of them: no module has one of its own.

A figure whose source is a choice of ours says so, and errs towards a harder day.
"""

from dataclasses import dataclass

ROOM = "Room Occupancy Estimation (UCI 864, CC BY 4.0): one room, two motion sensors, people counted by hand"
DOORS = "CalIt2 Building People Counts (UCI 156): line counters over a main door for 15 weeks"
HARD = "our choice, to make a hard day"
SPREAD = "our choice: an ordinary office day"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, its unit, what it is of, and its source."""

    value: float
    unit: str
    what: str
    source: str


NEVER_JOIN = Figure(0.60, "share", "members who never join a zone", HARD)
NEVER_TAP_OUT = Figure(0.30, "share", "members who never tap out", HARD)
SAYS_AND_GOES = Figure(0.04, "share", "joins by somebody who then goes elsewhere", HARD)
JOIN_AT_SCREEN = Figure(0.45, "share", "first joins made at the screen, before the walk to the zone", HARD)
JOIN_AGAIN = Figure(0.60, "share", "joiners who join the next zone too, and do not stand joined in the last", HARD)
WITHOUT_BADGE = Figure(0.02, "share", "arrivals without a badge, let in by a host", SPREAD)
STRANGE_BADGE = Figure(0.01, "share", "members who show a badge nobody knows, and turn back", SPREAD)
HOLDS_TWICE = Figure(0.05, "share", "arrivals that show the badge again within the guard time", SPREAD)
LEAVES_AT_SCREEN = Figure(0.20, "share", "leavings chosen on the screen after one tap", SPREAD)
UNDOES_LEAVING = Figure(0.02, "share", "leavings taken back, and made again some minutes later", SPREAD)
WITH_GUEST = Figure(0.06, "share", "members who bring one guest", SPREAD)
OUT_FOR_LUNCH = Figure(0.15, "share", "long visits broken by a lunch outside without a tap", HARD)
PEAK_MORNING = Figure(0.45, "share", "arrivals around 08.40", SPREAD)
PEAK_NOON = Figure(0.30, "share", "arrivals around 12.40; the rest come at any hour from 07 to 16.30", SPREAD)
PEAK_WIDTH = Figure(1500.0, "s", "standard deviation of a peak", SPREAD)
VISIT_MEDIAN = Figure(9000.0, "s", "median visit; log-normal, 95 % below 6.6 h", SPREAD)
ZONE_MEDIAN = Figure(2100.0, "s", "median stay in one zone; log-normal, 95 % below 94 min", SPREAD)
BREAK_SHARE = Figure(0.30, "share", "stays in a zone broken by some minutes elsewhere", SPREAD)
HOSTS = Figure(2, "people", "hosts on duty from 07.15, who walk the zones", SPREAD)
CONFIRMS = Figure(0.30, "share", "a host's visits to a zone in which they confirm some of those who take part", SPREAD)
JOINS_ALL = Figure(0.05, "share", "a host's visits to a zone in which they join everybody there", SPREAD)

STILL_MEDIAN = Figure(30.0, "s", "between two movements of one person: median", f"{ROOM}: median 0.5 min")
STILL_95 = Figure(150.0, "s", "the same: 95 % below", f"{ROOM}: 95 % below 2.5 min, 99 % below 5.1")
STILL_MAX = Figure(492.0, "s", "the same: longest", f"{ROOM}: up to 8.2 min")
COMPANY_MOVES = Figure(
    1.5, "times", "more movements of a person in company", f"{ROOM}: rate by people 0.34, 0.88, 1.16"
)
PIR_SEES = Figure(
    0.30, "share", "small movements that one motion sensor sees", f"{ROOM}: rate of bits, one person 0.34"
)
PIR_SEES_WALK = Figure(0.95, "share", "entrances and exits that one motion sensor sees", SPREAD)
PIR_FALSE = Figure(0.175, "per hour", "false hits of one sensor in an empty room", f"{ROOM}: 24 in 8,228 rows of 30 s")
PIR_BLIND = Figure(60.0, "s", "after a hit it sees nothing", "Aqara RTCGQ11LM in Zigbee2MQTT's device page")
PIR_CLEAR = Figure(90.0, "s", "Zigbee2MQTT makes the clear edge", "Zigbee2MQTT: `occupancy_timeout`, default 90 s")
PIR_HOLD = Figure(15.0, "s", "a sensor with both edges clears after", "Philips Hue SML001: motion end and hold")
CHECK_IN = Figure(3600.0, "s", "battery sensors check in", "Aqara in Zigbee2MQTT's device page: hourly")
LIGHT_EVERY = Figure(300.0, "s", "light reports that repeat the cached occupancy", "Koenkk/zigbee2mqtt 467, 270")
RADAR_HOLD_MIN = Figure(30.0, "s", "a radar goes on after the last has left: at least", "everything-presence-lite 233")
RADAR_HOLD_MAX = Figure(300.0, "s", "the same: at most", "everything-presence-lite 233: 30 s to 5 min")
RADAR_BLIP = Figure(
    0.15, "per hour", "moments of `clear` with people there", "everything-presence-lite 95, esphome 17620"
)
RADAR_EVERY = Figure(30.0, "s", "a radar repeats itself; real ones do so more often", "Andrik45719/ZY-M100 1")
AREA_MISSES = Figure(
    0.07, "share", "people that an area counter overlooks", "WatershedArts/Footfall 40: about 7 % error"
)
AREA_DOUBLES = Figure(0.01, "share", "people that it counts twice", SPREAD)
AREA_DOUBLE_MAX = Figure(60.0, "s", "a double count stands at most, unless its correction is lost", SPREAD)
AREA_EVERY = Figure(300.0, "s", "between reports of counters", "Milesight VS121: report_type interval")
AREA_AFTER = Figure(10.0, "s", "an area counter reports a change after", "Milesight VS121: report_type trigger")
LINE_IN = Figure(0.97, "share", "entrances that a line counter counts", SPREAD)
LINE_BIAS = Figure(
    18_806 / 19_625, "times", "exits counted for each entrance counted", f"{DOORS}: 19,625 in, 18,806 out"
)
CO2_EVERY = Figure(300.0, "s", "between reports of air sensors", SPREAD)
CO2_PERSON = Figure(18.0, "l/h", "carbon dioxide from one seated person", "ASTM D6245: 0.005 l/s")
CO2_ROOM = Figure(150.0, "m3", "air in a zone", SPREAD)
CO2_CHANGES = Figure(2.0, "per hour", "air changes", SPREAD)
CO2_OUTSIDE = Figure(425.0, "ppm", "outdoor air", "NOAA: yearly mean 2024")
UPLINK_LOST = Figure(0.02, "share", "LoRaWAN uplinks that never come", SPREAD)
TWICE = Figure(0.005, "share", "messages delivered twice (QoS 1)", SPREAD)
AWAY_MAX = Figure(2400.0, "s", "a sensor's drop-out: at most", SPREAD)
NOTICED = Figure(600.0, "s", "Zigbee2MQTT says `offline` after", "Zigbee2MQTT: availability of active devices, 10 min")
WILL = Figure(22.5, "s", "a WiFi node's will comes after it is gone", "ESPHome: MQTT keepalive 15 s; one and a half")
GATEWAY_AWAY = Figure(1200.0, "s", "the Zigbee gateway is gone", SPREAD)
STUCK_AT = Figure(
    14.0, "hour", "from when one sensor never says `clear` again", "Koenkk/zigbee2mqtt 31712: some 1 in 25 a month"
)
DIES_AT = Figure(12.0, "hour", "from when one sensor says nothing more", HARD)
STEP_MAX = Figure(
    2700.0, "s", "the house's wall clock stands wrong by at most", "our choice; jibrilsharafi/EnergyMe-Home 249"
)


def figures() -> dict[str, Figure]:
    """Return all of them by name, in their order."""
    return {name: one for name, one in globals().items() if isinstance(one, Figure)}
