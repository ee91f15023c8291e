"""Sensors that are silent, stuck, contradicted, covered or wrong about the time, from what their service has kept."""

from collections.abc import Iterable

from deploy.doctor.finding import Finding
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Words
from kiosk.store.zones import ZonesReader
from kiosk.tools.site import Site
from sensors.health import Checked, Health
from sensors.keeping import kept_health
from sensors.plan import plan

_WELL = Words("alla sensorer hörs", "every sensor is heard")
_NONE = Words("inga sensorer är inlagda", "no sensors are set up")


def check(site: Site, now: Instant) -> tuple[Finding, ...]:
    """Return one finding for each sensor that needs somebody, or one that says that none does."""
    if not site.sensors:
        return (Finding("sensors", is_well=True, says=_NONE),)
    reader = ZonesReader(site.state_dir / "zones.db")
    try:
        zones = kept_health(plan(site), reader.evidence(), reader.counters(), now)
    finally:
        reader.close()
    found = [one for zone, sensors in zones.items() for sensor in sensors for one in _findings(zone, sensor)]
    return tuple(found) or (Finding("sensors", is_well=True, says=_WELL),)


def _findings(zone: ZoneId, one: Checked) -> Iterable[Finding]:
    is_well = one.health is Health.FRESH
    for says in one.says:
        yield Finding(f"{zone}/{one.sensor}", is_well=is_well, says=says)
