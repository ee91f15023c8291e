"""The badge readers: how the desk finds each, and, for PC/SC, what stands in the way between them and the desk.

Two quite different faults carry the same code, 0x8010006A: polkit's refusal, and a daemon whose 200 contexts are all
taken. They are told apart by how many connections the daemon has.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.doctor.finding import Finding, ill, well
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import ReaderId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import ZoneTapOutcome
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ShowBoard
from kiosk.reader.pcsc.codes import CODES, NO_SERVICE, SUCCESS, Reaction, described, reaction_to
from kiosk.reader.pcsc.scard import Scard, load_scard
from kiosk.reader.pcsc.watch import is_badge_reader
from kiosk.reader.reports import ReaderUnavailableError
from kiosk.store.journal import JournalReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.site import ReaderTable, Site
from sensors.kinds import TAG
from sensors.watch import RETAINED_TAP

SECURITY_VIOLATION = 0x8010006A
CONTEXTS_MAX = 200
"""How many clients pcscd serves at once (`PCSC_MAX_CONTEXT_THREADS`)."""
CONTEXTS_NEAR = 190
SOCKETS = Path("/proc/net/unix")
DAEMON = "pcscd.comm"

_STATES: Mapping[ReaderState, tuple[str, str]] = {
    ReaderState.STARTING: ("startar: vänta en stund", "is starting: wait a moment"),
    ReaderState.NO_READER: (
        "är inte ansluten: sätt i kabeln, pröva en annan port, och se efter med `lsusb`",
        "is not plugged in: put the cable in, try another port, and look with `lsusb`",
    ),
    ReaderState.NO_DAEMON: (
        "nås inte: kör `systemctl restart pcscd`",
        "cannot be reached: run `systemctl restart pcscd`",
    ),
    ReaderState.FAULT: (
        "har ett fel: se diskens logg, `journalctl -u samverk-desk`, och dra ur och sätt i läsaren",
        "has a fault: see the desk's log, `journalctl -u samverk-desk`, and plug the reader out and in",
    ),
}
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    ZoneTapOutcome.JOINED: ("gick med", "joined"),
    ZoneTapOutcome.UNKNOWN: ("okända kort", "unknown badges"),
    ZoneTapOutcome.NOT_VALID: ("spärrade kort", "badges no longer valid"),
    ZoneTapOutcome.NOT_PROVED: ("kort som måste bevisa sig", "badges that have to prove themselves"),
    ZoneTapOutcome.NOT_IN_HOUSE: ("inte incheckade", "not checked in"),
    ZoneTapOutcome.TOO_OLD: ("för gamla", "too old"),
    ZoneTapOutcome.FAILED: ("misslyckade", "failed"),
}

States = Callable[[Site], Mapping[ReaderId, ReaderState] | None]
"""Asks the desk how its readers are; None if it does not answer."""


def check(
    site: Site,
    _now: Instant,
    states: States | None = None,
    scard: Callable[[], Scard] = load_scard,
    sockets: Path = SOCKETS,
) -> tuple[Finding, ...]:
    """Return how each reader is, what stands in PC/SC's way, and what became of the badges shown in the zones."""
    told = (states or _asked_of_desk)(site)
    found = [_of_reader(one, told) for one in site.readers.values()]
    pcsc = [one for one in site.readers.values() if one.driver == "pcsc"]
    if pcsc:
        found += _of_pcsc(pcsc, scard, sockets)
    return (*found, *_of_zones(site))


def _asked_of_desk(site: Site) -> Mapping[ReaderId, ReaderState] | None:
    try:
        with DoorClient(site.door) as door:
            said = door.ask(ShowBoard(id="doctor"))
    except DoorClosedError:
        return None
    return {one.reader: one.state for one in said.board.readers} if isinstance(said, SayBoard) else None


def _of_reader(table: ReaderTable, told: Mapping[ReaderId, ReaderState] | None) -> Finding:
    about = f"reader {table.id}"
    if told is None:
        sv = "disken svarar inte: kör `systemctl status samverk-desk`"
        return ill(about, sv, "the desk does not answer: run `systemctl status samverk-desk`")
    state = told.get(ReaderId(table.id), ReaderState.STARTING)
    if state is ReaderState.READY:
        return well(about, "är redo", "is ready")
    return ill(about, *_STATES[state])


def _of_pcsc(tables: list[ReaderTable], load: Callable[[], Scard], sockets: Path) -> list[Finding]:
    try:
        scard = load()
    except ReaderUnavailableError as error:
        return [ill("pcsc", f"kan inte användas: {error}", str(error))]
    code, context = scard.establish()
    if code != SUCCESS:
        return [_refused(code, sockets)]
    try:
        code, names = scard.readers(context)
    finally:
        scard.release(context)
    if code != SUCCESS and reaction_to(code) is not Reaction.RELIST:
        return [_refused(code, sockets)]
    return _of_names(tables, names)


def _refused(code: int, sockets: Path) -> Finding:
    if code == NO_SERVICE:
        sv = "pcscd går inte att nå: kör `systemctl enable --now pcscd.socket`"
        return ill("pcsc", sv, "pcscd cannot be reached: run `systemctl enable --now pcscd.socket`")
    if code == SECURITY_VIOLATION:
        return _denied(sockets)
    what = described(code) if code in CODES else f"0x{code:08X}"
    return ill("pcsc", f"pcscd svarar {what}: starta om pcscd", f"pcscd answers {what}: restart pcscd")


def _denied(sockets: Path) -> Finding:
    taken = sum(line.endswith(DAEMON) for line in sockets.read_text().splitlines()) if sockets.exists() else 0
    if taken >= CONTEXTS_NEAR:
        return ill(
            "pcsc",
            f"pcscd har {taken} av {CONTEXTS_MAX} förbindelser: ett program läcker dem; starta om det, och pcscd",
            f"pcscd has {taken} of {CONTEXTS_MAX} connections: some program leaks them; restart it, and pcscd",
        )
    return ill(
        "pcsc",
        "åtkomst nekad: polkit släpper inte in den här användaren; installera regeln i paketet samverk, eller kör som"
        " samverk",
        "access denied: polkit does not let this user in; install the rule of the package samverk, or run as samverk",
    )


def _of_names(tables: list[ReaderTable], names: list[str]) -> list[Finding]:
    found = []
    for table in tables:
        chosen = [one for one in names if is_badge_reader(one, table.match)]
        about = f"pcsc {table.id}"
        if chosen:
            found.append(well(about, f"läser {', '.join(chosen)}", f"reads {', '.join(chosen)}"))
            continue
        there = ", ".join(names)
        wanted = f' "{table.match}"' if table.match else ""
        sv = f"pcscd ser ingen läsare{wanted} (den ser: {there or 'ingen'}): kontrollera kabeln och `match`"
        en = f"pcscd sees no reader{wanted} (it sees: {there or 'none'}): check the cable and `match`"
        found.append(ill(about, sv, en))
    passed_over = [one for one in names if not is_badge_reader(one, "")]
    if passed_over:
        listed = ", ".join(passed_over)
        sv = f"plats för säkerhetsmodul, läses inte: {listed}"
        found.append(well("pcsc", sv, f"slot for a security module, not read: {listed}"))
    return found


def _of_zones(site: Site) -> list[Finding]:
    readers = [one.id for one in site.sensors.values() if one.kind == TAG]
    if not readers:
        return []
    journal, zones = JournalReader(site.state_dir / "journal.db"), ZonesReader(site.state_dir / "zones.db")
    try:
        outcomes, counters = journal.zone_taps(), zones.counters()
    finally:
        journal.close()
        zones.close()
    listed = [(*words, outcomes[one]) for one, words in _OUTCOMES.items() if outcomes.get(one)]
    sv = ", ".join(f"{number} {word}" for word, _, number in listed) or "inga kort visade än"
    en = ", ".join(f"{number} {word}" for _, word, number in listed) or "no badges shown yet"
    found = [well("zone readers", sv, en)]
    for one in readers:
        if counters.get((one, RETAINED_TAP)):
            sv = "lämnar kort kvar i brokern: slå av retain i läsaren, och töm dess topic i brokern"
            en = "leaves badges at the broker: switch retain off in it, and clear its topic at the broker"
            found.append(ill(f"zone reader {one}", sv, en))
    return found
