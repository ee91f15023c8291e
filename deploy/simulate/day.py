"""A simulated run before anything has judged it: people, truth, actions, and what the sensors send. Seeded and lazy."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.simulate.devices import Device, Report, Room, devices, reports
from deploy.simulate.families import Sent
from deploy.simulate.faults import Faults, faults, messages
from deploy.simulate.motion import movements
from deploy.simulate.options import DAY_S, HOUR_S, Options
from deploy.simulate.people import People, people
from deploy.simulate.track import Numbers

BEGINS_S = 5 * HOUR_S
"""When the house's services start on the first day: before anybody comes, with time to hear every sensor."""
ENDS_S = 21 * HOUR_S
"""When the last day ends: all have gone, and every zone has had time to be proven vacant."""


@dataclass(frozen=True, slots=True)
class Day:
    """All that is true of a run, and all that its house can notice."""

    options: Options
    people: People
    devices: tuple[Device, ...]
    faults: Faults
    reports: dict[str, list[Report]] = field(repr=False)

    @property
    def until_s(self) -> float:
        """Return the second at which it is over."""
        return (self.options.days - 1) * DAY_S + ENDS_S

    def messages(self) -> Iterator[Sent]:
        """Return the sensors' messages in their order."""
        heard = messages(self.options, self.devices, self.reports, self.faults, BEGINS_S)
        return (one for one in heard if one.t <= self.until_s)

    def truth(self, zone: str) -> Numbers:
        """Return how many people are in the zone."""
        return self.people.truth.zones.get(zone, Numbers())


def simulated(options: Options) -> Day:
    """Return the run that the options ask for: the same for the same options, on every machine."""
    everybody = people(options)
    known = devices(options)
    until_s = options.days * DAY_S
    said: dict[str, list[Report]] = {}
    for zone in options.zone_ids:
        there = [one for one in known if one.zone == zone]
        moves = movements(options, everybody.truth, zone)
        doors = max((one.door + 1 for one in there), default=1)
        room = Room(everybody.truth.zones.get(zone, Numbers()), moves, doors, until_s)
        said |= {one.id: list(reports(one, room, options)) for one in there}
    return Day(options, everybody, known, faults(options, known), said)
