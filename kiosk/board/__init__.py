"""The hosts' board in a browser: a client of the desk's door that shows counts to all, and people to hosts only."""
