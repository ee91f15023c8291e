"""All measures in one table: each with its ratio to the bare cost, and one that fails hides no other."""

import json
import sys
from collections.abc import Sequence

import msgspec
import pytest

from deploy.bench.figures import Amount, Measured, figure
from deploy.bench.whole import MeasureError, Whole, asked, gather, text
from deploy.command import main
from deploy.commands import bench
from deploy.commands.bench import MEASURES, PARTS

TAP = Measured([figure("commit", [0.0005] * 10), figure("tap", [0.0015] * 10, "commit")], ["10 members"])
BARE = "bare Python"
SIZE = Measured([], [], [Amount(name=BARE, value=10, unit="MB"), Amount(name="all", value=25, unit="MB", bare=BARE)])


def ask(name: str) -> Measured:
    if name == "zones":
        raise MeasureError("mosquitto is missing")  # noqa: EM101, TRY003 - what a process said last
    return {"tap": TAP, "footprint": SIZE}[name]


@pytest.fixture
def whole() -> Whole:
    return gather(("tap", "zones", "footprint"), ask)


def test_every_row_has_its_ratio_to_the_bare_cost_of_its_own_measure(whole: Whole) -> None:
    assert [(one.measure, one.name, one.ratio) for one in whole.rows] == [
        *(("tap", "commit", None), ("tap", "tap", pytest.approx(3.0))),
        *(("footprint", "bare Python", None), ("footprint", "all", 2.5)),
    ]
    assert whole.notes["tap"] == ("10 members",)
    assert {"processor", "cores", "python", "load"} <= set(whole.machine)


def test_one_that_fails_is_said_in_the_table_and_hides_no_other(whole: Whole) -> None:
    told = text(whole)
    assert "NOT MEASURED: mosquitto is missing" in told
    assert "3.00 x commit" in told
    assert "2.50 x bare Python" in told
    assert json.loads(msgspec.json.encode(whole))["failed"] == {"zones": "mosquitto is missing"}


def test_the_command_takes_every_measure_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = list[tuple[str, Sequence[str]]]()

    def taking(name: str, options: Sequence[str]) -> Measured:
        taken.append((name, options))
        return TAP

    monkeypatch.setattr(bench, "asked", taking)
    assert main(["bench", "--taps", "3", "--members", "7", "--json"]) == 0
    assert taken == [(name, ["--taps", "3", "--members", "7"]) for name in MEASURES]
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2 * len(MEASURES)
    assert set(PARTS) == set(MEASURES)


SMALL = """
import sys, types
from deploy.bench.figures import Amount, Measured, figure
from deploy.command import main
from deploy.commands import bench
small = types.ModuleType("deploy.bench.small")
small.measure = lambda taps, members: Measured(
    [figure("taps", [0.001] * taps)], ["said"], [Amount(name="members", value=members, unit="people")]
)
sys.modules["deploy.bench.small"] = small
bench.PARTS["tap"] = ("small",)
sys.exit(main(sys.argv[1:]))
"""


def test_a_measure_is_taken_in_a_process_of_its_own_and_comes_back_as_it_was() -> None:
    found = asked("tap", ["--taps", "5", "--members", "50"], (sys.executable, "-c", SMALL))
    assert [(one.name, one.count) for one in found.figures] == [("taps", 5)]
    assert ([one.value for one in found.amounts], list(found.notes)) == ([50.0], ["said"])
    with pytest.raises(MeasureError, match="invalid choice"):
        asked("nothing", [], (sys.executable, "-c", SMALL))
