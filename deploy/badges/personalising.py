"""`samverk badge personalise`: makes a blank NTAG 424 DNA on a PC/SC reader a badge of ours, and has it prove it."""

import argparse
import sys
from collections.abc import Mapping
from secrets import token_bytes

import msgspec

from kiosk.cards.keys import KEY_BYTES, UID_BYTES, Masters
from kiosk.cards.personalise import Failed, Order, Personalised, Standing, Step, personalise, standing
from kiosk.domain.badge import Uid
from kiosk.reader.pcsc.alone import NoCard, with_card
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.reports import ReaderUnavailableError, Transmit
from kiosk.service.cards import ROLES, masters
from kiosk.tools.credentials import CredentialError, write_credential
from kiosk.tools.site import Site

WAIT_S = 60.0
"""How long to wait for a card."""

_STANDING: Mapping[Standing, str] = {
    Standing.BLANK: "blank: it can be made a badge",
    Standing.OURS: "ours, with the keys of this version",
    Standing.OURS_OLDER: "ours, with the keys of an older version, or not finished",
    Standing.NOT_OURS: "an NTAG 424 DNA of somebody else: it is left as it is",
    Standing.OTHER_KIND: "no NTAG 424 DNA",
    Standing.GONE: "gone: let it lie still",
}
_FAILED: Mapping[Step, str] = {
    Step.SELECT: "it is no NTAG 424 DNA",
    Step.OWNER: "it is somebody else's: neither the factory's key nor ours opens it",
    Step.UID: "the reader and the card do not tell the same number: use another card",
    Step.KEYS: "its keys could not all be changed",
    Step.FILE: "its file could not be written",
    Step.LAST_KEY: "its last key could not be changed",
    Step.PROOF: "it is written, and does not prove itself: do not hand it out",
}
_AGAIN = "Put it back and give the same command: it is finished where it ended."


def run(site: Site, args: argparse.Namespace) -> int:
    """Return 0 if the card is a badge of ours that has proved it (or could be made one), else 1."""
    versions = site.tables.badge.card_versions
    wanted = args.version or (max(versions) if versions else 1)
    if args.make_keys:
        return _make_keys(site, args, wanted)
    keys = {one: masters(one, ROLES, site.state_dir) for one in sorted({*versions, wanted})}
    try:
        scard = load_scard()
    except ReaderUnavailableError as error:
        return _fail(args, str(error))
    if not args.json:
        print("Lägg kortet på läsaren och låt det ligga. Put the card on the reader and let it lie.", file=sys.stderr)

    def talk(uid: Uid, transmit: Transmit) -> Standing | Personalised | Failed:
        return _talk(uid, transmit, keys, wanted, is_dry=args.dry_run)

    talked = with_card(scard, args.reader, talk, WAIT_S)
    return _fail(args, talked.why) if isinstance(talked, NoCard) else _tell(args, talked.outcome)


def _make_keys(site: Site, args: argparse.Namespace, version: int) -> int:
    """Make the masters of that version that are not there; never one anew, for cards may have been made with it."""
    made = []
    for role in ROLES:
        name = f"card-{role}-v{version}"
        try:
            masters(version, [role], site.state_dir)
        except CredentialError:
            if (site.state_dir / "credentials" / name).exists():
                raise
            write_credential(name, token_bytes(KEY_BYTES).hex().encode(), site.state_dir)
            made.append(name)
    text = (
        f"made: {', '.join(made) or 'none, all are there'}. Keep sealed copies: cards cannot be changed without them."
    )
    return _say(args, {"keys": made}, text, is_done=True)


def _talk(
    uid: Uid, transmit: Transmit, keys: Mapping[int, Masters], wanted: int, *, is_dry: bool
) -> Standing | Personalised | Failed:
    if len(uid.value) != UID_BYTES:
        return Standing.OTHER_KIND
    order = Order(uid.value, wanted, keys)
    return standing(transmit, order, token_bytes) if is_dry else personalise(transmit, order, token_bytes)


def _tell(args: argparse.Namespace, outcome: Standing | Personalised | Failed) -> int:
    match outcome:
        case Personalised(version=version, changed=changed):
            text = f"Kortet är klart och har bevisat sig. It is made and has proved itself: version {version}."
            return _say(args, {"made": True, "version": version, "keys_changed": changed}, text, is_done=True)
        case Failed(step=step):
            hint = "" if step in {Step.SELECT, Step.OWNER, Step.UID} else f" {_AGAIN}"
            return _say(args, {"made": False, "step": step}, f"{_FAILED[step]}.{hint}", is_done=False)
        case _:
            could = outcome in {Standing.BLANK, Standing.OURS, Standing.OURS_OLDER}
            return _say(args, {"made": False, "card": outcome}, f"The card is {_STANDING[outcome]}.", is_done=could)


def _say(args: argparse.Namespace, facts: Mapping[str, object], text: str, *, is_done: bool) -> int:
    print(msgspec.json.encode(facts).decode() if args.json else text)
    return 0 if is_done else 1


def _fail(args: argparse.Namespace, why: str) -> int:
    if args.json:
        print(msgspec.json.encode({"made": False, "why": why}).decode())
    else:
        print(f"samverk badge personalise: {why}", file=sys.stderr)
    return 1
