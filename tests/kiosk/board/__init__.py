"""Tests of the hosts' board."""
