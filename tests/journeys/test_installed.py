"""The package on a real Debian 13 with a real systemd: installed, started, hurt, upgraded and taken away."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.look.texts import PROMPT
from tests.support.installed import BROKER, PEOPLE, SCREEN_ROOM, SITE, STATE, UNITS, Installed, install, settle
from tests.support.machine import Machine, machine
from tests.support.package import built, later

# The first time, Debian itself is made.
pytestmark = [pytest.mark.parts, pytest.mark.timeout(1200)]

DESK, SCREEN, BOARD = "samverk-desk.service", "samverk-screen.service", "samverk-board.service"
SCREENS = "/usr/share/samverk/screen"
PROGRAM = "-IB /usr/bin/samverk screen"
"""How the command line of the screen's own process ends; compositor and terminal name it without Python's options."""
ORDERS = (
    ("samverk-sensors", "samverk-screen", "samverk-desk", "samverk-centre", "samverk-board", "samverk-sync", BROKER),
    (BROKER, "samverk-centre", "samverk-sync", "samverk-board", "samverk-sensors", "samverk-desk", "samverk-screen"),
)
PAPER, PAPER_TIMER = "samverk-paper.service", "samverk-paper.timer"
SCORES = dict.fromkeys((*UNITS, PAPER), 20) | {BROKER: 15}
"""The highest exposure that systemd-analyze may find, in tenths."""
_OWN = ("proc", "sys", "dev", "run", "tmp", "var/tmp", "var/log", "var/cache")
_OWN_STATE = ("dpkg", "systemd", "mosquitto")
THE_MACHINES_OWN = (*(f"/{one}" for one in _OWN), *(f"/var/lib/{one}" for one in _OWN_STATE))
"""Where the machine itself writes, and Debian's own services: temporary files, logs, the package manager's notes."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory).parent


@pytest.fixture(scope="module")
def house(packages: Path) -> Iterator[Installed]:
    with machine(packages) as one:
        one.write("/before", "")
        install(one, next(packages.glob("*.deb")).name)
        yield settle(one)


def test_all_services_run_whatever_was_started_first(house: Installed) -> None:
    house.machine.wait_until_active(*UNITS, BROKER)
    assert {one: house.machine.shown(one, "NRestarts") for one in UNITS} == dict.fromkeys(UNITS, "0")
    assert house.machine.run("systemctl", "is-system-running") == "running"


def test_a_tap_is_answered_and_reaches_the_centre(house: Installed) -> None:
    before = house.arrivals()
    assert house.tap(PEOPLE["exempel-01"])["outcome"] == "arrived"
    house.machine.wait_for(lambda: house.arrivals() == before + 1, "the arrival at the centre")


def test_a_card_on_a_pcsc_reader_is_read_by_a_desk_that_polkit_and_the_sandbox_let(house: Installed) -> None:
    before = house.arrivals()
    house.machine.wait_for(lambda: house.readers().get("card") == "ready", "a PC/SC reader that is ready")
    assert house.show_card(PEOPLE["exempel-02"])
    house.machine.wait_for(lambda: house.arrivals() == before + 1, "the arrival at the centre")
    # The rule is what lets it: another user of this machine is refused.
    refused = house.machine.tried("runuser", "-u", "nobody", "--", "/usr/bin/python3", "-c", _LIST_READERS)
    # What the client is told depends on whether it still reads when the daemon hangs up: the daemon's log does not.
    assert "0x8010" in refused.out
    said = "(user: 65534) is NOT authorized for action: access_pcsc"
    house.machine.wait_for(lambda: said in house.machine.journal("pcscd.service"), "the daemon's refusal")


def test_debians_own_evdev_is_one_that_we_can_ask_for_typing_readers(house: Installed) -> None:
    asked = "from kiosk.reader.hid.keyboards import load_keyboards; print(load_keyboards().hold('SYC ID'))"
    assert house.python(asked) == "absent"


def test_a_sensor_with_a_certificate_makes_its_zone_occupied(house: Installed) -> None:
    house.publish("zigbee2mqtt", "zigbee2mqtt/lagerelden/pir-1", '{"occupancy": true}')
    house.machine.wait_for(lambda: house.zone("lagerelden") == "occupied", "an occupied zone at the desk")


def test_the_picture_on_the_display_holds_the_text_that_a_member_reads(house: Installed, tmp_path: Path) -> None:
    house.machine.wait_for(lambda: PROMPT.sv in house.read_display(tmp_path), "the waiting page in a picture", 90)
    text = house.read_display(tmp_path)
    for row in (PROMPT.sv, PROMPT.en, "Lägerelden"):
        assert row in text
    house.tap(PEOPLE["exempel-03"])
    house.machine.wait_for(lambda: "Välkommen" in house.read_display(tmp_path), "the welcome in a picture")


def test_a_desk_that_hangs_is_killed_by_its_watchdog_and_taps_go_on(house: Installed) -> None:
    hanging = house.machine.shown(DESK, "MainPID")
    restarts = int(house.machine.shown(DESK, "NRestarts"))
    house.machine.signal(hanging, "STOP")
    house.machine.wait_for(lambda: int(house.machine.shown(DESK, "NRestarts")) > restarts, "a new desk")
    assert "Watchdog timeout" in house.machine.journal(DESK)
    assert house.tap(PEOPLE["exempel-04"])["outcome"] == "arrived"


def test_a_screen_that_hangs_is_killed_by_its_watchdog_although_it_is_a_grandchild(
    house: Installed, tmp_path: Path
) -> None:
    restarts = int(house.machine.shown(SCREEN, "NRestarts"))
    house.machine.signal(house.machine.program(SCREEN, PROGRAM), "STOP")
    house.machine.wait_for(lambda: int(house.machine.shown(SCREEN, "NRestarts")) > restarts, "a new screen")
    house.machine.wait_until_active(SCREEN)
    house.machine.wait_for(lambda: PROMPT.sv in house.read_display(tmp_path), "the waiting page in a picture")


@pytest.mark.parametrize("unit", [*UNITS, BROKER])
def test_what_is_killed_is_there_again_and_no_tap_is_lost_or_told_twice(house: Installed, unit: str) -> None:
    before = house.arrivals()
    assert house.tap(house.stranger())["outcome"] == "arrived"
    restarts = int(house.machine.shown(unit, "NRestarts"))
    house.machine.run("systemctl", "kill", "--signal=KILL", unit)
    house.machine.wait_for(lambda: int(house.machine.shown(unit, "NRestarts")) > restarts, f"a new {unit}")
    house.machine.wait_until_active(unit)
    house.machine.wait_for(lambda: house.arrivals() >= before + 1, "the arrival at the centre")
    assert house.arrivals() == before + 1
    house.machine.run("runuser", "-u", "samverk", "--", "samverk", "journal", "verify")


def test_a_screen_whose_program_is_killed_shows_its_picture_again(house: Installed, tmp_path: Path) -> None:
    house.machine.wait_until_active(SCREEN)
    restarts = int(house.machine.shown(SCREEN, "NRestarts"))
    house.machine.signal(house.machine.program(SCREEN, PROGRAM), "KILL")
    house.machine.wait_for(lambda: int(house.machine.shown(SCREEN, "NRestarts")) > restarts, "a new screen")
    house.machine.wait_until_active(SCREEN)
    house.machine.wait_for(lambda: PROMPT.sv in house.read_display(tmp_path), "the waiting page in a picture")


def test_what_cannot_start_tries_ever_more_seldom_and_is_there_once_it_can(house: Installed) -> None:
    house.machine.write("/etc/samverk/site.toml", SITE.replace("[[zone]]", "[[zon]]"))
    house.machine.tried("systemctl", "restart", BOARD)
    waits: list[int] = []

    def grown() -> bool:
        wait_us = house.next_restart_us(BOARD)
        if not waits or wait_us != waits[-1]:
            waits.append(wait_us)
        return len(waits) > 4

    house.machine.wait_for(grown, "longer and longer waits")
    assert all(before < after for before, after in pairwise(waits))
    assert house.machine.shown(BOARD, "RestartMaxDelayUSec") == "1min"
    house.machine.write("/etc/samverk/site.toml", SITE)
    house.machine.wait_until_active(BOARD)


@pytest.mark.parametrize("order", ORDERS, ids=["the desk third", "the desk last"])
def test_every_service_starts_with_the_others_missing_and_all_is_right_in_the_end(
    house: Installed, order: tuple[str, ...], tmp_path: Path
) -> None:
    house.machine.run("systemctl", "stop", *UNITS, BROKER)
    for unit in order:
        house.machine.run("systemctl", "start", unit)
        house.machine.wait_until_active(unit)
    before = house.arrivals()
    assert house.tap(house.stranger())["outcome"] == "arrived"
    house.machine.wait_for(lambda: house.arrivals() == before + 1, "the arrival at the centre")
    # The answer, or once that has stood long enough the waiting page.
    pages = re.compile(f"Välkommen|{PROMPT.sv}")
    house.machine.wait_for(lambda: pages.search(house.read_display(tmp_path)), "a page in a picture")
    house.publish("zigbee2mqtt", "zigbee2mqtt/lagerelden/pir-1", '{"occupancy": true}')
    house.machine.wait_for(lambda: house.zone("lagerelden") == "occupied", "an occupied zone at the desk")


def test_the_evacuation_list_is_printed_by_a_unit_of_its_own_only_where_a_printer_is_named(house: Installed) -> None:
    # In place of CUPS: what is handed to it, kept where the sandbox lets it.
    printed = f"{STATE}/printed"
    house.machine.write("/run/test-bin/lp", f"#!/bin/sh\ncat > {printed}\n")
    house.machine.run("chmod", "755", "/run/test-bin/lp")
    house.machine.write(
        f"/run/systemd/system/{PAPER}.d/zz.conf", "[Service]\nEnvironment=PATH=/run/test-bin:/usr/bin\n"
    )
    house.machine.run("systemctl", "daemon-reload")
    house.tap(house.stranger())
    house.machine.run("systemctl", "start", PAPER_TIMER)
    assert house.machine.state(PAPER_TIMER) == "active"
    house.machine.run("systemctl", "start", PAPER)
    assert house.machine.tried("test", "-e", printed).status != 0
    house.machine.write("/run/printing.toml", f'{SITE}\n[roll_call]\nprinter = "entre"\n')
    named = "[Service]\nEnvironment=PATH=/run/test-bin:/usr/bin SAMVERK_SITE=/run/printing.toml\n"
    house.machine.write(f"/run/systemd/system/{PAPER}.d/zz.conf", named)
    house.machine.run("systemctl", "daemon-reload")
    house.machine.run("systemctl", "start", PAPER)
    assert house.machine.shown(PAPER, "Result") == "success"
    assert "[ ] Exempel" in house.machine.run("cat", printed)
    assert "evacuation paper" in house.machine.run("runuser", "-u", "samverk", "--", "samverk", "person", "accesses")
    house.machine.run("rm", "-r", printed, "/run/test-bin", "/run/printing.toml", f"/run/systemd/system/{PAPER}.d")
    house.machine.run("systemctl", "daemon-reload")


def test_no_unit_is_more_exposed_than_it_may_be(house: Installed) -> None:
    for unit, tenths in SCORES.items():
        ran = house.machine.tried("systemd-analyze", "security", "--no-pager", f"--threshold={tenths}", unit)
        assert ran.status == 0, f"{unit}\n{ran.out}"


def test_the_programs_of_the_machine_understand_our_settings_for_them(house: Installed) -> None:
    units = house.machine.tried("systemd-analyze", "verify", "--man=no", *UNITS, PAPER, PAPER_TIMER, "samverk.target")
    assert (units.status, [line for line in units.err.splitlines() if "samverk" in line]) == (0, [])
    for display in sorted((house.machine.root / SCREENS[1:]).glob("*.ini")):
        house.machine.run("foot", "--check-config", f"--config={SCREENS}/{display.name}")
    house.machine.run("udevadm", "verify", "/usr/lib/udev/rules.d/60-samverk-reader.rules")


def test_no_key_or_gesture_of_the_terminal_is_left(house: Installed) -> None:
    ours, known = (
        (house.machine.root / one).read_text() for one in (f"{SCREENS[1:]}/foot.ini", "etc/xdg/foot/foot.ini")
    )
    bindings = _bindings(known)
    assert sum(len(names) for names in bindings.values()) > 70
    none = {section: {name for name, value in given if value == "none"} for section, given in _given(ours).items()}
    assert {section: names - none.get(section, set()) for section, names in bindings.items() if names} == {
        section: set() for section, names in bindings.items() if names
    }


def test_a_service_can_write_its_own_folder_and_nothing_else(house: Installed) -> None:
    desk = house.machine.shown(DESK, "MainPID")
    status = (house.machine.root / "proc" / desk / "status").read_text()
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    writes = {
        place: house.machine.tried("nsenter", "--target", desk, "--mount", "--", "touch", f"{place}/x").status == 0
        for place in ("/etc", "/usr/lib/samverk", "/var/log", "/opt", STATE)
    }
    assert writes == dict.fromkeys(writes, False) | {STATE: True}
    house.machine.run("rm", f"{STATE}/x")


def test_whether_the_clock_is_set_can_be_asked_in_the_sandbox(house: Installed) -> None:
    asked = "from kiosk.tools import clock; import ctypes; b=(ctypes.c_char * 512)(); print('adjtimex says', "
    asked += "clock._libc().adjtimex(ctypes.byref(b)), flush=True)"
    unit = f'[Service]\nEnvironment=PYTHONPATH=/usr/lib/samverk\nExecStart=/usr/bin/python3 -Bc "{asked}"\n'
    # By its name it gets what all of ours have in common.
    house.machine.write("/run/systemd/system/samverk-clock.service", unit)
    house.machine.run("systemctl", "daemon-reload")
    house.machine.run("systemctl", "start", "samverk-clock.service")
    said = house.machine.wait_for(
        lambda: re.search(r"adjtimex says (-?\d+)", house.machine.journal("samverk-clock.service")), "an answer"
    )
    house.machine.run("systemctl", "stop", "samverk-clock.service")
    assert int(said[1]) >= 0


def test_files_are_written_only_where_they_belong(house: Installed) -> None:
    found = house.machine.run("find", "/", "-xdev", "-newer", "/before", "-type", "f", "-not", "-path", "/proc/*")
    known = set(house.machine.run("dpkg", "--listfiles", "samverk").splitlines())
    ours = ("/etc/samverk/", "/etc/credstore/samverk.", f"{STATE}/", "/var/lib/samverk-centre/", f"{SCREEN_ROOM}/")
    accounts = {f"/etc/{one}{end}" for one in ("passwd", "group", "shadow", "gshadow") for end in ("", "-")}
    strays = [
        one
        for one in found.splitlines()
        if one not in known | accounts | {"/etc/.pwd.lock"}
        and not one.startswith((*ours, *THE_MACHINES_OWN, "/etc/systemd/system/"))
        and not ("/__pycache__/" in one and one.startswith("/usr/lib/samverk/"))
    ]
    assert strays == []
    owned = house.machine.run("find", "/", "-xdev", "-user", "samverk", "-not", "-path", "/proc/*").splitlines()
    assert [one for one in owned if not one.startswith((STATE, SCREEN_ROOM, "/etc/samverk/broker/out"))] == []
    assert house.machine.run("dpkg", "--verify", "samverk") == ""


def test_before_it_has_a_site_file_nothing_runs_fails_or_takes_the_console(packages: Path, tmp_path: Path) -> None:
    with machine(packages) as one:
        before = _files(one)
        package = next(packages.glob("*.deb"))
        install(one, package.name)
        assert {unit: one.state(unit) for unit in UNITS} == dict.fromkeys(UNITS, "inactive")
        assert one.run("systemctl", "is-system-running") == "running"
        enabled = {unit: one.tried("systemctl", "is-enabled", unit).out.strip() for unit in UNITS}
        asked_for = {SCREEN: "disabled", "samverk-centre.service": "disabled"}
        assert enabled == dict.fromkeys(UNITS, "enabled") | asked_for
        assert one.tried("systemctl", "is-enabled", PAPER_TIMER).out.strip() == "enabled"
        _upgrade_keeps_data_and_runs_the_new_code(one, later(package, tmp_path, "0.1.0+later"))
        one.run("dpkg", "--remove", "samverk")
        assert one.tried("test", "-s", f"{STATE}/journal.db").status == 0
        assert one.tried("test", "-s", "/etc/samverk/site.toml").status == 0
        assert one.tried("test", "-e", "/usr/lib/samverk").status != 0
        one.run("dpkg", "--purge", "samverk")
        assert _files(one) - before == set()
        assert one.tried("getent", "passwd", "samverk").status != 0
        assert one.tried("systemctl", "list-unit-files", "samverk*").out.count("samverk-") == 0


def _upgrade_keeps_data_and_runs_the_new_code(one: Machine, package: Path) -> None:
    one.run("samverk", "init", "--yes", "--reader", "scripted")
    one.run("systemctl", "restart", "samverk.target")
    one.wait_until_active(DESK, BOARD)
    # A house without a centre has no thread to one, and nothing is the matter.
    assert one.state("samverk-sync.service") == "inactive"
    assert one.run("systemctl", "is-system-running") == "running"
    running = one.shown(DESK, "MainPID")
    journal = one.run("runuser", "-u", "samverk", "--", "samverk", "journal", "verify", "--json")
    one.write("/etc/systemd/system/samverk-board.service.d/off.conf", "[Unit]\nConditionPathExists=/none\n")
    (one.root / "root" / package.name).write_bytes(package.read_bytes())
    one.run("dpkg", "--install", f"/root/{package.name}")
    one.run("rm", "-r", f"/root/{package.name}", "/etc/systemd/system/samverk-board.service.d")
    one.wait_until_active(DESK)
    assert one.shown(DESK, "MainPID") != running
    after = one.run("runuser", "-u", "samverk", "--", "samverk", "journal", "verify", "--json")
    assert json.loads(after)["events"] >= json.loads(journal)["events"]


def _files(one: Machine) -> set[str]:
    """Return every path that a package could have left, the package manager's own notes and logs left out."""
    pruned = [word for place in THE_MACHINES_OWN for word in ("-path", place, "-prune", "-o")]
    accounts = ("passwd-", "group-", "shadow-", "gshadow-", "subuid-", "subgid-", ".pwd.lock")
    found = set(one.run("find", "/", "-xdev", *pruned, "-print").splitlines())
    return found - {f"/etc/{name}" for name in accounts}


def _bindings(known: str) -> dict[str, set[str]]:
    """Return every binding that foot knows, by section: its own file has each of them, with a # before it."""
    found = {section: {name for name, _ in given} for section, given in _given(known.replace("\n# ", "\n")).items()}
    # Some need an argument to be bound at all, and two sections have only examples.
    left_out = {name for names in found.values() for name in names if name.startswith(("pipe-", "regex-", "\\"))}
    return {section: names - left_out for section, names in found.items() if section.endswith("-bindings")}


def _given(text: str) -> dict[str, list[tuple[str, str]]]:
    sections = re.split(r"^\[([a-z-]+)\]$", text, flags=re.MULTILINE)[1:]
    lines = re.compile(r"^([a-z\\][\w\\-]*) ?= ?(.*)$", re.MULTILINE)
    return {section: lines.findall(body) for section, body in zip(sections[::2], sections[1::2], strict=True)}


_LIST_READERS = """\
from smartcard.scard import SCardEstablishContext, SCARD_SCOPE_USER
print(f"0x{SCardEstablishContext(SCARD_SCOPE_USER)[0] & 0xFFFFFFFF:08X}")
"""
