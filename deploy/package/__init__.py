"""The Debian package: what is in it, how it is put together, and what must hold of it. Serves a checkout only."""
