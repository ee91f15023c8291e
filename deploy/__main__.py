"""Lets `python -m deploy` be the `samverk` command, so that services start with the interpreter that is running."""

import sys

from deploy.command import main

if __name__ == "__main__":
    sys.exit(main())
