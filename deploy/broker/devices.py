"""What to type into a device so that it reaches the broker by its certificate: Zigbee2MQTT, ESPHome, Tasmota, any."""

import base64
import textwrap
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from deploy.broker.grants import Grant, Kind
from deploy.broker.house import HandedOut, Setting

_KEY_BYTES = 32


class DeviceError(Exception):
    """The device cannot be told how; the text says why."""


def zigbee2mqtt(grant: Grant, setting: Setting, files: HandedOut) -> str:
    """Return what goes into Zigbee2MQTT's `configuration.yaml`. Its base topic is the certificate's name."""
    return f"""\
# configuration.yaml. Copy the three files of {files.key.parent} to its machine first, the key readable to it alone.
mqtt:
  server: mqtts://{setting.hosts[0]}:{setting.port}
  base_topic: {grant.name}
  ca: /app/data/ca.pem
  cert: /app/data/certificate.pem
  key: /app/data/key.pem
  reject_unauthorized: true
  version: 5
"""


def esphome(grant: Grant, setting: Setting, files: HandedOut) -> str:
    """Return what goes into an ESPHome node's YAML. It needs an ESP32 and the esp-idf framework."""
    reader = grant.kind is Kind.READER
    prefix = f"tag/{grant.name}" if reader else grant.name
    tag = _ESPHOME_TAG.format(name=grant.name) if reader else ""
    port = setting.port
    return f"""\
# An ESP32 with the esp-idf framework; TLS 1.3 is asked for because the broker takes nothing older on port {port}.
esp32:
  framework:
    type: esp-idf
    sdkconfig_options:
      CONFIG_MBEDTLS_SSL_PROTO_TLS1_3: y
mqtt:
  broker: {setting.hosts[0]}
  port: {port}
  topic_prefix: {prefix}
  discovery: false
  certificate_authority: |-
{_indented(files.authority)}
  client_certificate: |-
{_indented(files.certificate)}
  client_certificate_key: |-
{_indented(files.key)}
{tag}"""


_ESPHOME_TAG = """\
# What was shown is never kept by the broker: leave retain out, or false.
pn532_i2c:
  on_tag:
    then:
      - mqtt.publish:
          topic: tag/{name}
          retain: false
          payload: !lambda 'return x;'
"""


def tasmota(grant: Grant, setting: Setting, files: HandedOut) -> str:
    """Return what is typed into Tasmota's console."""
    if not setting.old_port:
        message = (
            "Tasmota knows TLS 1.2 only: run `samverk broker ca` once more with --old-devices-port 8884,"
            " or keep Tasmota behind Zigbee2MQTT or ESPHome"
        )
        raise DeviceError(message)
    topic = "tag/%topic%/%prefix%/" if grant.kind is Kind.READER else "%prefix%/%topic%/"
    return f"""\
# Needs a build of its own with USE_MQTT_TLS, USE_MQTT_TLS_CA_CERT and USE_MQTT_AWS_IOT (client certificates), and
# {files.authority} compiled in as the authority; no ready-made build has them.
TLSKey1 {_bare_key(files.key)}
TLSKey2 {_bare_certificate(files.certificate)}
MqttHost {setting.hosts[0]}
MqttPort {setting.old_port}
SetOption103 1
FullTopic {topic}
Topic {grant.name}
SensorRetain 0
StateRetain 0
"""


def anything(grant: Grant, setting: Setting, files: HandedOut) -> str:
    """Return the facts for a device that is not one of the others."""
    own = f"tag/{grant.name}/…" if grant.kind is Kind.READER else f"{grant.name}/…"
    written = ", ".join([own, *grant.topics])
    return f"""\
address      {setting.hosts[0]}
port         {setting.port} (TLS 1.3, MQTT 3.1.1 or 5, keepalive at most 120 s)
authority    {files.authority}
certificate  {files.certificate}
key          {files.key}
may write    {written}
"""


DEVICES: dict[str, Callable[[Grant, Setting, HandedOut], str]] = {
    "zigbee2mqtt": zigbee2mqtt,
    "esphome": esphome,
    "tasmota": tasmota,
    "other": anything,
}


def _indented(path: Path) -> str:
    return textwrap.indent(path.read_text().strip(), "    ")


def _bare_key(path: Path) -> str:
    """Return the private number alone, 32 bytes in base64, as Tasmota takes it."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"the key in {path} is not one that this program made"
        raise DeviceError(message)
    return base64.b64encode(key.private_numbers().private_value.to_bytes(_KEY_BYTES, "big")).decode()


def _bare_certificate(path: Path) -> str:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
