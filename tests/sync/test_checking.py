"""Signatures are checked the same here and in the second process, whatever becomes of that one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sync.judging.checking import Checker, Claim, _exactly
from tests.events import a_device, an_event

PUBLIC = a_device().public
GOOD = [Claim(PUBLIC, event.signature, event.id) for event in map(an_event, ["dana's phone"] * 5)]
OTHER = a_device("sam's phone").public
NO_POINT = b"\x04" + bytes(64)
BAD = [
    replace(GOOD[0], public=OTHER),
    replace(GOOD[0], public=NO_POINT),
    replace(GOOD[0], digest=bytes(32)),
    replace(GOOD[0], signature=bytes(64)),
    replace(GOOD[0], signature=b"\xff" * 64),
    *(replace(GOOD[0], signature=_flipped) for _flipped in (
        bytes([GOOD[0].signature[0] ^ 1]) + GOOD[0].signature[1:],
        GOOD[0].signature[:-1] + bytes([GOOD[0].signature[-1] ^ 128]),
    )),
]  # fmt: skip


@pytest.fixture
def checker() -> Iterator[Checker]:
    made = Checker(processors=2, patience_s=20)
    yield made
    made.close()


Begun = Callable[[], set[int]]


@pytest.fixture
def begun() -> Begun:
    """Those that live of what this test began: doors of tests before it may still have theirs."""
    before = second_processes()
    return lambda: second_processes() - before


def second_processes() -> set[int]:
    """Those of this very process."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _is_second(folder):
            found.add(int(folder.name))
    return found


def _is_second(folder: Path) -> bool:
    try:
        parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        return (
            int(parent) == os.getpid()
            and b"sync.judging.checking" in (folder / "cmdline").read_bytes()
        )
    except OSError:
        return False  # ended meanwhile


def test_what_is_said_of_a_signature_never_depends_on_where_it_was_checked(
    checker: Checker, begun: Begun
) -> None:
    claims = [*GOOD, *BAD, *GOOD]
    expected = [True] * 5 + [False] * len(BAD) + [True] * 5
    assert Checker(processors=1).check(claims) == expected
    assert checker.check(claims) == expected
    assert len(begun()) == 1, "the second time it was really handed over"
    assert checker.check(claims[:1]) == [True]
    assert checker.check([]) == []


def test_many_threads_at_once_each_get_their_own_answer(checker: Checker) -> None:
    asked = [(GOOD[:4] + BAD[n % len(BAD) :][:1]) * (1 + n % 3) for n in range(60)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(checker.check, asked))
    assert answers == [[True, True, True, True, False] * (1 + n % 3) for n in range(60)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_second_process_that_fails_costs_no_answer(number: signal.Signals, begun: Begun) -> None:
    checker = Checker(processors=2, patience_s=2)
    assert checker.check(GOOD) == [True] * 5
    (second,) = begun()
    os.kill(second, number)
    assert checker.check([*GOOD, *BAD]) == [True] * 5 + [False] * len(BAD)
    assert checker.check(GOOD) == [True] * 5
    assert begun() == set(), "from now on it is done here"


def test_closing_ends_it_and_nothing_begins_it_again(checker: Checker, begun: Begun) -> None:
    assert all(checker.check(GOOD))
    checker.close()
    assert begun() == set()
    assert all(checker.check(GOOD))
    assert begun() == set()


def test_an_answer_that_comes_in_pieces_is_put_together() -> None:
    # Datagrams, because each is read by itself, however fast they come.
    here, there = socket.socketpair(type=socket.SOCK_DGRAM)
    with here, there:
        for piece in (b"ab", b"c", b"de"):
            there.send(piece)
        here.settimeout(20)  # so that waiting for more than was sent has an end
        assert _exactly(here, 5) == b"abcde"


def test_with_one_processor_there_is_no_second_process(begun: Begun) -> None:
    assert all(Checker(processors=1).check(GOOD))
    assert begun() == set()


_OWNER = """
import time
from sync.judging.checking import Checker
from tests.sync.test_checking import GOOD, second_processes
checker = Checker(processors=2)
assert all(checker.check(GOOD))
print(*second_processes(), flush=True)
time.sleep(60)
"""


def test_it_ends_when_its_owner_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        second = int(owner.stdout.readline())
        owner.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{second}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{second}").exists()
