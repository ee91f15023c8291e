"""The hosts' board in a terminal, for the desk screen and over SSH: the same view of the house as in a browser."""
