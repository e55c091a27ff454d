"""What every room's tests may ask for: a running instance and a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

import hypothesis
import pytest
import structlog
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.phone_in_hand import ARGS, quick_chromium
from tests.running import RunningInstance

pytest_plugins = ("tests.faults.summary",)


class _CompiledOnce(BytecodeCache):
    """Templates compiled once for all the applications that the tests of this process make."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """A bucket's checksum is that of the template's source."""
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Until the process ends."""
        self._compiled[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": _CompiledOnce()}

# How long an example or a page takes says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
expect.set_options(timeout=20_000)
_SLOW = {"browser", "faults"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, the files that take minutes begin first, so that none is left over at the end;
    one after the other, the quick ones do."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _SLOW.isdisjoint(item.path.parts))


@pytest.fixture(autouse=True)
def plain_log() -> None:
    """The command says where it logs to, and may have been run before in this process."""
    structlog.reset_defaults()


@pytest.fixture
def make_instance(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., RunningInstance]]:
    """Makes and serves instances; all are stopped afterwards."""
    made: list[RunningInstance] = []

    def make(*, suite: int = 2, phone_behind: int | None = None) -> RunningInstance:
        folder: Path = tmp_path_factory.mktemp("instance") / "demo"
        made.append(RunningInstance(folder, suite=suite, phone_behind=phone_behind))
        made[-1].start()
        return made[-1]

    yield make
    for instance in made:
        instance.close()


@pytest.fixture
def instance(make_instance: Callable[..., RunningInstance]) -> RunningInstance:
    """One fresh demo instance, served."""
    return make_instance()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium without a profile: the system's own, else the one Playwright brought."""
    browser = playwright.chromium.launch(**quick_chromium(), args=ARGS)
    yield browser
    browser.close()
