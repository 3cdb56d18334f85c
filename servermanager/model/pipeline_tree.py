"""The pipeline browser as a tree: every proxy once with what takes its output, whatever branches join again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from async_paraview.records import dataclass

from .proxy import Proxy, SourceProxy


@dataclass(frozen=True, slots=True)
class PipelineNode:
    """One line of the pipeline browser: a source, its state, and what takes its output.

    `state` is that of ProxyManager.state. `repeated`: it takes the outputs of several, and stands elsewhere in the tree
    with its own dependents.
    """

    name: str
    id: int
    type_name: str
    state: str
    dependents: tuple[PipelineNode, ...] = field(default=(), repr=False)
    repeated: bool = False

    def nodes(self, depth: int = 0) -> Iterator[tuple[PipelineNode, int]]:
        """Yield it and all that is below it, each with its depth, in the order of the lines of a browser."""
        stack = [(self, depth)]
        while stack:
            node, indent = stack.pop()
            yield node, indent
            stack += [(one, indent + 1) for one in reversed(node.dependents)]

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the tree as text, a line for each node, indented by its depth."""
        for node, indent in self.nodes(depth):
            yield f"{'  ' * indent}{node.name} ({node.type_name}): {node.told_state}"

    @property
    def told_state(self) -> str:
        """Return its state, as it is told to people."""
        return f"{self.state} (see above)" if self.repeated else self.state


def grow(
    sources: Sequence[SourceProxy], known: Mapping[int, Proxy], names: Mapping[int, str], state: Callable[[Proxy], str]
) -> tuple[PipelineNode, ...]:
    """Return the trees of those sources that take no output. Without recursion: chains may be long.

    In the order of numbers, which is the same for all clients of a session: each learns of proxies in another order.
    """
    sources = _by_number(sources)
    below = {
        one.id: _by_number(user for user in one.users() if isinstance(user, SourceProxy) and user.id in known)
        for one in sources
    }
    roots = [one for one in sources if not any(isinstance(source, SourceProxy) for source in one.sources())]
    nodes: dict[int, PipelineNode] = {}
    first: set[tuple[int, int]] = set()
    """Which edge leads to the place where a proxy stands with its dependents."""
    order: list[SourceProxy] = []
    seen: set[int] = set()
    stack: list[tuple[int, SourceProxy]] = [(0, one) for one in reversed(roots)]
    while stack:
        above, one = stack.pop()
        if one.id not in seen:
            seen.add(one.id)
            first.add((above, one.id))
            order.append(one)
            stack += [(one.id, user) for user in reversed(below[one.id])]
    for one in reversed(order):  # in the tree, what is below comes later in the order
        dependents = tuple(
            nodes[user.id]
            if (one.id, user.id) in first
            else PipelineNode(names[user.id], user.id, user.type_name, state(user), repeated=bool(below[user.id]))
            for user in below[one.id]
        )
        nodes[one.id] = PipelineNode(names[one.id], one.id, one.type_name, state(one), dependents)
    return tuple(nodes[one.id] for one in roots)


def _by_number(proxies: Iterable[SourceProxy]) -> list[SourceProxy]:
    return sorted(proxies, key=lambda one: one.id)
