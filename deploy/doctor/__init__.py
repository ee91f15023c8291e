"""What `samverk doctor` asks: a file for each part of the house, with `check(site, now) -> tuple[Finding, ...]`."""
