"""Backups, putting them back, and mending: each drilled with the fault really there."""
