"""A history of a few houses and a centre, drawn from one seed: what happens, what goes wrong, and how it ends."""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import msgspec

from sync.compare import EVERY_S
from sync.digests import digests
from tests.support.simulation.centre import Centre
from tests.support.simulation.clocks import DeviceClock, TrueTime
from tests.support.simulation.house import FILES, House
from tests.support.simulation.line import Line, Weather

SITES = ("stockholm", "ostersund", "lulea")
HEALS_MAX = 20
"""After so many contacts over a healed line everything must be at rest, all compared once more among it."""
HEAL_S = 1900.0
MONTHS_S = 90 * 86400.0


class World:
    """One history. `trace` is what happened, step by step; equal seeds have equal traces."""

    def __init__(self, seed: int, folder: Path, template: Path | None = None, sites: Sequence[str] = SITES) -> None:
        """Put the world together in that folder."""
        self.chance = Random(seed)  # noqa: S311 - a history is drawn, no secret
        self.true = TrueTime()
        self.trace: list[str] = []
        self.fired: Counter[str] = Counter()
        centre_folder = folder / "centre"
        centre_folder.mkdir()
        if template is not None:
            shutil.copyfile(template / "centre.db", centre_folder / "centre.db")
        self.centre = Centre(centre_folder, DeviceClock(self.true, "centre"), self.chance)
        self.centre.enrol_agencies()
        self.houses = [self._house(folder / name, name, template) for name in sites]
        for number in range(self.chance.randrange(5, 40)):
            self.centre.enrol(number)

    def run(self, steps: int, lose_at: int | None = None) -> None:
        """Let so many things happen. At the step `lose_at` the centre forgets an event, and its books do not know."""
        names, weights = zip(*_WEIGHTS.items(), strict=True)
        for number in range(steps):
            if number == lose_at:
                self.trace.append(f"{number} lost {self.centre.lose_event()}")
            house, what = self.chance.choice(self.houses), self.chance.choices(names, weights)[0]
            came = what(self, house)
            self.fired[what.__name__.strip("_")] += 1
            self.trace.append(f"{number} {self.true.passed_s:.2f} {house.name} {what.__name__} {came}")

    def heal(self) -> None:
        """End all harm, and let everybody come to rest. Fail if somebody does not within `HEALS_MAX` contacts."""
        for house in self.houses:
            house.line.weather = Weather.FINE
            house.clock.step(0.0)
        for number in range(HEALS_MAX):
            self.true.pass_by(HEAL_S)
            for house in self.houses:
                house.lift_brake()
                house.work(3000)
            has_compared = number * HEAL_S > EVERY_S
            if has_compared and all(self._rests(house) for house in self.houses):
                self.trace.append(f"at rest after {number}")
                return
        problems = [(house.name, house.roster.outbox.counts(), self._is_equal(house)) for house in self.houses]
        message = f"not at rest: {problems}"
        raise AssertionError(message)

    def check(self) -> None:
        """Fail unless the centre has what happened, once, and every roster is the centre's."""
        for house in self.houses:
            kept = {str(row[0]) for row in self.centre.read("SELECT id FROM events WHERE source = ?", house.source)}
            lacking = house.recorded() - kept
            assert not lacking, f"{house.name}: the centre lacks {sorted(lacking)[:5]}"
            assert kept <= house.said, f"{house.name}: the centre has what never happened"
            if not house.was_put_back:
                self._check_sequence(house, len(kept))
            assert self._is_equal(house), f"{house.name}: the roster differs"

    def close(self) -> None:
        """Let go of all files."""
        for house in self.houses:
            self.fired.update(one.value for one in house.line.fired.elements())
            self.fired["killed"] += house.kills
            house.close()
        self.centre.close()

    def _house(self, folder: Path, name: str, template: Path | None) -> House:
        folder.mkdir()
        if template is not None:
            for one in FILES:
                shutil.copyfile(template / one, folder / one)
        line = Line(self.true, self.chance, lambda: self.centre.application)
        house = House(folder, name, line, DeviceClock(self.true, name), self.chance)
        house.token = self.centre.token(name, house.source)
        house.open()
        return house

    def _rests(self, house: House) -> bool:
        return not any(house.roster.outbox.waits()) and self._is_equal(house)

    def _is_equal(self, house: House) -> bool:
        kept = house.roster.replica
        ours = digests(kept.members(), kept.agencies(), kept.refused())
        state = msgspec.json.decode(house.client.get("/roster/version").body)  # type: ignore[union-attr] # a healed line answers
        return bool(ours.whole() == state["digest"])

    def _check_sequence(self, house: House, kept: int) -> None:
        state = msgspec.json.decode(house.client.get("/events/state").body)  # type: ignore[union-attr] # as above
        streams = state["streams"]
        assert all(one["forks"] == 0 and not one["gaps"] for one in streams), f"{house.name}: {streams}"
        assert sum(one["highest"] - one["first"] + 1 for one in streams) == kept, f"{house.name}: {streams}, {kept}"


def template_in(folder: Path) -> Path:
    """Return a folder with the files of a house and a centre that have just begun, for worlds to be copied from."""
    building = folder / "building"
    building.mkdir()
    world = World(0, building)
    world.close()
    kept = folder / "template"
    kept.mkdir()
    (building / "fresh").mkdir()
    for one in FILES:
        shutil.copyfile(building / SITES[0] / one, kept / one)
    Centre(building / "fresh", DeviceClock(TrueTime(), "centre"), Random(0)).close()  # noqa: S311 - as above
    shutil.copyfile(building / "fresh" / "centre.db", kept / "centre.db")
    return kept


def _visit(world: World, house: House) -> object:
    del world
    return house.visit()


def _work(world: World, house: House) -> object:
    return house.work(world.chance.randrange(1, 30))


def _work_and_be_killed(world: World, house: House) -> object:
    return house.work(200, kill_in=world.chance.randrange(1, 60))


def _time_passes(world: World, house: House) -> object:
    del house
    seconds = world.chance.choice((1.0, 10.0, 60.0, 60.0, 600.0, 3600.0))
    world.true.pass_by(seconds)
    return seconds


def _months_pass(world: World, house: House) -> object:
    del house
    world.true.pass_by(world.chance.random() * MONTHS_S)
    return ""


def _weather_turns(world: World, house: House) -> object:
    house.line.weather = world.chance.choice(list(Weather))
    return house.line.weather.value


def _member_changes(world: World, house: House) -> object:
    del house
    number = world.chance.randrange(40)
    world.centre.enrol(number)
    return number


def _member_goes(world: World, house: House) -> object:
    del house
    number = world.chance.randrange(40)
    world.centre.remove(number)
    return number


def _clock_steps(world: World, house: House) -> object:
    off_s = world.chance.choice((0.0, 0.0, -7200.0, 3600.0, MONTHS_S))
    house.clock.step(off_s)
    return off_s


def _reboots(world: World, house: House) -> object:
    off_s = world.chance.choice((0.0, -86400.0, -56 * 365.25 * 86400.0))
    house.reboot(off_s)
    return off_s


def _roster_is_harmed(world: World, house: House) -> object:
    del world
    return house.harm_replica()


def _image_is_taken(world: World, house: House) -> object:
    del world
    house.take_image()
    return ""


def _image_is_put_back(world: World, house: House) -> object:
    del world
    return house.put_image_back()


def _centre_is_backed_up(world: World, house: House) -> object:
    del house
    world.centre.back_up()
    return ""


def _centre_is_put_back(world: World, house: House) -> object:
    del house
    return world.centre.put_back()


_WEIGHTS: dict[Callable[[World, House], object], float] = {
    _visit: 30.0,
    _work: 20.0,
    _work_and_be_killed: 6.0,
    _time_passes: 15.0,
    _months_pass: 0.2,
    _weather_turns: 6.0,
    _member_changes: 8.0,
    _member_goes: 2.0,
    _clock_steps: 1.5,
    _reboots: 1.0,
    _roster_is_harmed: 0.8,
    _image_is_taken: 0.3,
    _image_is_put_back: 0.2,
    _centre_is_backed_up: 0.4,
    _centre_is_put_back: 0.2,
}
"""How often each thing happens, in proportion."""
