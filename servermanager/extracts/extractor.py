"""An extractor, its trigger and its writer, as proxies: nothing of them is told to the server before they write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from async_paraview.scene.extracts.types import EXTRACTOR, IMAGE_WRITERS, TRIGGERS, WRITERS
from async_paraview.scene.types import SceneType

from ..model.property_holder import by_whom
from ..model.proxy import OutputPort
from ..views.scene_proxy import SceneProxy
from ..views.view_proxy import ViewProxy
from .owner import ExtractOwner


class LocalProxy(SceneProxy):
    """A proxy that only this program knows of."""

    __slots__ = ()

    _scene: ExtractOwner

    def update(self, **properties: Any) -> None:
        """Set properties, all of them as one step of undo. Local. Raises AttributeError, TypeError, ValueError."""
        self._own()
        self._change({name: self._plain(name, value) for name, value in properties.items()})

    def _waiting(self) -> Collection[str]:
        return ()

    def _take(self, plain: dict[str, Any]) -> None:
        self._set.update(plain)

    def _forget(self, name: str) -> None:
        self._set.pop(name, None)

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        raise AssertionError(f"{wrong} was not refused")  # `update` does


class ExtractorPart(LocalProxy):
    """What triggers an extractor, or what it writes."""

    __slots__ = ("extractor", "scene_type")

    scene_type: SceneType  # type: ignore[misc]  # each has its own

    def __init__(self, extractor: ExtractorProxy, type_: SceneType) -> None:
        """Stand for a part of an extractor, with nothing set."""
        object.__setattr__(self, "scene_type", type_)
        super().__init__(extractor.scene, extractor.scene.new_id())
        self.extractor = extractor
        """What it belongs to."""

    def _own(self) -> None:
        self.extractor.check_there()


class ExtractorProxy(LocalProxy):
    """Writes an output, or pictures of a view, at times: `Trigger` says when, `Writer` what. Every method is local."""

    __slots__ = ("_triggers", "_writer", "name", "producer")

    scene_type: ClassVar[SceneType] = EXTRACTOR

    def __init__(self, scene: ExtractOwner, name: str, kind: str, producer: OutputPort | ViewProxy) -> None:
        """Make one of a kind of writers. Called by Extractors."""
        super().__init__(scene, scene.new_id())
        self.name = name
        """What it is called."""
        self.producer = producer
        """What it writes."""
        self._writer = ExtractorPart(self, WRITERS[kind])
        self._triggers = {one.name: ExtractorPart(self, one) for one in TRIGGERS.values()}

    @property
    def scene(self) -> ExtractOwner:
        """Return the scene that it belongs to."""
        return self._scene

    @property
    def kind(self) -> str:
        """Return what it writes: "PNG", "VTP", ..."""
        return self._writer.scene_type.name

    @property
    def of_view(self) -> ViewProxy | None:
        """Return the view that it makes pictures of; None if it writes data."""
        return self.producer if isinstance(self.producer, ViewProxy) else None

    @property
    def of_output(self) -> OutputPort | None:
        """Return the output that it writes; None if it makes pictures."""
        return self.producer if isinstance(self.producer, OutputPort) else None

    def is_of(self, thing: Any) -> bool:
        """Return whether it writes what a source gives, one of its outputs, or a view."""
        producer = self.producer
        if isinstance(producer, ViewProxy) or isinstance(thing, ViewProxy):
            return producer is thing
        if isinstance(thing, OutputPort):
            return producer.proxy is thing.proxy and producer.port == thing.port
        return producer.proxy is thing

    def plain_state(self) -> dict[str, Any]:
        """Return it as plain data, for states."""
        producer = self.producer
        view = producer.id if isinstance(producer, ViewProxy) else None
        source = None if isinstance(producer, ViewProxy) else [producer.proxy.id, producer.port]
        return {
            "kind": self.kind,
            "name": self.name,
            "view": view,
            "source": source,
            "properties": self.set_values(),
            "writer": self._writer.set_values(),
            "triggers": {name: values for name, one in self._triggers.items() if (values := one.set_values())},
        }

    def take_state(self, state: Mapping[str, Any]) -> None:
        """Set all as `plain_state` has told it. Raises as `update`."""
        self.update(**state["properties"])
        self._writer.update(**state["writer"])
        for name, values in state["triggers"].items():
            self._triggers[name].update(**values)

    def delete(self) -> None:
        """Have it write nothing any more. Raises ValueError if it was deleted."""
        self._own()
        self.take_out()
        self._scene.undo.done(f"delete {self.name}", self.recreate, self.take_out)

    def take_out(self) -> None:
        """Take it out of the scene. Called when what it writes is deleted, and by undo."""
        self._scene.extractors.take_out(self)

    def recreate(self) -> None:
        """Have it there again. Called by undo."""
        self._scene.extractors.take_in(self)

    def check_there(self) -> None:
        """Raise ValueError if it was deleted."""
        if self not in self._scene.extractors:
            by = f" by {by_whom(self.deleted_by)} of this session" if self.deleted_by else ""
            raise ValueError(f"{self!r} was deleted{by}, or what it writes was")

    def _own(self) -> None:
        self.check_there()

    def _plain(self, name: str, value: Any) -> Any:
        plain = super()._plain(name, value)
        return self.scene_type.by_name[name].check(plain) if name == "Trigger" else plain  # without a blank

    def _read(self, name: str) -> Any:
        parts = {"Writer": self._writer, "Producer": self.producer}
        if name in parts:
            return parts[name]
        value = super()._read(name)
        return self._triggers[value] if name == "Trigger" else value

    def __repr__(self) -> str:
        what = "pictures of" if self.kind in IMAGE_WRITERS else "data of"
        written = self.producer if isinstance(self.producer, ViewProxy) else self.producer.proxy
        return f"<extractor {self.name!r}: {self.kind} {what} {written.type_name} {written.id}>"
