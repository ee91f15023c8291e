"""What can be wrong with the store, without loading the libraries that read it."""


class StoreError(Exception):
    """The store cannot be used; the text says why and what to do."""


class AlreadyOpenError(StoreError):
    """Another process is the writer of this file."""
