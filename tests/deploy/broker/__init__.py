"""Tests of the broker's set-up, on a real mosquitto."""
