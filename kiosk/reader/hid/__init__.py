"""Readers that type like a keyboard: the only place that knows evdev. No rule of the house lives here."""
