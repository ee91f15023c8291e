"""Recordings of real rooms with the truth beside them; README.md here names their makers and licence."""
