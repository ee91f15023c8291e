"""Tests of the Debian package and what comes with it."""
