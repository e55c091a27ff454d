"""Who belongs together, by what people confirmed: a graph of links, and what cutting does. Pure.

Promises: joining in any order gives the same children; whoever is separated stands with none of
those they were separated from; a join that was wrong is undone by separating what it joined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

Link = tuple[int, int]


def link(one: int, other: int) -> Link:
    """A link has no direction."""
    return (min(one, other), max(one, other))


def reached(start: int, links: Collection[Link]) -> frozenset[int]:
    """Everybody who is the same child as `start`, `start` among them."""
    beside: dict[int, set[int]] = {}
    for one, other in links:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    found, open_ends = {start}, [start]
    while open_ends:
        fresh = beside.get(open_ends.pop(), set()) - found
        found |= fresh
        open_ends.extend(fresh)
    return frozenset(found)


def cut(one: int, others: Iterable[int], links: Collection[Link]) -> frozenset[Link]:
    """The links that go, so that `one` is none of `others`.

    First its links with them alone, so that whoever it was joined with before stays with it; where
    a way round is left, all of its links.
    """
    apart = frozenset(others) - {one}
    direct = {way for way in links if one in way and apart & set(way)}
    left = [way for way in links if way not in direct]
    if reached(one, left).isdisjoint(apart):
        return frozenset(direct)
    return frozenset(way for way in links if one in way)
