"""A real PC/SC daemon with a virtual reader, and cards to show to it: for measuring and tests, never for a kiosk."""
