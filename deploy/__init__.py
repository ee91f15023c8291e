"""The roof: the `samverk` command, and everything that puts a hub together out of its wings."""
