"""The desk's process: puts the desk, its door and its readers together, and takes them apart in the opposite order."""
