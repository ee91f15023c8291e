"""What every process needs: the site file, the clock, ids, credentials, the log and systemd. No rule lives here."""
