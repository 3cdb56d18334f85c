"""Changes that other clients made of the pipeline, applied to the proxies here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from async_paraview.operations.data import Delete, Receive, SetTime, Update

from ..model.proxy import OutputPort, Proxy, SourceProxy
from ..scene import Scene

Change = Mapping[str, Any]


class ProxiesTold:
    """Applies operations of the data service, but those of what is shown. Each returns what was changed by it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.methods: dict[str, Callable[[Change, int, int], Sequence[object]]] = {
            Update.op: self._update,
            Delete.op: self._delete,
            SetTime.op: self._set_time,
            Receive.op: self._receive,
        }

    def _update(self, change: Change, by: int, seen: int) -> Sequence[object]:
        changed = [one for state in change["proxies"] if (one := self._update_one(state, seen)) is not None]
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
        for kind, name, value in self._values(state):
            proxy.take_told(kind, name, value, seen)
        return proxy

    def _values(self, state: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        for name in state.get("unset", ()):
            yield "unset", name, None
        for name, value in state.get("properties", {}).items():
            yield "properties", name, value
        for name, told in state.get("inputs", {}).items():
            yield "inputs", name, tuple(port for id_, number in told if (port := self._port(id_, number)) is not None)
        for name, id_ in state.get("objects", {}).items():
            yield "objects", name, None if id_ is None else self._scene.find(id_)

    def _port(self, id_: int, number: int) -> OutputPort | None:
        proxy = self._scene.find(id_)
        return proxy.port(number) if isinstance(proxy, SourceProxy) else None

    def _delete(self, change: Change, by: int, seen: int) -> Sequence[object]:
        gone = [proxy for id_ in change["ids"] if (proxy := self._scene.find(id_)) is not None]
        for proxy in gone:
            self._scene.drop_told(proxy, by)
        return gone

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
