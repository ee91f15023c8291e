"""What the log says of the thread to the centre: a first failure loud, repeats quiet, recovery loud again."""

import logging


class Notices:
    """Remembers, for each part, what was last said to be wrong with it."""

    def __init__(self, log: logging.Logger) -> None:
        """Write to that log."""
        self._log = log
        self._wrong: dict[str, str] = {}

    def wrong(self, part: str, why: str) -> None:
        """Say that the part does not work, aloud if it was not known."""
        level = logging.DEBUG if self._wrong.get(part) == why else logging.WARNING
        self._wrong[part] = why
        self._log.log(level, "%s: %s", part, why)

    def well(self, part: str) -> None:
        """Say that the part works again, if it had not."""
        if self._wrong.pop(part, None) is not None:
            self._log.info("%s: works again", part)

    def tell(self, text: str, *values: object) -> None:
        """Say something that happens seldom."""
        self._log.info(text, *values)

    def alarm(self, text: str, *values: object) -> None:
        """Say something that happens seldom and that somebody should look at."""
        self._log.warning(text, *values)
