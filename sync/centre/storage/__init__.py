"""The centre's storage room: the only place that knows its database."""
