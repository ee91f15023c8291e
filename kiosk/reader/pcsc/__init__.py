"""The PC/SC driver: the only place that knows pyscard. No rule of the house lives here."""
