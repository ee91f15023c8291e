"""`samverk up`: a whole hub on one machine, for a visitor to see and for tests to judge. It leaves nothing behind."""
