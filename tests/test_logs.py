"""No log line holds a UID, a name or an e-mail address: the whole suite is watched, and the watch can see."""

import logging
from pathlib import Path

import pytest

from tests.support.books import UIDS
from tests.support.hub import look_at_the_logs
from tests.support.log_watch import WATCH, LogWatch, spellings

UID = UIDS["Astrid"]


@pytest.mark.parametrize(
    "line",
    [
        f"tap of {UID}",
        f"tap of {UID.lower()}, twice",
        "tap of F6E5D4C3B2A104",
        "tap of 04:a1:b2:c3:d4:e5:f6",
        f"tap of {int(UID, 16)}",
        "astrid came",
        "Gunnel Gast came with a member",
        "mail to eva.svensson@myndigheten.example",
        "Björn Provsson came",
    ],
)
def test_the_watch_sees_whoever_is_named(line: str) -> None:
    watch = LogWatch([UID], ["Astrid", "Gunnel", "Björn Provsson"])
    watch.look(line)
    assert watch.found == [line]


@pytest.mark.parametrize("line", ["ready for taps", "request 019234ab failed", "Tap: arrived", "astride the path"])
def test_the_watch_lets_ordinary_lines_pass(line: str) -> None:
    watch = LogWatch([UID], ["Astrid"])
    watch.look(line)
    assert watch.found == []


@pytest.mark.parametrize("level", [logging.DEBUG, logging.ERROR])
def test_a_line_is_seen_also_when_nobody_shows_it(level: int) -> None:
    log = logging.getLogger("samverk.test")
    log.log(level, "tap of %s at %s", UID, "entrance")
    log.debug("tap of %s", UID)
    found, WATCH.found = WATCH.found, []
    assert found == [f"tap of {UID} at entrance", f"tap of {UID}"]


def test_the_words_of_a_fault_are_seen_too() -> None:
    try:
        int(f"{UID} ?", 16)
    except ValueError:
        logging.getLogger("samverk.test").debug("it failed", exc_info=True)
    found, WATCH.found = WATCH.found, []
    assert len(found) == 1
    assert UID in found[0]


def test_what_the_services_of_a_hub_say_is_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "desk.log").write_text(f"ready for taps\ntap of {UID}\n")
    look_at_the_logs(tmp_path)
    found, WATCH.found = WATCH.found, []
    assert found == [f"tap of {UID}"]


def test_a_log_line_still_tells_where_it_was_said(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("samverk.test").warning("ready for taps")
    assert [one.filename for one in caplog.records] == ["test_logs.py"]


def test_uids_of_every_length_have_all_their_spellings() -> None:
    assert {len(spellings(uid)) for uid in UIDS.values()} == {7, 8}
