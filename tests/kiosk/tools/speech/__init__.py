"""Tests of what the screen sounds like."""
