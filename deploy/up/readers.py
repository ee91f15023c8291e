"""Is there a real badge reader on this machine? If not, the demonstration uses the scripted one and says so."""

from kiosk.reader.pcsc.codes import SUCCESS
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.reports import ReaderUnavailableError


def real_reader() -> str | None:
    """Return the name of the first PC/SC reader, or None: no pyscard, no daemon or no reader are all the same here."""
    try:
        scard = load_scard()
    except ReaderUnavailableError:
        return None
    code, context = scard.establish()
    if code != SUCCESS:
        return None
    try:
        _code, names = scard.readers(context)
    finally:
        scard.release(context)
    return next((name for name in names if "SAM" not in name), None)
