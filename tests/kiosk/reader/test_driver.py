"""Choosing a driver."""

import subprocess
import sys

import pytest

from kiosk.reader.driver import ReaderUnavailableError, ScriptedReader, make_reader
from kiosk.reader.hid.reader import HidReader
from kiosk.reader.pcsc.reader import PcscReader
from kiosk.tools.site.tables import ReaderTable
from tests.support.fake_scard import Heard


def test_the_name_in_the_site_file_chooses_the_driver() -> None:
    assert isinstance(make_reader(ReaderTable(id="entrance", driver="scripted"), Heard()), ScriptedReader)
    assert isinstance(make_reader(ReaderTable(id="entrance", driver="pcsc"), Heard()), PcscReader)


def test_a_reader_that_types_is_made_as_the_site_file_says() -> None:
    table = ReaderTable(id="entrance", driver="hid", match="SYC", form="decimal", digits=10, reverse=True)
    assert isinstance(make_reader(table, Heard()), HidReader)


def test_without_evdev_a_reader_that_types_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    with pytest.raises(ReaderUnavailableError, match="install samverk"):
        make_reader(ReaderTable(id="entrance", driver="hid", match="SYC"), Heard())


def test_without_pyscard_a_pcsc_reader_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(ReaderUnavailableError, match="install libpcsclite-dev"):
        make_reader(ReaderTable(id="entrance", driver="pcsc"), Heard())


def test_a_scripted_reader_needs_neither_pyscard_nor_evdev() -> None:
    probe = "import sys, kiosk.reader.driver; sys.exit(bool({'smartcard', 'evdev'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
