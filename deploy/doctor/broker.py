"""The broker: whether it answers, lets us in, and keeps nothing of what tag readers say."""

import ssl
import threading

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.instant import Instant
from kiosk.tools.site import BrokerTable, Site
from sensors.broker import Link
from sensors.readings import Message

ANSWER_S = 4.0
"""How long the broker may take to let us in."""

KEPT_S = 0.5
"""How long it may take to hand over what it keeps, which it does at once."""

READERS = "-tag"
"""The profiles of tag readers end like this."""


def check(site: Site, _now: Instant, answer_s: float = ANSWER_S) -> tuple[Finding, ...]:
    """Connect as the sensors' service does, beside it, and return what was found."""
    broker = site.tables.broker
    if broker is None:
        return (well("broker", "huset har ingen MQTT-mäklare i sin fil", "the house has no MQTT broker in its file"),)
    missing = _missing(broker)
    if missing:
        sv = f"{missing} kan inte läsas: kör `samverk broker ca` som root och lägg raderna i husets fil"
        return (ill("broker", sv, f"{missing} cannot be read: run `samverk broker ca` as root"),)
    return _asked(site, broker, answer_s)


def _asked(site: Site, broker: BrokerTable, answer_s: float) -> tuple[Finding, ...]:
    kept, came = set[str](), threading.Event()

    def hear(message: Message) -> None:
        if message.retained:
            kept.add(message.topic)
            came.set()

    readers = [one.topic for one in site.tables.sensor if one.profile.endswith(READERS)]
    link = Link(broker, f"samverk-{site.id}-doctor", topics=readers, on_message=hear)
    link.start()
    try:
        if not link.wait_up(answer_s):
            return (_silent(broker),)
        came.wait(KEPT_S if readers else 0)
    finally:
        link.stop()
    found = [_keeps(topic) for topic in sorted(kept)]
    at = f"{broker.host}:{broker.port}"
    return tuple(found) or (well("broker", f"svarar på {at}", f"answers at {at}"),)


def _silent(broker: BrokerTable) -> Finding:
    at = f"{broker.host}:{broker.port}"
    sv = f"släpper inte in oss på {at}: kör `systemctl status mosquitto`; kort läses ändå"
    return ill(
        "broker", sv, f"does not let us in at {at}: run `systemctl status mosquitto`; badges are read all the same"
    )


def _keeps(topic: str) -> Finding:
    sv = f"mäklaren har kvar vad läsaren på {topic} sa: stäng av retain i läsaren och starta om mosquitto"
    return ill(
        "broker", sv, f"the broker keeps what the reader at {topic} said: turn off its retain, restart mosquitto"
    )


def _missing(broker: BrokerTable) -> str:
    """Return which of the files is missing, closed to us or no certificate, or nothing."""
    if not broker.ca:
        return ""
    try:
        context = ssl.create_default_context(cafile=broker.ca)
        if broker.certificate:
            context.load_cert_chain(broker.certificate, broker.key or None)
    except OSError:
        return next((one for one in (broker.ca, broker.certificate, broker.key) if one and not _opens(one)), broker.ca)
    return ""


def _opens(path: str) -> bool:
    try:
        with open(path, "rb"):  # noqa: PTH123 - only whether we may
            return True
    except OSError:
        return False
