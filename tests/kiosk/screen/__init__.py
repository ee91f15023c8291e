"""Tests of the members' screen."""
