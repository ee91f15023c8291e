"""The simulated house as a site file, and its members' badges and roster as values. Touches no file."""

from deploy.simulate.devices import Device
from deploy.simulate.families import WAYS, topic_of
from deploy.simulate.options import CLOSES_S, HOUR_S, TIMEZONE, Options

ENTRANCE = "entrance"
AGENCIES = ("exempelmyndigheten", "provverket", "forsoksstyrelsen", "region-exempel")
SECRET = bytes(range(32))
"""Badge keys of made-up badges are made with this: it opens nothing."""

_SITE = """\
[site]
id = "simulated"
name = "Samverket Simulerat"
state_dir = "{state_dir}"
timezone = "{timezone}"
closes = "{closes}"
"""
_ZONE = """
[[zone]]
id = "{id}"
name = {{ sv = "{name}", en = "{name}" }}
about = {{ sv = "en påhittad zon", en = "a made-up zone" }}
"""
_SENSOR = """
[[sensor]]
id = "{one.id}"
zone = "{one.zone}"
profile = "{way.profile}"
kind = "{way.kind}"
topic = "{topic}"
{more}"""
_READER = f"""
[[reader]]
id = "{ENTRANCE}"
driver = "scripted"
direction = "both"
"""


def site_file(options: Options, devices: tuple[Device, ...], state_dir: str) -> str:
    """Return the site file of the house."""
    closes = f"{int(CLOSES_S // HOUR_S):02}:{int(CLOSES_S % HOUR_S // 60):02}"
    parts = [_SITE.format(state_dir=state_dir, timezone=TIMEZONE.key, closes=closes)]
    parts += [_ZONE.format(id=one, name=one.capitalize()) for one in options.zone_ids]
    parts += [
        _SENSOR.format(one=one, way=WAYS[one.make], topic=topic_of(one), more=WAYS[one.make].more) for one in devices
    ]
    return "".join((*parts, _READER))


def uid_of(member: str) -> bytes:
    """Return the made-up 7-byte UID of a member's badge."""
    return bytes.fromhex("04E0") + int(member.rpartition("-")[2]).to_bytes(2, "big") + bytes.fromhex("3C2B80")


def strange_uid_of(member: str) -> bytes:
    """Return the UID of a badge that no roster has."""
    return bytes.fromhex("04DEAD") + int(member.rpartition("-")[2]).to_bytes(2, "big") + bytes.fromhex("2B80")


def agency_of(member: str) -> str:
    """Return the member's agency."""
    return AGENCIES[int(member.rpartition("-")[2]) % len(AGENCIES)]
