"""Loads paho ahead of everybody else who uses it, without what it would load and never need."""

import importlib
import sys

_DNS = "dns"
"""dnspython is here for others. With it paho looks up SRV records, if told to; loading it takes longer than paho."""


def load() -> None:
    """Load paho as if there were no dnspython, unless somebody has loaded either already."""
    if _DNS in sys.modules:
        return
    sys.modules[_DNS] = None  # type: ignore[assignment] # how Python is told that there is no such module
    try:
        importlib.import_module("paho.mqtt.client")
    finally:
        del sys.modules[_DNS]


load()
