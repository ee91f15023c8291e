"""The simulated day: its truth, its sensors, its judge, and the real desk and zones under it."""
