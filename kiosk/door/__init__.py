"""The local door to the desk: a Unix socket, one JSON line a message. Both sides speak the values in `messages`."""
