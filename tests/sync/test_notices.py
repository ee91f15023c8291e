"""What the log says: a first failure loud, repeats quiet, recovery loud again."""

import logging

import pytest

from sync.notices import Notices


def test_a_first_failure_is_loud_repeats_are_quiet_and_recovery_is_loud(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    notices = Notices(logging.getLogger("samverk.test"))
    for why in ("offline", "offline", "refused"):
        notices.wrong("push", why)
    notices.well("push")
    notices.well("push")
    levels = [(one.levelno, one.getMessage()) for one in caplog.records]
    assert levels == [
        (logging.WARNING, "push: offline"),
        (logging.DEBUG, "push: offline"),
        (logging.WARNING, "push: refused"),
        (logging.INFO, "push: works again"),
    ]
