"""What goes wrong around the sensors in one day, and the messages that are left: deaths, drop-outs, clocks, doubles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge

from deploy.simulate import figures as f
from deploy.simulate.devices import Device, Make, Report
from deploy.simulate.families import Carrier, Sent, Voice, bridge, carrier_of, standing
from deploy.simulate.options import HOUR_S, Options

MOTION = (Make.PIR, Make.PIR_EDGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Which sensor suffers what. Times are seconds; a pair is from and to."""

    dies: str = ""
    dies_s: float = float("inf")
    stuck: str = ""
    stuck_s: float = float("inf")
    away: Mapping[str, tuple[float, float]]
    skews: Mapping[str, float | None]
    gateway: tuple[float, float]

    def dies_s_of(self, device: str) -> float:
        """Return when the device dies, if it does."""
        return self.dies_s if device == self.dies else float("inf")


def faults(options: Options, devices: Sequence[Device]) -> Faults:
    """Deal out a day's faults. Who dies is drawn last, so that nothing else depends on it."""
    chance = options.chance("faults")
    ids = [one.id for one in devices]
    pirs = [one.id for one in devices if one.make in MOTION]
    away = {}
    for one in chance.sample(ids, len(ids) // 5):
        begin_s = chance.uniform(8, 16) * HOUR_S
        away[one] = (begin_s, begin_s + chance.uniform(900, f.AWAY_MAX.value))
    skewed = chance.sample(ids, min(3, len(ids)))
    gone_s = chance.uniform(14.5, 16) * HOUR_S
    spare = len(pirs) >= len(ids) > 2 or len(pirs) > 2  # noqa: PLR2004 - a small house's only sensors do not all fail
    stuck = chance.choice(pirs) if spare else ""
    living = [one for one in ids if one != stuck]
    return Faults(
        dies=options.chance("dies").choice(living) if living and options.one_dies else "",
        dies_s=f.DIES_AT.value * HOUR_S,
        stuck=stuck,
        stuck_s=f.STUCK_AT.value * HOUR_S,
        away=away,
        skews=dict(zip(skewed, (None, 3600.0, -5400.0), strict=False)),
        gateway=(gone_s, gone_s + f.GATEWAY_AWAY.value),
    )


def messages(
    options: Options, devices: Sequence[Device], said: Mapping[str, Sequence[Report]], of: Faults, begin_s: float
) -> Iterator[Sent]:
    """Return the messages of all sensors from `begin_s` on, in order, with everything that went wrong."""
    streams = [_of_device(options, one, said[one.id], of, begin_s) for one in devices]
    if any(carrier_of(one) is Carrier.ZIGBEE for one in devices):
        streams.append(_of_bridge(of, begin_s))
    yield from merge(*streams, key=_when)


def _of_device(options: Options, device: Device, said: Sequence[Report], of: Faults, begin_s: float) -> Iterator[Sent]:
    chance = options.chance("link", device.id)
    is_radio = carrier_of(device) is Carrier.LORAWAN
    for one in merge(_spoken(device, said, of), _standings(device, of, begin_s), key=_when):
        is_lost = chance.random() < f.UPLINK_LOST.value and is_radio
        is_double = chance.random() < f.TWICE.value
        if one.t >= begin_s and not is_lost:
            yield from (one, one) if is_double else (one,)


def _spoken(device: Device, said: Sequence[Report], of: Faults) -> Iterator[Sent]:
    """Say the reports that get through. A stuck sensor never says `clear` again, and repeats that it sees somebody.

    When its bridge starts again, that says each device's cache as it stands: also of one that is dead by then.
    """
    voice = Voice(device, of.skews.get(device.id, 0.0))
    restart_s = of.gateway[1] + 0.5
    is_restarted = carrier_of(device) is not Carrier.ZIGBEE
    for report in said:
        if report.t > restart_s and not is_restarted:
            is_restarted = True
            yield from voice.again(restart_s)
        if _is_cut_off(device, report, of):
            continue
        is_stuck = device.id == of.stuck and report.t >= of.stuck_s
        yield from voice.say(replace(report, says={"seen": True}) if is_stuck and report.says else report)


def _is_cut_off(device: Device, report: Report, of: Faults) -> bool:
    if carrier_of(device) is Carrier.ZIGBEE and of.gateway[0] <= report.t < of.gateway[1]:
        return True
    # A clear edge is the bridge's own, of a motion that it still heard of: it needs no device.
    by_bridge = device.make is Make.PIR and report.says.get("seen") is False
    later_s = f.PIR_CLEAR.value if by_bridge else 0.0
    gone_s, back_s = of.away.get(device.id, (0.0, 0.0))
    return gone_s + later_s <= report.t < back_s or report.t >= of.dies_s_of(device.id) + later_s


def _standings(device: Device, of: Faults, begin_s: float) -> Iterator[Sent]:
    """Return what is said of one device being there: retained at first, and late when it is gone.

    Zigbee2MQTT misses battery devices only after a day, and LoRaWAN none: of theirs nothing is said.
    """
    if carrier_of(device) is Carrier.LORAWAN:
        return
    yield standing(device, begin_s, is_online=True, retained=True)
    missed_s = f.WILL.value if carrier_of(device) is Carrier.WIFI else f.NOTICED.value
    gone_s, back_s = of.away.get(device.id, (0.0, 0.0))
    if device.make in MOTION:
        return
    if back_s - gone_s > missed_s and gone_s + missed_s < of.dies_s_of(device.id):
        yield standing(device, gone_s + missed_s, is_online=False)
        if back_s < of.dies_s_of(device.id):
            yield standing(device, back_s, is_online=True)
    if device.id == of.dies and not gone_s <= of.dies_s < back_s:
        yield standing(device, of.dies_s + missed_s, is_online=False)


def _of_bridge(of: Faults, begin_s: float) -> Iterator[Sent]:
    gone_s, back_s = of.gateway
    yield bridge(begin_s, is_online=True, retained=True)
    yield bridge(gone_s + 15, is_online=False)
    yield bridge(back_s, is_online=True)


def _when(one: Sent) -> float:
    return one.t
