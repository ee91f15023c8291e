"""Pages onto paper: pure functions from what is to be shown and how many cells there are. `page.draw` is the way in."""
