"""`python -m logger.cli` is the command `sharelog`."""

from __future__ import annotations

import sys

from logger.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
