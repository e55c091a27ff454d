"""The only place that takes the time and the random; everything else is given them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from uuid import UUID

Clock = Callable[[], int]
Randomness = Callable[[int], bytes]


def system_clock() -> int:
    """Milliseconds since 1970-01-01T00:00Z, by this machine."""
    return time.time_ns() // 1_000_000


def system_randomness(count: int) -> bytes:
    """`count` bytes that nobody can guess."""
    return secrets.token_bytes(count)


def uuid7(now_ms: int, randomness: Randomness) -> UUID:
    """A UUID of version 7 (RFC 9562 section 5.7); the standard library has none before 3.14."""
    value = (now_ms << 80) | int.from_bytes(randomness(10), "big")
    value = value & ~(0xF << 76) | (7 << 76)
    value = value & ~(0x3 << 62) | (2 << 62)
    return UUID(int=value)
