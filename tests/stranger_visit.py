"""What a stranger needs to stand before a running phone door: its address and an enrolment code."""

import json
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.running import RunningInstance
from tests.stranger_client import Door, Phone


@pytest.fixture(scope="session", params=[2, 1], ids=["suite-2", "suite-1"])
def suite(request: pytest.FixtureRequest) -> int:
    """The HPKE suite of the record key; every test of the stranger runs with both."""
    number: int = request.param
    return number


@pytest.fixture(scope="session")
def stranger_door(suite: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    running = RunningInstance(tmp_path_factory.mktemp("stranger") / "demo", suite=suite)
    try:
        running.start()
        yield Door(running.phone_url)
    finally:
        running.close()


@pytest.fixture
def demo_code(stranger_door: Door) -> Callable[[], str]:
    """Gives a fresh single-use code for the demo practitioner."""

    def give() -> str:
        address = stranger_door.address
        url = f"http://127.0.0.1:{address.port}/demo/code"
        asked = urllib.request.Request(url, b"", {"Host": address.netloc})
        with urllib.request.urlopen(asked, timeout=30) as reply:
            code: str = json.load(reply)["code"]
            return code

    return give


@pytest.fixture
def new_phone(stranger_door: Door) -> Callable[[], Phone]:
    """Gives a phone with a fresh key that nobody has enrolled."""
    return lambda: Phone(stranger_door)


@pytest.fixture
def phone(new_phone: Callable[[], Phone], demo_code: Callable[[], str]) -> Phone:
    """Gives a phone that is enrolled for the demo practitioner."""
    made = new_phone()
    made.enrol(demo_code())
    return made
