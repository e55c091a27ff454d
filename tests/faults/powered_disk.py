"""A disk whose power can be cut: afterwards it has what was synced, and what only waited is gone.

An ext4 of its own in a file. Nothing reaches the file but what a program had synced, because the
file system itself writes down what it holds only every five minutes. The cut is the kernel's own:
it ends a mounted ext4 in the middle of whatever it is doing (EXT4_IOC_SHUTDOWN without its
journal), and the next mount replays the journal as after a power cut.
"""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import time
from pathlib import Path

# linux/fs/ext4/ext4.h: _IOR('X', 125, __u32), and "do not flush the log".
_SHUTDOWN, _NO_LOG_FLUSH = 0x8004587D, struct.pack("I", 2)
MEGABYTES = 512
# Written and not synced: after a cut it may be there by name, but not with its words.
CONTROL = b"nobody synced this"


class NoSuchDisk(Exception):
    """This machine lets nobody make one, for the reason that it gives."""


class PoweredDisk:
    """One disk; `place` is where it stands while it has power."""

    def __init__(self, folder: Path):
        self._image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir()
        with self._image.open("wb") as image:
            image.truncate(MEGABYTES << 20)
        self._has_power = False
        try:
            _run("mkfs.ext4", "-q", "-E", "lazy_itable_init=1,lazy_journal_init=1", self._image)
            self.power_on()
        except (OSError, subprocess.CalledProcessError) as error:
            told = getattr(error, "stderr", None) or str(error)
            raise NoSuchDisk(told.strip()) from error

    def power_on(self) -> None:
        """Mounted, its journal replayed."""
        _run("mount", "-t", "ext4", "-o", "loop,commit=300", self._image, self.place)
        self._has_power = True

    def settle(self) -> None:
        """Everything is written down, as a kernel does by itself within half a minute."""
        _run("sync", "--file-system", self.place)

    def write_unsynced(self) -> None:
        """What has to be gone after the next cut, or it was none."""
        (self.place / "control").write_bytes(CONTROL)

    def cut(self) -> None:
        """The power goes. Reading and writing fail from here on."""
        place = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(place, _SHUTDOWN, _NO_LOG_FLUSH)
        finally:
            os.close(place)

    def power_back(self) -> None:
        """As it stands after the cut, once nobody uses it any more."""
        self.power_off()
        self.power_on()
        control = self.place / "control"
        kept = control.read_bytes() if control.exists() else b""
        assert kept != CONTROL, "what nobody had synced is there: this was no power cut"
        control.unlink(missing_ok=True)

    def power_off(self) -> None:
        """Unmounted; who ended a moment ago may still hold on to it for another."""
        until = time.monotonic() + 30
        while self._has_power:
            try:
                _run("umount", self.place)
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    _run("umount", "-l", self.place)
                    raise
                time.sleep(0.02)  # the killed browser still lets go of its files
            else:
                self._has_power = False


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True, capture_output=True, text=True)
