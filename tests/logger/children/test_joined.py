"""Who belongs together: whatever people join and separate, in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from logger.children.joined import Link, cut, link, reached

PEOPLE = st.integers(0, 7)
LINKS = st.frozensets(
    st.tuples(PEOPLE, PEOPLE).filter(lambda pair: pair[0] != pair[1]).map(lambda p: link(*p))
)


@given(LINKS, PEOPLE)
def test_to_belong_together_is_mutual(links: frozenset[Link], one: int) -> None:
    for other in reached(one, links):
        assert reached(other, links) == reached(one, links)


@given(LINKS, PEOPLE, st.frozensets(PEOPLE))
def test_who_is_separated_stands_with_none_of_the_others(
    links: frozenset[Link], one: int, others: frozenset[int]
) -> None:
    left = links - cut(one, others, links)
    assert reached(one, left).isdisjoint(others - {one})


@given(LINKS, PEOPLE, st.frozensets(PEOPLE))
def test_nobody_else_loses_a_link(links: frozenset[Link], one: int, others: frozenset[int]) -> None:
    assert all(one in way for way in cut(one, others, links))


def test_a_join_that_was_wrong_is_undone_by_separating_what_it_joined() -> None:
    mine, yours = {(1, 2)}, {(3, 4)}
    links = mine | yours | {(2, 3)}
    left = links - cut(3, {1, 2}, links)
    assert left == mine | yours
