"""Events as JSON text and back. What is stored is parsed as strictly as what comes from outside."""

import msgspec

from kiosk.domain.events import NAME_OF, TYPE_NAMES, Happened
from kiosk.store.errors import StoreError

_encoder = msgspec.json.Encoder(order="deterministic")
_events = {name: msgspec.json.Decoder(kind) for name, kind in TYPE_NAMES.items()}


def event_to_json(event: Happened) -> tuple[str, str]:
    """Return the event's stored name and its fields as JSON."""
    return NAME_OF[type(event)], _encoder.encode(event).decode()


def event_from_json(name: str, text: str) -> Happened:
    """Return the event, or raise `StoreError` if this version does not know it."""
    decoder = _events.get(name)
    if decoder is None:
        message = f"the journal holds an event this version does not know: {name}; install the version that wrote it"
        raise StoreError(message)
    try:
        return decoder.decode(text)
    except msgspec.MsgspecError as error:
        message = f"the journal holds a broken {name} event ({error})"
        raise StoreError(message) from error
