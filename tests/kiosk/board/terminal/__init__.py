"""The hosts' board in a terminal."""
