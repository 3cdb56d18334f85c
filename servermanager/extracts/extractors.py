"""The extractors of a session: made, found, and in the order in which they write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from async_paraview.names import unknown_name
from async_paraview.scene.extracts.types import ABSENT_WRITERS, DATA_WRITERS, IMAGE_WRITERS, PREFIX, WRITERS

from ..model.proxy import OutputPort, SourceProxy
from ..model.proxy_manager import automatic_name
from ..views.view_proxy import ViewProxy
from .extractor import ExtractorProxy
from .owner import ExtractOwner

_NO_NAME: Final = re.compile(r'[{}/\\<>:"|?*\x00-\x1f]')
"""What names of files have no place for, or patterns of names another meaning."""


class Extractors:
    """`session.extractors`: what `session.save_extracts` has write. Every method is local."""

    def __init__(self, scene: ExtractOwner) -> None:
        self._scene = scene
        self._known: dict[str, ExtractorProxy] = {}
        self._numbers: dict[str, int] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return what extractors can write: "CSV", "VTP", ..., and of views "PNG" and other pictures."""
        return tuple(WRITERS)

    def create(
        self, kind: str, producer: SourceProxy | OutputPort | ViewProxy, *, name: str | None = None, **properties: Any
    ) -> ExtractorProxy:
        """Have an output written as a kind of files, or pictures made of a view.

        `properties` are those of its writer, such as FileName="cut_{timestep:04d}.vtp", and Enable and Trigger. Raises
        AttributeError, TypeError and ValueError for what is wrong with them, with nothing made; ValueError for a kind
        that there is not, a name that is taken, and what was deleted, or is of another session.
        """
        if kind not in WRITERS:
            hint = ABSENT_WRITERS.get(kind)
            raise ValueError(f"{kind}: {hint}" if hint else unknown_name("kind of extractor", kind, WRITERS))
        if name is not None and (not name or name in self._known):
            raise ValueError(f"the name {name!r} is taken, or none")
        written = self._written(kind, producer)
        label = f"create {kind} extractor"
        with self._scene.undo.all_or_nothing(label):
            made = ExtractorProxy(self._scene, name or automatic_name(kind, self._known, self._numbers), kind, written)
            self.take_in(made)
            self._scene.undo.done(label, made.take_out, made.recreate)
            own = {one: properties.pop(one) for one in list(properties) if one in made.scene_type.by_name}
            usual = WRITERS[kind].by_name["FileName"].default.replace(PREFIX, self.prefix_of(written))
            made.update(**own)
            made.Writer.update(**{"FileName": usual, **properties})
        return made

    def _written(self, kind: str, producer: SourceProxy | OutputPort | ViewProxy) -> OutputPort | ViewProxy:
        if kind in IMAGE_WRITERS and isinstance(producer, ViewProxy):
            self._scene.own(producer)
            return producer
        if kind in DATA_WRITERS and isinstance(producer, (SourceProxy, OutputPort)):
            return self._scene.own_port(producer)
        wanted = "a view" if kind in IMAGE_WRITERS else "a source, filter or reader, or an output of one"
        raise TypeError(f"{kind} extractors write {wanted}, not {producer!r:.60}")

    def prefix_of(self, written: OutputPort | ViewProxy) -> str:
        """Return what names of files begin with: the name of a source, or RenderView1."""
        if isinstance(written, ViewProxy):
            alike = [one for one in self._scene.all_views() if one.kind == written.kind]
            return f"{written.kind}{alike.index(written) + 1}"
        return _NO_NAME.sub("_", self._scene.proxies.name(written.proxy))

    def find(self, name: str) -> ExtractorProxy | None:
        """Return the extractor of that name; None if there is none."""
        return self._known.get(name)

    def of(self, producer: SourceProxy | OutputPort | ViewProxy) -> list[ExtractorProxy]:
        """Return the extractors of a source, of one of its outputs, or of a view."""
        return [one for one in self._known.values() if one.is_of(producer)]

    def take_in(self, extractor: ExtractorProxy) -> None:
        """Take an extractor in; it gets another name if its own is taken. Called by it, and by undo."""
        if extractor.name in self._known:
            extractor.name = automatic_name(extractor.kind, self._known, self._numbers)
        extractor.deleted_by = 0
        self._known[extractor.name] = extractor

    def take_out(self, extractor: ExtractorProxy) -> None:
        """Take an extractor out. Called by it, and by undo."""
        if extractor in self:
            del self._known[extractor.name]

    def make_again(self, state: Mapping[str, Any], producer: OutputPort | ViewProxy) -> ExtractorProxy:
        """Make what the state of one describes, of a producer. Raises as `create`."""
        name = state["name"] if state["name"] not in self._known else None
        made = self.create(state["kind"], producer, name=name)
        made.take_state(state)
        return made

    def __contains__(self, extractor: object) -> bool:
        return isinstance(extractor, ExtractorProxy) and self._known.get(extractor.name) is extractor

    def __iter__(self) -> Iterator[ExtractorProxy]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"<extractors: {', '.join(self._known) or 'none yet'}>"
