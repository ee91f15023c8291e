"""The sync wing: the thread between the house and the centre."""
