"""The proxies of a session by name: registration, what is active, the pipeline as a tree, copy and deletion."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Generic, TypeVar
from weakref import WeakSet

from async_paraview.displays import table
from async_paraview.graphs import in_order
from services_core import ServicesError

from ..streams import ProgressStep
from .execution import EXECUTING, FAILED, MODIFIED, UNMODIFIED, Execution
from .maker import Maker
from .owner import Belonging
from .pipeline_tree import PipelineNode, grow
from .property_holder import end_watching
from .proxy import ObjectProxy, Proxy, SourceProxy

UNINITIALIZED: Final = "uninitialized"

V = TypeVar("V", bound=Belonging)
"""The proxies of views."""


@dataclass(slots=True)
class ActiveObjects(Generic[V]):
    """What a user works at: whoever changes it through the methods tells all who watch.

    Sources and views of another session raise ValueError.
    """

    _own: Callable[[Belonging], None] = lambda _: None
    source: SourceProxy | None = None
    view: V | None = None
    selection: tuple[SourceProxy, ...] = ()
    _watchers: list[Callable[[], None]] = field(default_factory=list)

    def set_source(self, source: SourceProxy | None) -> None:
        """Make a source the active one, None: no source is. Raises ValueError if it is of another session."""
        if source is not None:
            self._own(source)
        self.source = source
        if self._watchers:
            self._tell()

    def set_view(self, view: V | None) -> None:
        """Make a view the active one, None: no view is. Raises ValueError if it is of another session."""
        if view is not None:
            self._own(view)
        self.view = view
        self._tell()

    def select(self, *sources: SourceProxy) -> None:
        """Choose several sources; the last of them becomes the active one."""
        for one in sources:
            self._own(one)
        self.selection = sources
        self.set_source(sources[-1] if sources else None)

    def forget(self, proxy: Proxy) -> None:
        """Take a deleted proxy out: it is neither active nor selected any more."""
        if self.source is not proxy and not any(one is proxy for one in self.selection):
            return
        self.selection = tuple(one for one in self.selection if one is not proxy)
        self.source = None if self.source is proxy else self.source
        self._tell()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after every change, on the thread that makes it; what is returned ends that."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def _tell(self) -> None:
        for watcher in list(self._watchers):
            watcher()


class ProxyManager(Generic[V]):
    """Names and relations of the proxies of one session. Every method is local, or fire and forget."""

    def __init__(self, scene: Maker) -> None:
        self.active: ActiveObjects[V] = ActiveObjects(scene.own)
        """The active source and view; a new source, and a new view, become active."""
        self._scene = scene
        self._by_id: dict[int, Proxy] = {}
        self._names: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        self._last_number: dict[str, int] = {}
        self._execution: dict[int, str] = {}
        self._under_way: dict[int, WeakSet[Execution]] = {}
        """Executions by proxy; weakly, since those of a loop that has ended never tell how they went."""
        self._out_of_date: dict[int, int] = {}
        """Of proxies that were executed: the number of the last change that made that useless."""
        self.changes = 0
        """How many changes the server was told of."""
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after a proxy has come or gone, has another name, or is in another state.

        Calling what is returned ends it. States are those of executions: a change that was only made here is told by
        those who watch properties.
        """
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def _tell(self) -> None:
        for watcher in list(self._watchers) if self._watchers else ():
            watcher()

    # --- registration

    def register(self, proxy: Proxy, name: str | None = None, *, activate: bool = True) -> str:
        """Give a proxy a name, which is returned: `name`, else "Sphere1", "Sphere2", ...

        With `activate` a source becomes the active one. Raises ValueError if `name` is taken.
        """
        if name is None:
            name = automatic_name(proxy.type_name, self._ids, self._last_number)
        self._name(proxy, name)
        self._by_id[proxy.id] = proxy
        if activate and isinstance(proxy, SourceProxy):
            self.active.set_source(proxy)
        if self._watchers:
            self._tell()
        return name

    def register_told(self, proxy: Proxy, name: str | None) -> None:
        """Give a proxy that another client has made the name that it has there; automatic if that told none."""
        self._by_id[proxy.id] = proxy
        self.take_name(proxy, name or automatic_name(proxy.type_name, self._ids, self._last_number))
        self._tell()

    def take_name(self, proxy: Proxy, name: str) -> None:
        """Take a name from the server. A proxy that was given it here meanwhile gets another, which is told."""
        other = self._by_id.get(self._ids.get(name, 0))
        if other is not None and other is not proxy:
            self._name(other, automatic_name(other.type_name, self._ids, self._last_number))  # another: `name` is taken
        self._name(proxy, name)
        if other is not None and other is not proxy:
            with suppress(ServicesError):  # a later call tells it
                self._scene.tell_name(other)

    def unregister(self, proxy: Proxy) -> None:
        """Forget a proxy."""
        self._by_id.pop(proxy.id, None)
        self._ids.pop(self._names.pop(proxy.id, ""), None)
        self._execution.pop(proxy.id, None)
        self._under_way.pop(proxy.id, None)
        self._out_of_date.pop(proxy.id, None)
        self.active.forget(proxy)
        self._tell()

    def rename(self, proxy: Proxy, name: str) -> None:
        """Give a proxy another name. Raises ValueError if it is taken, or the proxy is of another session."""
        self._scene.connection.membership.require_editor()
        self._scene.own(proxy)
        self._name(proxy, name)
        self._scene.tell_name(proxy)

    def name_is_free(self, name: str) -> bool:
        """Return whether no proxy has that name."""
        return bool(name) and name not in self._ids

    def name(self, proxy: Proxy) -> str:
        """Return the name of a proxy. Raises KeyError if it was deleted, ValueError if it is of another session."""
        self._scene.check_session(proxy)
        return self._names[proxy.id]

    def name_of(self, id_: int) -> str:
        """Return the name of the proxy with that number; "" if there is none."""
        return self._names.get(id_, "")

    def find_source(self, name: str) -> SourceProxy | None:
        """Return the source, filter, reader or writer of that name; None if there is none."""
        found = self._by_id.get(self._ids.get(name, 0))
        return found if isinstance(found, SourceProxy) else None

    def sources(self) -> tuple[SourceProxy, ...]:
        """Return all sources, filters, readers and writers, in the order of their creation."""
        return tuple(proxy for proxy in self._by_id.values() if isinstance(proxy, SourceProxy))

    def objects(self) -> tuple[ObjectProxy, ...]:
        """Return all objects that properties hold, or could hold."""
        return tuple(proxy for proxy in self._by_id.values() if isinstance(proxy, ObjectProxy))

    def __iter__(self) -> Iterator[Proxy]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    # --- states and relations

    def state(self, proxy: Proxy) -> str:
        """Return "uninitialized", "modified" (here or upstream), "executing", "failed" or "unmodified".

        What counts is executions that were asked for here and, while a ProgressObserver follows, all others. Raises
        ValueError if the proxy is of another session.
        """
        self._scene.check_session(proxy)
        modified = self._scene.anything_modified and any(one.modified for one in proxy.upstream())
        return self._state(proxy, modified)

    def _state(self, proxy: Proxy, modified: bool) -> str:
        execution = self._execution.get(proxy.id, UNINITIALIZED)
        if execution == EXECUTING or self._under_way.get(proxy.id):
            return EXECUTING
        return MODIFIED if modified and execution != UNINITIALIZED else execution

    def began(self, execution: Execution) -> None:
        """Note that an execution is under way. Called by it."""
        id_ = execution.proxy.id
        under_way = self._under_way.get(id_)
        if under_way is None:
            under_way = self._under_way[id_] = WeakSet()
        under_way.add(execution)
        self._execution[id_] = EXECUTING
        self._tell()

    def ended(self, execution: Execution, outcome: str, since: int) -> None:
        """Note how an execution went; called by it.

        `since` is what `changes` was when it began: a change that came later has made its result useless.
        """
        id_ = execution.proxy.id
        under_way = self._under_way.get(id_)
        if under_way is None or execution not in under_way:
            return  # its proxy was deleted meanwhile
        under_way.discard(execution)
        if outcome == UNMODIFIED and self._out_of_date.get(id_, 0) > since:
            outcome = MODIFIED
        self._execution[id_] = outcome
        self._tell()

    def changed(self, proxies: Iterable[Proxy]) -> None:
        """Note that the server was told of changes: what depends on these is out of date. Called by the session."""
        self.changes += 1
        stack = [one for one in proxies if one.id in self._execution or one.users()]
        seen: set[int] = set()
        while stack:
            proxy = stack.pop()
            if proxy.id in seen:
                continue
            seen.add(proxy.id)
            stack += proxy.users()
            if (state := self._execution.get(proxy.id)) is not None:
                self._out_of_date[proxy.id] = self.changes
                if state != EXECUTING:
                    self._execution[proxy.id] = MODIFIED
        self._tell()

    @property
    def anything_executed(self) -> bool:
        """Return whether any execution of this session is known."""
        return bool(self._execution)

    def nothing_executed(self) -> None:
        """Note that the server has begun anew: nothing of its outputs is there. Called after a restart."""
        self._execution.clear()
        self._tell()

    def observe(self, step: ProgressStep) -> None:
        """Take a step of the progress stream into account."""
        if step.proxy in self._by_id:
            state = {"started": EXECUTING, "running": EXECUTING, "finished": UNMODIFIED, "failed": FAILED}
            self._execution[step.proxy] = state.get(step.state, MODIFIED)
            self._tell()

    def tree(self) -> tuple[PipelineNode, ...]:
        """Return the pipeline browser: sources, and below each what takes its output.

        What takes the outputs of several is below each of them, but what takes its own is told in the first place only.
        """
        modified = self._downstream(one for one in self if one.modified) if self._scene.anything_modified else set()
        return grow(self.sources(), self._by_id, self._names, lambda one: self._state(one, one.id in modified))

    def __str__(self) -> str:
        return "\n".join(line for node in self.tree() for line in node.lines())

    def __repr__(self) -> str:
        return f"<proxies: {', '.join(self._names.values()) or 'none yet'}>"

    def _repr_html_(self) -> str:
        nodes = [each for node in self.tree() for each in node.nodes()]
        rows = [("\N{EM SPACE}" * depth + node.name, node.type_name, node.told_state) for node, depth in nodes]
        return table("pipeline", rows, head=("name", "type", "state"))

    def _downstream(self, proxies: Iterable[Proxy]) -> set[int]:
        found: dict[int, Proxy] = {}
        for one in proxies:
            in_order(one, lambda other: other.users(), found)
        return set(found)

    def dependents(self, proxy: Proxy) -> list[Proxy]:
        """Return all that depends on a proxy, the farthest first: in this order they can be deleted.

        Raises ValueError if the proxy is of another session.
        """
        self._scene.check_session(proxy)
        order = in_order(proxy, lambda one: [user for user in one.users() if user.id in self._by_id])
        del order[proxy.id]
        return list(order.values())

    # --- copies

    def copy(self, proxy: SourceProxy, *, name: str | None = None) -> SourceProxy:
        """Make a new proxy with the same properties and inputs. Local.

        Objects that properties hold are copied as well. Raises ValueError if `name` is taken, or the proxy is of
        another session.
        """
        self._scene.own(proxy)
        if name is not None and not self.name_is_free(name):
            raise ValueError(f"the name {name!r} is taken, or none")
        with self._scene.undo.all_or_nothing(f"copy {proxy.type_name}"):
            made = self._scene.create(proxy.type_name)
            self._copy_values(proxy, made, {})
            if name is not None:
                self.rename(made, name)
        return made

    def _copy_values(self, proxy: Proxy, made: Proxy, copies: dict[int, ObjectProxy]) -> None:
        """Set all of `made` as it is in `proxy`; objects that are used several times are copied once."""
        for key, value in proxy.set_values().items():
            if isinstance(value, ObjectProxy):
                if value.id not in copies:
                    copies[value.id] = self._scene.create_object(value.type_name)
                    self._copy_values(value, copies[value.id], copies)
                value = copies[value.id]
            setattr(made, key, value)

    def _name(self, proxy: Proxy, name: str) -> None:
        if not name or self._ids.get(name, proxy.id) != proxy.id:
            raise ValueError(f"the name {name!r} is taken by {self._by_id[self._ids[name]]!r}" if name else "no name")
        id_ = proxy.id
        if id_ in self._names:
            del self._ids[self._names[id_]]
        self._names[id_] = name
        self._ids[name] = id_
        if self._watchers:
            self._tell()


def automatic_name(type_name: str, taken: Container[str], last_numbers: dict[str, int]) -> str:
    """Return a name for a proxy that was given none: "Sphere1", "Sphere2", ...

    The last number that was given is kept in `last_numbers`, by stem.
    """
    stem = type_name.removeprefix("vtk").removesuffix("Source") or type_name
    number = last_numbers.get(stem, 0) + 1
    while (name := f"{stem}{number}") in taken:
        number += 1
    last_numbers[stem] = number
    return name
