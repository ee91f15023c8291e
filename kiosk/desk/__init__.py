"""The daemon's heart: one place that decides, one thread that writes the journal."""
