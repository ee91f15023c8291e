"""What a resting house costs is counted service by service; how much it is here, `samverk bench footprint` tells."""

import os

import pytest

from deploy.bench import footprint
from deploy.bench.footprint import ALL, BARE, SERVICES, cpu_s, measure, pss_mb


def test_memory_and_processor_of_a_process_are_read() -> None:
    before = cpu_s(os.getpid())
    while cpu_s(os.getpid()) == before:
        sum(range(10_000))
    assert 5 < pss_mb(os.getpid()) < 5_000


@pytest.mark.parts
def test_every_service_of_a_device_is_counted_and_all_of_them_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "SETTLE_S", 0.1)
    monkeypatch.setattr(footprint, "REST_S", 0.5)
    amounts = {one.name: one for one in measure(1, 1).amounts}
    for kind, unit in (("memory", "MB"), ("processor", "% of a core")):
        each = [amounts[f"{name}: {kind}"] for name in SERVICES]
        assert {one.unit for one in each} == {unit}
        assert amounts[f"{ALL}: {kind}"].value == pytest.approx(sum(one.value for one in each))
    assert all(amounts[f"{name}: memory"].value > amounts[BARE].value for name in SERVICES)
