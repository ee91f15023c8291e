"""Measures: what they put on is what they say, and what they read is what was said."""
