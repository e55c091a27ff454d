"""What a description promises, held against a door: schemathesis makes what is asked and checks
what is answered, as often as this run has time for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.faults.counts import SEED

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
AS_DESCRIBED, OTHERWISE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
Case = schemathesis.Case


def operations(file: Path) -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """The operations of a description by their names."""
    schema = schemathesis.openapi.from_dict(json.loads(file.read_text()))
    found = (one.ok() for one in schema.get_all_operations())
    return {one.definition.raw["operationId"]: one for one in found}


def asks_anything(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether two requests can differ at all."""
    return bool(operation.definition.raw.keys() & {"parameters", "requestBody"})


def modes(operation: APIOperation[Any, Any, Any, Any]) -> Iterator[GenerationMode]:
    """As described; and otherwise, where anything is asked that could be."""
    yield AS_DESCRIBED
    raw = operation.definition.raw
    asked = (one["schema"] for one in raw.get("parameters", ()) if one["in"] == "path")
    if "requestBody" in raw or any(one["type"] != "string" or "format" in one for one in asked):
        yield OTHERWISE


def tried_on(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    many: int,
    ask: Callable[[Case], Any],
) -> None:
    """Ask so many times; every answer is one of those described."""

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=many,
        database=None,
        deadline=None,
        # Making it smaller takes minutes; the seed gives it again.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        answer = ask(case)
        case.validate_response(answer, checks=CHECKS)

    holds()


def bytes_of(case: Case) -> bytes:
    """What was made, to know it again."""
    parts = (case.operation.label, case.path_parameters, case.query, case.headers, case.body)
    return repr(parts).encode("utf-8", "surrogatepass")
