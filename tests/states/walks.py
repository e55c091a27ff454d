"""Every state that the phone can show, as walks: used to audit each and to photograph each.

A walk takes a fresh phone from the stage and yields the name of a state whenever the phone stands
in it. To add a state, bring the phone there in the walk that comes nearest and `yield` its name;
what nobody else's walk comes near gets a walk of its own, in the list below. A part of the page
that begins hidden and that no walk ever shows fails tests/browser/test_every_state.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.states.behind import calling, reading, unfinished
from tests.states.capturing import after_saving, before_the_first_contact, the_form, the_list
from tests.states.phone import cannot, this_phone, told
from tests.states.shared import shared
from tests.states.stage import Stage

Walk = Callable[[Stage], Iterator[str]]

WALKS: tuple[Walk, ...] = (
    before_the_first_contact,
    the_form,
    after_saving,
    the_list,
    unfinished,
    reading,
    calling,
    this_phone,
    told,
    cannot,
    shared,
)
