"""Every state that the desk can show, as walks: used to inspect, to audit and to photograph each.

A walk takes the stage and yields the name of a state whenever that stands on the screen. To add a
state, go there in the walk that comes nearest and `yield` its name. An address that shows a page
and that no walk ever goes to fails tests/browser/test_every_desk_state.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.desk_states.entries import added_later, documenting, handed_in, other_entries
from tests.desk_states.keeping import (
    account,
    advice,
    directory,
    law,
    people,
    set_aside,
    signing_in,
)
from tests.desk_states.lists import lists
from tests.desk_states.reviewing import children, deciding, going_wrong, standing_in
from tests.desk_states.stage import DeskStage

Walk = Callable[[DeskStage], Iterator[str]]

# The first begins with nothing there.
WALKS: tuple[Walk, ...] = (
    lists,
    documenting,
    other_entries,
    handed_in,
    added_later,
    deciding,
    going_wrong,
    standing_in,
    children,
    signing_in,
    account,
    people,
    law,
    directory,
    advice,
    set_aside,
)
