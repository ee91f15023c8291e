"""Ports for programs: free, never the same twice, and where no connection takes one by chance."""

import socket

import pytest

from deploy.up import ports
from deploy.up.ports import HIGHEST, LOWEST, NoFreePortError, free_ports

EPHEMERAL = 32_768


def test_ports_are_different_each_time_and_below_those_that_connections_take() -> None:
    found = [*free_ports(3), *free_ports(2), *free_ports(2, side_by_side=True)]
    assert len(set(found)) == 7
    assert all(LOWEST <= one <= HIGHEST < EPHEMERAL for one in found)
    assert found[-1] == found[-2] + 1


def test_a_port_that_somebody_listens_on_is_not_given_and_when_all_are_taken_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = free_ports(2, side_by_side=True)[0]
    monkeypatch.setattr(ports, "_given", set())
    monkeypatch.setattr(ports, "LOWEST", first)
    monkeypatch.setattr(ports, "HIGHEST", first + 3)
    with socket.create_server(("127.0.0.1", first)):
        assert free_ports(1) == [first + 1]
        with pytest.raises(NoFreePortError, match="no free port"):
            free_ports(1)
