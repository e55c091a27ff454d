"""States of a phone that several people share."""

from __future__ import annotations

from collections.abc import Iterator

from tests.states.stage import Stage


def shared(stage: Stage) -> Iterator[str]:
    """Somebody is added, takes over, and is asked about."""
    stage.phone()
    stage.tap("#pill")
    stage.sees("#phone-heading")
    stage.tap("#add-person summary")
    yield "adding a person"
    stage.tap("#share [type=submit]")
    stage.sees("#share-problem")
    yield "a person without a name"
    stage.write(share_first="Ama", share_name="Jo")
    stage.tap("#share [type=submit]")
    stage.sees("#people")
    stage.here()
    yield "two people on one phone"
    stage.write(shared="Jo writes.")
    stage.tap("#people-list [aria-pressed=false]")
    stage.sees("#switch-ask")
    yield "asked before switching"
    stage.tap("#switch-no")
    stage.tap("#pill")
    stage.sees("#sharing-list li")
    yield "this phone, two people"
    stage.tap("#sharing-list button")
    stage.sees("#leave-ask")
    yield "asked before a person is removed"
