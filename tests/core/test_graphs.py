"""Walking through pipelines: each after what it depends on, whatever branches join again."""

from __future__ import annotations

from dataclasses import dataclass, field

from async_paraview.graphs import in_order


@dataclass
class Node:
    id: int
    sources: list[Node] = field(default_factory=list)


def walked(start: Node, found: dict[int, Node] | None = None) -> list[int]:
    return list(in_order(start, lambda one: one.sources, found))


def test_sources_come_first_each_once_and_in_their_order() -> None:
    first, second = Node(1), Node(2)
    left, right = Node(3, [first, second]), Node(4, [second])
    assert walked(Node(5, [left, right])) == [1, 2, 3, 4, 5]


def test_what_was_found_before_is_not_walked_through_again() -> None:
    first = Node(1)
    found = {1: first}
    assert walked(Node(3, [Node(2, [first]), first]), found) == [1, 2, 3]
    assert list(found) == [1, 2, 3]


def test_chains_may_be_longer_than_the_stack_of_python() -> None:
    last = Node(0)
    for number in range(1, 20_000):
        last = Node(number, [last])
    assert walked(last) == list(range(20_000))
