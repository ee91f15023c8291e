"""Tests of `sensors.profiles`."""
