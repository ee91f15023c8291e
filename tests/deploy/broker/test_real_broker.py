"""On a real mosquitto with the hub's own configuration: who gets in, and who may say and hear what."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.broker.grants import Grant, Kind
from deploy.broker.house import SENSORS, HandedOut
from kiosk.tools.site import BrokerTable
from sensors.broker.link import Link
from tests.support.hub import wait_for
from tests.support.secure_broker import Asking, SecureBroker, now, program

pytestmark = pytest.mark.parts

Connect = Callable[[HandedOut | None], Asking]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureBroker]:
    made = SecureBroker(tmp_path_factory.mktemp("secure"))
    made.issue("wall", Kind.VIEWER)
    made.issue("chirpstack", Kind.SENSOR, "application/#")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def connected(broker: SecureBroker) -> Iterator[Connect]:
    opened = []

    def connect(files: HandedOut | None) -> Asking:
        one = Asking(broker, files)
        opened.append(one)
        assert one.connect() == "Success"
        return one

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def service(broker: SecureBroker, connected: Connect) -> Asking:
    files = broker.house.files(SENSORS)
    assert files is not None
    return connected(files)


def test_the_configuration_starts_on_the_broker_that_is_here_without_a_word_of_complaint(broker: SecureBroker) -> None:
    said, _, _ = broker.log.read_text().partition(" running")  # what clients do to it comes after
    complaints = ("Error", "Unknown", "deprecated", "Warning: File")
    assert [one for one in said.splitlines() if any(word in one for word in complaints)] == []
    offered = subprocess.run([program(), "-h"], capture_output=True, text=True, check=False).stdout
    if "--test-config" in offered:
        checked = [program(), "--test-config", "-c", str(broker.house.folder / "mosquitto.conf")]
        assert subprocess.run(checked, check=False).returncode == 0


def test_a_sensor_writes_its_own_topics_and_nobody_elses(broker: SecureBroker, connected: Connect) -> None:
    broker.issue("b")
    a = connected(broker.issue("a"))
    assert [a.write(one) for one in ("a/motion", "tele/a/SENSOR", "stat/a/PIR1", "homie/5/a/$state")] == [
        *["No matching subscribers"] * 4
    ]
    others = (
        "b/motion",
        "tele/b/SENSOR",
        "cmnd/b/POWER",
        "samverk/stockholm/status",
        "zigbee2mqtt/x",
        "homeassistant/status",
    )
    assert [a.write(one) for one in others] == ["Not authorized"] * len(others)


def test_what_is_written_to_someone_elses_topic_is_heard_by_nobody(
    broker: SecureBroker, connected: Connect, service: Asking
) -> None:
    service.listen("#")
    a = connected(broker.issue("a"))
    assert a.write("b/motion") == "Not authorized"
    a.write("a/motion")
    assert service.hears() == ("a/motion", False)


def test_whoever_has_no_certificate_does_not_get_in(broker: SecureBroker) -> None:
    assert Asking(broker, None).connect() == "refused"


def test_a_certificate_of_another_authority_does_not_open(broker: SecureBroker, tmp_path: Path) -> None:
    strangers = SecureBroker(tmp_path).issue("a")
    assert Asking(broker, strangers).connect() == "refused"


def test_a_servers_certificate_does_not_open_as_a_client(broker: SecureBroker) -> None:
    own = HandedOut(*(broker.house.folder / one for one in ("ca.pem", "broker.pem", "broker-key.pem")))
    assert Asking(broker, own).connect() == "refused"


def test_a_certificate_that_has_ended_does_not_open(broker: SecureBroker) -> None:
    old = broker.house.issue(Grant(name="old", kind=Kind.SENSOR), now() - timedelta(days=10), days=5)
    assert Asking(broker, old).connect() == "refused"


def test_a_revoked_certificate_is_refused_after_the_restart_that_the_command_names(tmp_path: Path) -> None:
    broker = SecureBroker(tmp_path)
    lost, kept = broker.issue("lost"), broker.issue("kept")
    broker.start()
    try:
        before = Asking(broker, lost)
        assert before.connect() == "Success"
        assert broker.house.revoke("lost", now()) == 1
        before.close()
        broker.restart()
        after = Asking(broker, kept)
        assert (Asking(broker, lost).connect(), after.connect()) == ("refused", "Success")
        after.close()
    finally:
        broker.stop()


def test_what_a_tag_reader_says_is_heard_by_the_sensors_service_alone(
    broker: SecureBroker, connected: Connect, service: Asking
) -> None:
    viewer, sensor = connected(broker.house.files("wall")), connected(broker.issue("a"))
    assert service.listen("tag/#") == "Granted QoS 1"
    for one in (viewer, sensor):
        one.listen("#")
    reader = connected(broker.issue("kort-1", Kind.READER))
    assert reader.write("tag/kort-1", b"04A1B2C3") == "Success"
    assert service.hears() == ("tag/kort-1", False)
    assert sensor.write("tag/kort-1") == "Not authorized"
    sensor.write("a/motion")
    assert sensor.hears() == ("a/motion", False)
    assert (viewer.heard, sensor.heard) == ([], [])


def test_a_viewer_hears_what_the_house_says_and_writes_nothing(broker: SecureBroker, connected: Connect) -> None:
    viewer = connected(broker.house.files("wall"))
    assert viewer.write("samverk/stockholm/status") == "Not authorized"
    viewer.listen("samverk/#")
    service = connected(broker.house.files(SENSORS))
    service.write("samverk/stockholm/presence")
    assert viewer.hears()[0] == "samverk/stockholm/presence"


def test_a_gateway_writes_the_trees_it_was_given_besides_its_own(broker: SecureBroker, connected: Connect) -> None:
    gateway = connected(broker.house.files("chirpstack"))
    assert gateway.write("application/1/device/x/event/up") != "Not authorized"
    assert gateway.write("v3/other/devices/x/up") == "Not authorized"


def test_a_device_that_knows_tls_1_2_only_gets_in_by_its_own_port(broker: SecureBroker) -> None:
    files = broker.issue("tasmota-1")
    old = Asking(broker, files, is_old=True)
    assert old.connect() == "Success"
    old.close()
    for port, certificate in ((broker.setting.old_port, None), (broker.setting.port, files)):
        with pytest.raises(ssl.SSLError):
            shake_hands_by_tls_1_2(broker, port, certificate)


def shake_hands_by_tls_1_2(broker: SecureBroker, port: int, files: HandedOut | None) -> None:
    context = ssl.create_default_context(cafile=str(broker.house.folder / "ca.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if files is not None:
        context.load_cert_chain(files.certificate, files.key)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        context.wrap_socket(plain, server_hostname="localhost").close()


def test_too_large_a_packet_ends_the_connection_of_whoever_sent_it(broker: SecureBroker, connected: Connect) -> None:
    big = connected(broker.issue("big"))
    assert big.write("big/x", b"x" * 1_048_577) == "refused"
    assert connected(broker.issue("small")).write("small/x") == "No matching subscribers"


def test_our_own_service_gets_in_with_the_files_that_it_was_given(broker: SecureBroker) -> None:
    out = broker.house.files(SENSORS)
    assert out is not None
    table = BrokerTable(
        host="localhost",
        port=broker.setting.port,
        ca=str(broker.house.folder / "ca.pem"),
        certificate=str(out.certificate),
        key=str(out.key),
    )
    link = Link(table, "samverk-stockholm-sensors-in", topics=("tag/#", "zigbee2mqtt/#"))
    link.start()
    wait_for(link.is_up, "the connection of the service")
    link.stop()
