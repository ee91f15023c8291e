"""Draws on standard output, where Textual draws on standard error: who redirects errors still sees the screen."""

import sys
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App


class OutputDriver(LinuxDriver):
    """Textual's driver for terminals, on standard output."""

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """Take what Textual hands its drivers."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if sys.__stdout__ is not None and sys.__stdout__.isatty():
            self._file = sys.__stdout__
