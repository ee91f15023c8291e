"""What can be heard is told, and a silent screen is no fault."""

import pytest

from deploy.doctor.sound import check
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import read
from kiosk.tools.speech.programs import Programs

SITE = '[site]\nid = "a"\nname = "A"\nstate_dir = "/tmp"\n'


@pytest.mark.parametrize(
    ("more", "programs", "told"),
    [
        ("", Programs("/usr/bin/espeak-ng", "/usr/bin/aplay"), "can be heard"),
        ("", Programs(None, "/usr/bin/aplay"), "espeak-ng is not installed"),
        ("[sound]\nspeech = false", Programs(None, "/usr/bin/aplay"), "can be heard"),
        ("", Programs("/usr/bin/espeak-ng", None), "the screen is silent"),
        ("[sound]\nspeech = false\nearcons = false", Programs(None, None), "neither sound nor speech is wanted"),
    ],
)
def test_what_is_wanted_and_missing_is_told_and_is_no_fault(more: str, programs: Programs, told: str) -> None:
    (finding,) = check(read(SITE + more), SystemClock()(), programs)
    assert finding.is_well
    assert told in finding.says.en
