"""How the parts of the house are, a line each in plain words: readers, sensors, broker, centre, list, desk. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kiosk.board.side import Centre, Sensors, Side
from kiosk.board.texts import READER_STATES, TEXTS
from kiosk.board.words import DAY_S, MINUTE_S, age_text, clock_text, in_language
from kiosk.domain.board import Board, ReaderState
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.zones import OCCUPANCY_STALE_S, Words

OLD_LIST_S = 7 * DAY_S
"""From this age on decisions are made "on old data"."""
SLOW_S = 10 * MINUTE_S
"""Events that wait longer than this for the centre are worth a host's look."""


@dataclass(frozen=True, slots=True)
class Health:
    """One line: `is_alarm` stands above the picture as a banner, because what is shown below is not what is.

    What does not help whoever walks by is not `is_public`.
    """

    words: Words
    is_well: bool
    is_alarm: bool = False
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the lines are made of: the desk's last picture, its last sign of life, and what the board read beside it."""

    board: Board
    heard: Instant
    lost: Instant | None
    side: Side
    roster_age_s: float | None
    zone: tzinfo


def health(looked: Looked) -> tuple[Health, ...]:
    """Return every line, in the order a host would ask."""
    return (
        *_readers(looked.board),
        *_copied(looked),
        *_sensors(looked),
        *_broker(looked.side.broker_lost, looked.zone),
        *_centre(looked.side.centre, looked),
        _roster(looked.roster_age_s),
        _say(
            "confirmed_at", is_well=looked.lost is None, is_public=True, time=clock_text(looked.heard.wall, looked.zone)
        ),
    )


def alarms(lines: Iterable[Health]) -> tuple[Words, ...]:
    """Return what must stand as a banner."""
    return tuple(one.words for one in lines if one.is_alarm)


def _readers(board: Board) -> Iterator[Health]:
    if not board.readers:
        yield _say("no_readers", is_well=False, is_public=True)
    for one in board.readers:
        state = READER_STATES[one.state]
        words = TEXTS["reader"]
        told = Words(
            f"{words.sv.format(reader=one.reader)} {state.sv}", f"{words.en.format(reader=one.reader)} {state.en}"
        )
        yield Health(told, is_well=one.state is ReaderState.READY, is_public=True)


def _copied(looked: Looked) -> Iterator[Health]:
    if looked.board.copied_at is not None:
        yield _say("copied", is_well=False, time=clock_text(looked.board.copied_at.wall, looked.zone))


def _sensors(looked: Looked) -> Iterator[Health]:
    sensors = looked.side.sensors
    if not sensors:
        yield _say("sensors_never", is_well=False)
        return
    newest = min(sensors.values(), key=lambda one: looked.heard.seconds_since(one.heard)).heard
    if looked.heard.seconds_since(newest) > OCCUPANCY_STALE_S:
        yield _say("sensors_gone", is_well=False, is_alarm=True, time=clock_text(newest.wall, looked.zone))
        return
    fresh = sum(one.fresh for one in sensors.values())
    yield _say("sensors_heard", is_well=True, n=fresh)
    yield from _silent(looked.board, sensors)


def _silent(board: Board, sensors: Mapping[ZoneId, Sensors]) -> Iterator[Health]:
    names = {one.id: one.name for one in board.zones}
    for zone, one in sensors.items():
        if one.silent:
            name = names.get(zone, Words(zone, zone))
            words = TEXTS["sensors_silent"]
            told = Words(words.sv.format(zone=name.sv, n=one.silent), words.en.format(zone=name.en, n=one.silent))
            yield Health(told, is_well=False)


def _broker(lost: datetime | None, zone: tzinfo) -> Iterator[Health]:
    if lost is None:
        yield _say("broker_well", is_well=True)
    else:
        yield _say("broker_lost", is_well=False, is_alarm=True, time=clock_text(lost, zone))


def _centre(centre: Centre | None, looked: Looked) -> Iterator[Health]:
    if centre is None:
        yield _say("centre_none", is_well=True)
        return
    if centre.waiting and centre.since:
        waited_s = (looked.heard.wall - centre.since).total_seconds()
        time = clock_text(centre.since, looked.zone)
        yield _say("centre_waiting", is_well=waited_s < SLOW_S, n=centre.waiting, time=time)
    else:
        yield _say("centre_well", is_well=True)
    if centre.apart or centre.disputed:
        yield _say("centre_apart", is_well=False, apart=centre.apart, disputed=centre.disputed)


def _roster(age_s: float | None) -> Health:
    if age_s is None:
        return _say("no_roster", is_well=False, is_public=True)
    ages = Words(age_text(age_s, Language.SV), age_text(age_s, Language.EN))
    words = TEXTS["roster_old" if age_s > OLD_LIST_S else "roster_age"]
    told = Words(words.sv.format(age=ages.sv), words.en.format(age=ages.en))
    return Health(told, is_well=age_s <= OLD_LIST_S, is_public=True)


def _say(name: str, /, *, is_well: bool, is_alarm: bool = False, is_public: bool = False, **holes: object) -> Health:
    words = TEXTS[name]
    said = Words(in_language(words, Language.SV).format(**holes), in_language(words, Language.EN).format(**holes))
    return Health(said, is_well=is_well, is_alarm=is_alarm, is_public=is_public)
