"""Tests of what puts a hub together."""
