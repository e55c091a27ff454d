"""Opens phone doors in a moment: every module is loaded once, and each door is a fork of that.

A fork runs `logger.cli.door` from its first line, with a task in a pipe as `sharelog serve` writes
it. Only what Python needs to load itself and its modules is saved. A task comes in as a line; the
number of the process goes out as one.
"""

from __future__ import annotations

import os
import signal
import sys

import logger.phone_door  # noqa: F401 - what the door's worker would load
from logger.cli import door


def main() -> None:
    """Until the tasks end."""
    # Nobody waits here for those that were killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pipe = -1
    for task in sys.stdin.buffer:
        if pipe >= 0:
            os.close(pipe)
        reading, pipe = os.pipe()
        if (number := os.fork()) == 0:
            os.close(pipe)
            _serve(reading)
        os.close(reading)
        os.write(pipe, task)
        print(number, flush=True)


def _serve(pipe: int) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.argv = ["door", "phone", str(pipe)]
    door.main()
    os._exit(0)


if __name__ == "__main__":
    main()
