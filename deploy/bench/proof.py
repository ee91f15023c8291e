"""`samverk bench proof`: what it costs the house to judge a card's proof, beside one AES-CMAC of the library alone.

The card's own time and the radio's are not in it. The messages are those of NXP's AN12196, tables 14 and page 12.
"""

import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from deploy.bench.figures import Figure, figure
from kiosk.cards.ev2 import Keys, opened, reply_to_challenge
from kiosk.cards.sun import verified

TIMES = 2000
KEY = bytes(16)
PICC_DATA, SUN_MAC = bytes.fromhex("EF963FF7828658A599F3041510671E88"), bytes.fromhex("94EED9EE65337086")
CHALLENGE = bytes.fromhex("A04C124213C186F22399D33AC2A30215")
RANDOM = bytes.fromhex("13C5DB8A5930439FC3DEF9A4C675360F")
ANSWER = bytes.fromhex("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663")
BARE, MESSAGE, CHALLENGED = "one AES-CMAC", "SUN message judged", "challenge answered and judged"


def measure(taps: int, members: int) -> tuple[list[Figure], list[str]]:  # noqa: ARG001 - every measure takes both
    """Return the figures."""
    timed = {BARE: _bare, MESSAGE: _message, CHALLENGED: _challenged}
    figures = [figure(name, _times(do), None if do is _bare else BARE) for name, do in timed.items()]
    return figures, ["in the house only: neither the card's time nor the radio's"]


def _times(do: Callable[[], bool]) -> list[float]:
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        is_good = do()
        found.append(time.perf_counter() - began)
        assert is_good  # noqa: S101 - a proof that fails would be quick and would lie
    return found


def _bare() -> bool:
    one = CMAC(AES(KEY))
    one.update(PICC_DATA)
    return bool(one.finalize())


def _message() -> bool:
    return verified(PICC_DATA, SUN_MAC, KEY, lambda _uid: KEY) is not None


def _challenged() -> bool:
    random_b, _ = reply_to_challenge(KEY, CHALLENGE, RANDOM)
    return isinstance(opened(KEY, RANDOM, random_b, ANSWER), Keys)
