"""The sync service as a process for tests: `python -m tests.support.centre_sync SITE_FILE`."""

import sys

from deploy.command import main

if __name__ == "__main__":
    sys.exit(main(["sync", "--site", sys.argv[1]]))
