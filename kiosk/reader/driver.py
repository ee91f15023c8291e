"""The narrow door to the badge readers: a driver is chosen by its name, and none stands in for another."""

from kiosk.reader.hid.keyboards import load_keyboards
from kiosk.reader.hid.reader import HidReader
from kiosk.reader.hid.typed import Form, Terminator, Typing
from kiosk.reader.pcsc.feedback import Wish
from kiosk.reader.pcsc.read import no_proof
from kiosk.reader.pcsc.reader import PcscReader
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.reports import Prove, Reader, ReaderUnavailableError, Reports
from kiosk.reader.scripted import ScriptedReader
from kiosk.tools.site.tables import ReaderTable

__all__ = ["Reader", "ReaderUnavailableError", "Reports", "ScriptedReader", "make_reader", "no_proof"]


def make_reader(table: ReaderTable, reports: Reports, prove: Prove = no_proof) -> Reader:
    """Return the reader that the site file describes, not yet running; `prove` asks a card for a proof, where it can.

    Raise `ReaderUnavailableError` if the driver's library is missing: never fall back to another driver.
    """
    match table.driver:
        case "pcsc":
            return PcscReader(
                reports, load_scard(), name=table.id, match=table.match, wish=Wish(beep=table.beep), prove=prove
            )
        case "hid":
            typing = Typing(Form(table.form), table.digits, Terminator(table.terminator), table.reverse)
            return HidReader(reports, load_keyboards(), match=table.match, name=table.id, typing=typing)
        case "scripted":
            return ScriptedReader(reports)
