"""Tests of what cards can prove."""
