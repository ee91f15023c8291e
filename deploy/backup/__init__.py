"""Backups of a house, putting them back, and mending what is damaged."""
