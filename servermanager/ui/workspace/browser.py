"""The pipeline browser: rows in the order of the tree, with states, and what can be done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from async_paraview.names import words
from async_paraview.records import dataclass

from ...model.pipeline_tree import PipelineNode
from ...model.proxy import SourceProxy
from ...views.representation import RepresentationProxy
from ...views.view_proxy import ViewProxy
from ..naming import type_label
from ..new_views import new_view
from ..owner import WorkSession
from ..progress_observer import ProgressObserver
from ..watchers import Watcher, Watchers

SHOWN: Final = "shown"
HIDDEN: Final = "hidden"
ABSENT: Final = ""
"""It has no representation in the active view: showing it makes one."""
EXECUTING: Final = "executing"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One row. `state` is "uninitialized", "modified", "executing", "unmodified" or "failed"."""

    id: int
    name: str
    type_name: str
    type_label: str
    """What the type is called: "Plot Over Line"."""
    depth: int
    """How far it is indented: 0 of what takes no output."""
    state: str
    fraction: float | None
    """How far its execution is, 0 to 1; None where that is not known, or it does not execute."""
    unresponsive: bool
    """Whether it executes, and the algorithm has said nothing for a while; it is not dead."""
    message: str
    """Why it failed, or what it warns of; "": nothing."""
    visibility: str
    """ "shown" or "hidden" in the active view, "": it has nothing there yet."""
    active: bool
    selected: bool
    repeated: bool
    """It takes the outputs of several, and stands elsewhere with what takes its own."""


class PipelineBrowser:
    """Rows of what there is, and actions that return at once. It tells who watches it, once in a turn of the loop."""

    def __init__(self, session: WorkSession, progress: ProgressObserver) -> None:
        """Show a session, in the loop that runs; `progress` is followed by whoever makes this."""
        self._session = session
        self._progress = progress
        self._messages: dict[int, str] = {}
        self._watchers = Watchers()
        self._representations: dict[int, tuple[RepresentationProxy, Callable[[], None]]] = {}
        tell = self._watchers.tell
        self._endings = [
            session.proxies.active.watch(tell),
            session.proxies.watch(tell),
            session.undo.watch(tell),
            session.watch_proxies(lambda *_: tell()),
            session.on_change(lambda _: tell()),
            self._watchers.add(self._watch_representations),
        ]
        self._watch_representations()

    # --- what is seen

    @property
    def rows(self) -> tuple[BrowserRow, ...]:
        """Return the rows as things are now. Local."""
        visible = self._visibilities()
        return tuple(
            self._row(node, depth, visible) for root in self._session.proxies.tree() for node, depth in _flat(root)
        )

    def row(self, proxy: int) -> BrowserRow:
        """Return the row of a proxy, by its number. Raises KeyError if there is none."""
        for one in self.rows:
            if one.id == proxy:
                return one
        raise KeyError(f"no source has the number {proxy}; it was deleted, or never was")

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when rows may be others than before; calling what is returned ends it."""
        return self._watchers.add(watcher)

    def tell(self) -> None:
        """Have those who watch told that rows may be others."""
        self._watchers.tell()

    def note(self, proxy: int, text: str) -> None:
        """Have a row say why it failed, or what it warns of; "" takes that back."""
        if text:
            self._messages[proxy] = text
        else:
            self._messages.pop(proxy, None)
        self._watchers.tell()

    def close(self) -> None:
        """Watch the session no more."""
        for end in self._endings:
            end()
        for _, end in self._representations.values():
            end()
        self._representations.clear()
        self._watchers.clear()

    # --- what is done

    def find(self, proxy: int) -> SourceProxy:
        """Return a source by its number. Raises KeyError if there is none."""
        for one in self._session.proxies.sources():
            if one.id == proxy:
                return one
        raise KeyError(f"no source has the number {proxy}; it was deleted, or never was")

    def activate(self, proxy: int | None) -> None:
        """Make a source the active one; None: no source is."""
        self._session.proxies.active.set_source(None if proxy is None else self.find(proxy))

    def select(self, *proxies: int) -> None:
        """Choose several sources; the last becomes the active one."""
        self._session.proxies.active.select(*map(self.find, proxies))

    def set_visible(self, proxy: int, visible: bool) -> None:
        """Show or hide a source in the active view, which is made if there is none. One step of undo."""
        source = self.find(proxy)
        shown = self.representations(source)
        with self._session.undo.group(f"{'show' if visible else 'hide'} {self._session.proxies.name(source)}"):
            for one in shown:
                one.update(Visibility=visible)
            if visible and not shown:
                self._session.scene.show(source, self._view())

    def copy(self, proxy: int) -> SourceProxy:
        """Make another source with the same properties and inputs; it is shown where this one is. One step of undo."""
        source = self.find(proxy)
        with self._session.undo.group(f"copy {self._session.proxies.name(source)}"):
            made = self._session.proxies.copy(source)
            if any(one.Visibility for one in self.representations(source)):
                self._session.scene.show(made, self._view())
        return made

    def rename(self, proxy: int, name: str) -> None:
        """Give a source another name. Raises ValueError if that is taken, or empty."""
        self._session.proxies.rename(self.find(proxy), name.strip())

    def delete(self, *proxies: int, dependents: bool = False) -> None:
        """Delete sources, with all that depends on them if `dependents`. One step of undo.

        If the active source is among them, what it was made of becomes active. Raises ValueError, naming what depends
        on them, with nothing deleted.
        """
        going = [self.find(one) for one in proxies]
        if not dependents:
            self._raise_used(going)
        active = self._session.proxies.active
        above = (
            [] if active.source is None else [one for one in active.source.upstream() if isinstance(one, SourceProxy)]
        )
        with self._session.undo.all_or_nothing(f"delete {', '.join(map(self._session.proxies.name, going))}"):
            for one in reversed(self._in_order(going)):
                if self._session.scene.has(one):
                    self._session.delete(one, dependents=dependents)
        if active.source is None:
            active.set_source(next((one for one in reversed(above) if self._session.scene.has(one)), None))

    def dependents(self, *proxies: int) -> tuple[str, ...]:
        """Return the names of what depends on sources, but for these: what deleting them would take along."""
        going = [self.find(one) for one in proxies]
        return tuple(self._session.proxies.name(one) for one in self._users_beside(going))

    def representations(self, source: SourceProxy, view: ViewProxy | None = None) -> list[RepresentationProxy]:
        """Return what shows the outputs of a source in a view, else in the active one."""
        view = self.view if view is None else view
        return [
            one for one in self._session.scene.all_representations() if one.view is view and one.source.proxy is source
        ]

    @property
    def view(self) -> ViewProxy | None:
        """Return the view in which rows say whether they are shown: the active one, else the first that there is.

        A program that has joined a session has no active view until it chooses one. None: there is none.
        """
        active = self._session.proxies.active.view
        return active if active is not None else next(iter(self._session.scene.all_views()), None)

    # --- inside

    def _row(self, node: PipelineNode, depth: int, visible: dict[int, str]) -> BrowserRow:
        activity = self._progress.activity(node.id)
        active = self._session.proxies.active
        executes = node.state == EXECUTING
        return BrowserRow(
            id=node.id,
            name=node.name,
            type_name=node.type_name,
            type_label=self._label(node),
            depth=depth,
            state=node.state,
            fraction=activity.fraction if activity is not None and executes else None,
            unresponsive=activity is not None and executes and activity.unresponsive,
            message="" if executes else self._messages.get(node.id, ""),
            visibility=visible.get(node.id, ABSENT),
            active=active.source is not None and active.source.id == node.id,
            selected=any(one.id == node.id for one in active.selection),
            repeated=node.repeated,
        )

    def _label(self, node: PipelineNode) -> str:
        proxy = self._session.proxies.find_source(node.name)
        return words(node.type_name) if proxy is None else type_label(proxy)

    def _visibilities(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for one in self._session.scene.all_representations():
            if one.view is self.view:
                is_shown = one.Visibility or found.get(one.source.proxy.id) == SHOWN
                found[one.source.proxy.id] = SHOWN if is_shown else HIDDEN
        return found

    def _view(self) -> ViewProxy:
        view = self.view
        return view if view is not None else new_view(self._session.scene)

    def _users_beside(self, going: list[SourceProxy]) -> list[SourceProxy]:
        manager = self._session.proxies
        users = {user.id: user for one in going for user in manager.dependents(one) if isinstance(user, SourceProxy)}
        return [one for one in users.values() if one not in going]

    def _raise_used(self, going: list[SourceProxy]) -> None:
        manager = self._session.proxies
        if users := self._users_beside(going):
            names = ", ".join(manager.name(one) for one in users)
            those = ", ".join(manager.name(one) for one in going)
            raise ValueError(f"{those} cannot be deleted: {names} depend on it; delete those as well")

    def _in_order(self, going: list[SourceProxy]) -> list[SourceProxy]:
        """Return sources so that what depends on others comes later."""
        depth = {node.id: at for at, (node, _) in enumerate(self._nodes())}
        return sorted(going, key=lambda one: depth.get(one.id, 0))

    def _nodes(self) -> Iterator[tuple[PipelineNode, int]]:
        for root in self._session.proxies.tree():
            yield from _flat(root)

    def _watch_representations(self) -> None:
        """Watch what shows something now, and forget what is there no more. Those who come later are watched then."""
        now = {id(one): one for one in self._session.scene.all_representations()}
        for key in [key for key in self._representations if key not in now]:
            self._representations.pop(key)[1]()
        for key, one in now.items():
            if key not in self._representations:
                self._representations[key] = one, one.watch(lambda *_: self._watchers.tell())
        for gone in self._messages.keys() - {one.id for one in self._session.proxies.sources()}:
            del self._messages[gone]


def _flat(root: PipelineNode) -> Iterator[tuple[PipelineNode, int]]:
    """Yield a tree's nodes in the order of its lines, with their depths. Without recursion: chains may be long."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack += [(one, depth + 1) for one in reversed(node.dependents)]
