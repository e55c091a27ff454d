"""The record door answers as docs/openapi/record-door.json says, whoever asks, whatever comes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from logger.people.person import Role
from tests.contracts import record_door
from tests.contracts.described import operations as rules_of
from tests.contracts.described import text_of
from tests.faults.counts import SEED, SOAK
from tests.inputs.conftest import Tried
from tests.inputs.described import AS_DESCRIBED, Case, bytes_of, modes, operations, tried_on
from tests.inputs.desk import EveryAddress
from tests.logger.test_route_table import ENTRIES

OPERATIONS = operations(record_door.FILE)
_MANY = 60 if SOAK else 2
# One of each role, and somebody who is not signed in.
ROLES = {
    "dana": Role.PRACTITIONER, "sam": Role.SUPERVISOR, "aled": Role.ALTERNATE,
    "carys": Role.ALLEGATIONS_LEAD, "gwen": Role.GOVERNANCE,
    "priya": Role.DATA_PROTECTION_OFFICER, "alex": Role.ADMINISTRATOR, "stranger": None,
}  # fmt: skip
# Whatever chance asks, somebody is shown a page, sent on, and refused.
_EVERYBODYS, _STRANGERS = {200, 303, 403}, {200, 303}
# Whoever asks there is signed out, or somebody else afterwards: nobody who is signed in goes.
_ALONE = {
    "people.sign_out", "people.demo", "people.check_password", "people.check_code",
    "administration.disable", "administration.change",
}  # fmt: skip


class Asking:
    """Somebody's browser, and what it was answered."""

    def __init__(self, door: EveryAddress, person: str, counted: Tried):
        self._door, self._counted, self._role = door, counted, ROLES[person]
        self._client, self._token = door.browsers[person].client, door.tokens[person]
        self._rules = {rule.endpoint: rule for rule in door.every}
        self._chance = random.Random(f"{SEED} {person}")
        self.statuses: set[int] = set()

    def may(self, operation: Any) -> bool:
        """Whether this person is anybody there."""
        roles = operation.definition.raw.get("x-roles")
        return roles is None or self._role in roles

    def ask(self, case: Case) -> Any:
        """What the door says; a form has the token of its page."""
        self._counted(bytes_of(case))
        if isinstance(case.body, dict):
            case.body["csrf_token"] = self._token
        # No description knows what there is: half of the time it is something that there is.
        if case.path_parameters and self._chance.random() < 0.5:
            rule = self._rules[case.operation.definition.raw["operationId"]]
            case.path_parameters.update(self._door.parts(rule, self._chance.choice(ENTRIES)))
        # From somewhere else each time: who tries often from one place has to wait.
        source = "10.7." + ".".join(str(self._chance.randrange(256)) for _ in range(2))
        answer = case.call(
            app=self._door.world.app,
            session=self._client,
            headers={"Accept-Encoding": "identity"},
            environ_overrides={"REMOTE_ADDR": source},
        )
        self.statuses.add(answer.status_code)
        return answer


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> EveryAddress:
    return EveryAddress(tmp_path_factory.mktemp("everywhere"))


@pytest.fixture(scope="module")
def described(everywhere: EveryAddress) -> dict[str, Any]:
    """Of the record as it is; what is asked further down adds to what its lists show, not to what
    its forms ask."""
    return record_door.describe(everywhere)


def test_the_description_is_up_to_date(described: dict[str, Any]) -> None:
    assert record_door.FILE.read_text() == text_of(described), "run: python -m bench.openapi"


def test_each_form_is_described_with_its_token(described: dict[str, Any]) -> None:
    for path, by_method in described["paths"].items():
        if "post" in by_method:
            ((_, body),) = by_method["post"]["requestBody"]["content"].items()
            assert "csrf_token" in body["schema"]["required"], path


def test_what_is_said_to_come_between_is_of_an_address(everywhere: EveryAddress) -> None:
    named = {rule.endpoint for rule, _ in rules_of(everywhere.world.app)}
    assert record_door.named() <= named


@pytest.mark.parametrize("person", ROLES)
def test_whatever_is_asked_the_answer_is_described(
    everywhere: EveryAddress, tried: Callable[[str], Tried], person: str
) -> None:
    print(f"FAULT_SEED={SEED}")
    asking = Asking(everywhere, person, tried(f"described record {person}"))
    for name, operation in OPERATIONS.items():
        if person != "stranger" and name in _ALONE:
            continue
        ways = list(modes(operation)) if asking.may(operation) else [AS_DESCRIBED]
        for mode in ways:
            tried_on(operation, mode, _MANY if asking.may(operation) else 1, asking.ask)
    assert asking.statuses >= (_STRANGERS if person == "stranger" else _EVERYBODYS)
