"""Measures of speed and size, one file each. A figure stands beside its bare cost in the same run: trust the ratio."""
