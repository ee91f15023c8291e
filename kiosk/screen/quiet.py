"""A Textual program that ends quietly: whatever escapes its handlers is logged without values, never shown."""

import logging
import sys

from rich.console import RenderableType
from textual.app import App

from kiosk.screen.log import where

EXIT_FAULT = 1

_log = logging.getLogger("samverk.screen")


class QuietApp(App[int], inherit_bindings=False):
    """Textual without its last words: its own would print a traceback with local variables (seen in 8.2.8)."""

    def _handle_exception(self, error: Exception) -> None:
        """End with a status that says so; whoever supervises the program starts it again."""
        _log.critical("the screen ends: %s", where(error))
        self._return_code = EXIT_FAULT
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """End as for any other fault. Textual calls this when its input thread fails, the error still being handled."""
        del renderables
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else OSError("the input ended"))

    def _print_error_renderables(self) -> None:
        """Print nothing."""
        self._exit_renderables.clear()
