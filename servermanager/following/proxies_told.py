"""Changes that other clients made of the pipeline, applied to the proxies here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from async_paraview.operations.data import Delete, Receive, SetTime, Update

from ..model.property_holder import SOMEBODY
from ..model.proxy import OutputPort, Proxy, SourceProxy
from ..scene import Scene
from .inventory import Inventory

Change = Mapping[str, Any]


class ProxiesTold:
    """Applies operations of the data service, but those of what is shown. Each returns what was changed by it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._circles: dict[tuple[int, str], tuple[str, Any, int]] = {}
        """What was told of proxies by name, and would have them depend on themselves by what is connected here yet."""
        self.methods: dict[str, Callable[[Change, int, int], Sequence[object]]] = {
            Update.op: self._update,
            Delete.op: self._delete,
            SetTime.op: self._set_time,
            Receive.op: self._receive,
        }

    def begin_anew(self) -> None:
        """Forget what was kept: all is told again."""
        self._circles.clear()

    def keep_only(self, there: Inventory) -> list[Proxy]:
        """Forget and set back what the service has not; returns what was changed by it. Users come before sources."""
        absent = [one for one in self._scene.proxies if one.id not in there.proxies]
        gone = [one for one in reversed(absent) if not one.standing.was_made_after(there.number)]
        for proxy in gone:
            self._scene.drop_told(proxy, SOMEBODY)
        changed = [*gone, *self._set_back(there), *self._without_circles()]
        if not there.has_time:
            self._scene.take_time(None, there.number)
        self._out_of_date(changed)
        return changed

    def _set_back(self, there: Inventory) -> list[Proxy]:
        changed = []
        for id_, (names, seen) in there.proxies.items():
            proxy = self._scene.find(id_)
            absent = [] if proxy is None else [name for name in proxy.set_names() if name not in names]
            if proxy is not None and any([proxy.set_back_told(name, seen) for name in absent]):
                changed.append(proxy)
        return changed

    def _update(self, change: Change, by: int, seen: int) -> Sequence[object]:
        changed = [one for state in change["proxies"] if (one := self._update_one(state, seen)) is not None]
        changed += self._without_circles()
        self._out_of_date(changed)
        return changed

    def _update_one(self, state: Mapping[str, Any], seen: int) -> Proxy | None:
        scene, id_ = self._scene, state["id"]
        proxy = scene.find(id_)
        if scene.changes.was_deleted(id_, seen):
            return None  # here, later than this; it may have been made again since
        if proxy is None:
            if "type" not in state:
                return None
            proxy = scene.take_in_told(id_, state["type"], state.get("name"), seen)
        elif state.get("name"):
            scene.take_name_told(proxy, state["name"], seen)
        for kind, name, value in _values(state):
            self._take(proxy, kind, name, value, seen)
        return proxy

    def _take(self, proxy: Proxy, kind: str, name: str, value: Any, seen: int) -> bool:
        """Take a value, or keep it until it makes no circle any more; returns whether it is not kept."""
        self._circles.pop((proxy.id, name), None)
        if taken := proxy.take_told(kind, name, self._here(kind, value), seen):
            return taken
        self._circles[proxy.id, name] = kind, value, seen
        return False

    def _without_circles(self) -> list[Proxy]:
        """Take what was kept, as far as it makes no circle any more; returns what was changed by it."""
        changed: list[Proxy] = []
        kept_before = len(self._circles) + 1
        while 0 < len(self._circles) < kept_before:  # one may open the circle of another
            kept_before = len(self._circles)
            for (id_, name), (kind, value, seen) in list(self._circles.items()):
                proxy = self._scene.find(id_)
                if proxy is None:
                    del self._circles[id_, name]
                elif self._take(proxy, kind, name, value, seen):
                    changed.append(proxy)
        return changed

    def _here(self, kind: str, value: Any) -> Any:
        """Return a value as proxies hold it."""
        if kind == "inputs":
            return tuple(port for id_, number in value if (port := self._port(id_, number)) is not None)
        if kind == "objects" and value is not None:
            return self._scene.find(value)
        return value

    def _port(self, id_: int, number: int) -> OutputPort | None:
        proxy = self._scene.find(id_)
        return proxy.port(number) if isinstance(proxy, SourceProxy) else None

    def _delete(self, change: Change, by: int, seen: int) -> Sequence[object]:
        found = [proxy for id_ in change["ids"] if (proxy := self._scene.find(id_)) is not None]
        # what was made later was deleted before, and is there again
        gone = [proxy for proxy in found if not proxy.standing.was_made_after(seen)]
        for proxy in gone:
            self._scene.drop_told(proxy, by)
        self._out_of_date(opened := self._without_circles())
        return [*gone, *opened]

    def _set_time(self, change: Change, by: int, seen: int) -> Sequence[object]:
        self._scene.take_time(change.get("time"), seen)
        return ()

    def _receive(self, change: Change, by: int, seen: int) -> Sequence[object]:
        proxy = self._scene.find(change["id"])
        changed = [] if proxy is None else [proxy]
        self._out_of_date(changed)
        return changed

    def _out_of_date(self, changed: Sequence[Proxy]) -> None:
        if changed and self._scene.proxies.anything_executed:
            self._scene.proxies.changed(changed)


def _values(state: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Return what is told of a proxy, as it travels: the kind, the name, the value."""
    for name in state.get("unset", ()):
        yield "unset", name, None
    for kind in ("properties", "inputs", "objects"):
        for name, value in state.get(kind, {}).items():
            yield kind, name, value
