"""The words and the rule, pure: no clock, files, threads, logging or randomness may come in here.

Time is handed in as `Instant`, ids by a callable, and everything returned is a frozen value.
"""
