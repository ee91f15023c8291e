"""Choosing a driver."""

import subprocess
import sys

import pytest

from kiosk.reader.driver import ReaderUnavailableError, ScriptedReader, make_reader
from kiosk.reader.pcsc.reader import PcscReader
from kiosk.tools.site.tables import ReaderTable
from tests.support.fake_scard import Heard


def test_the_name_in_the_site_file_chooses_the_driver() -> None:
    assert isinstance(make_reader(ReaderTable(id="entrance", driver="scripted"), Heard()), ScriptedReader)
    assert isinstance(make_reader(ReaderTable(id="entrance", driver="pcsc"), Heard()), PcscReader)


def test_without_pyscard_a_pcsc_reader_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(ReaderUnavailableError, match="install libpcsclite-dev"):
        make_reader(ReaderTable(id="entrance", driver="pcsc"), Heard())


def test_a_scripted_reader_needs_no_pyscard() -> None:
    probe = "import sys, kiosk.reader.driver; sys.exit('smartcard' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
