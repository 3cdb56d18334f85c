"""What is selected of outputs: at most one selection of each, a source as SelectionQuerySource or IDSelectionSource."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import numpy as np

from async_paraview.datasets.id_pairs import distinct
from services_core import suggest

from ..model.property_holder import end_watching
from ..model.proxy import OutputPort, SourceProxy
from ..scene import Scene
from ..views.picking import as_numbers, seen_ids
from ..views.render_view import RenderViewProxy
from ..views.representation import RepresentationProxy
from .frustum import frustum, placement

MODIFIERS: Final[Mapping[str, str]] = {"ADD": "s0 | s1", "SUBTRACT": "s0 & !s1", "TOGGLE": "s0 ^ s1"}
"""How a selection changes the one there was, and the expression of AppendSelections for it."""
KINDS: Final = ("POINTS", "CELLS", "BLOCKS")
_FIELD_TYPES: Final = {"POINTS": "POINT", "CELLS": "CELL", "BLOCKS": "CELL"}


class SelectionManager:
    """The selections of one session; they are of this program, and not in states unless a filter extracts them.

    Methods that are no coroutines are local, as `session.create`.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._of: dict[tuple[int, int], SourceProxy] = {}
        self._watchers: list[Callable[[], None]] = []
        self._extracts: dict[int, SourceProxy] = {}
        """What holds just what is selected, by the number of the selection: `extracted`."""
        self._made: set[int] = set()
        """The numbers of selections that were made here: they go when nothing selects by them any more."""

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after what is selected is otherwise; calling what is returned ends it."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def of(self, output: SourceProxy | OutputPort) -> SourceProxy | None:
        """Return the selection of an output, None if there is none."""
        port = self._scene.own_port(output)
        found = self._of.get((port.proxy.id, port.port))
        return found if found is not None and self._scene.has(found) else None

    def all(self) -> dict[OutputPort, SourceProxy]:
        """Return the selections by output."""
        there = {}
        for (id_, port), selection in self._of.items():
            with suppress(KeyError):  # the output is gone
                if self._scene.has(selection):
                    there[self._scene.output(id_, port)] = selection
        return there

    def select(
        self, output: SourceProxy | OutputPort, selection: SourceProxy, modifier: str | None = None
    ) -> SourceProxy:
        """Select of an output what a source of selections names, and return the selection that it has now.

        `modifier` is "ADD", "SUBTRACT" or "TOGGLE": what was selected is extended by it, reduced, or both; None: it is
        replaced. Raises ValueError for another one, and for what is of another session.
        """
        port = self._scene.own_port(output)
        self._scene.own(selection)
        expression = _expression(modifier)
        before = self.of(port)
        if expression is not None and before is not None:
            selection = self._make("AppendSelections", Input=[before, selection], Expression=expression)
        elif modifier == "SUBTRACT":
            selection = self._make("AppendSelections", Input=[selection, selection], Expression="s0 & !s1")
        self._of[port.proxy.id, port.port] = selection
        self._drop_unused()
        self._tell()
        return selection

    def make(
        self, output: SourceProxy | OutputPort, type_name: str, modifier: str | None = None, **properties: Any
    ) -> SourceProxy:
        """Select of an output by a new source of a type: `make(wavelet, "SelectionQuerySource", QueryString="p > 1")`.

        It goes with the selection. Returns the selection that the output has now. Raises as `session.create` and
        `select`.
        """
        _expression(modifier)
        self._scene.own_port(output)
        return self.select(output, self._make(type_name, **properties), modifier)

    def clear(self, output: SourceProxy | OutputPort) -> None:
        """Select nothing of an output."""
        port = self._scene.own_port(output)
        self._of.pop((port.proxy.id, port.port), None)
        self._drop_unused()
        self._tell()

    def _tell(self) -> None:
        for watcher in list(self._watchers):
            watcher()

    def extract(self, output: SourceProxy | OutputPort) -> SourceProxy:
        """Make a filter ExtractSelection of what is selected now. Raises ValueError if nothing is."""
        selection = self.of(output)
        if selection is None:
            raise ValueError(f"nothing of {output!r} is selected: session.selections.select or make does it")
        return self._scene.create("ExtractSelection", Input=output, Selection=selection)

    def extracted(self, output: SourceProxy | OutputPort) -> SourceProxy | None:
        """Return a source of just what is selected, None if nothing is.

        It is none of a user's pipeline, no step of undo, and goes with the selection: `extract` makes one that stays.
        """
        selection = self.of(output)
        if selection is None:
            return None
        found = self._extracts.get(selection.id)
        if found is None or not self._scene.has(found):
            with self._scene.undo.paused():
                found = self._make("ExtractSelection", Input=output, Selection=selection)
            self._extracts[selection.id] = found
        return found

    async def select_surface(
        self, view: RenderViewProxy, rectangle: Sequence[int], kind: str = "CELLS", modifier: str | None = None
    ) -> list[OutputPort]:
        """Select the points, cells or blocks that are seen in a rectangle x0, y0, x1, y1 of pixels from the top left.

        `kind` is "POINTS", "CELLS" or "BLOCKS". Returns the outputs of which anything is seen there. Raises ValueError,
        and as `view.select_cells`.
        """
        _check_kind(kind)
        _expression(modifier)
        association = "POINTS" if kind == "POINTS" else "CELLS"
        found = await seen_ids(self._scene, view.id, view.ready, list(rectangle), association)
        outputs = []
        for (id_, port), pairs in sorted(found.items(), key=lambda one: one[0]):
            output = self._scene.output(id_, port)
            blocks = distinct(pairs[:, 0]).tolist()
            field = {"FieldType": _FIELD_TYPES[kind]}
            if kind == "BLOCKS" and blocks != [0]:
                self.make(output, "BlockSelectionSource", modifier, Blocks=blocks, **field)
            elif kind == "BLOCKS":  # a single data set is one block
                self.make(output, "SelectionQuerySource", modifier, QueryString="id >= 0", ElementType="Cell Data")
            elif blocks == [0]:
                ids = await as_numbers(pairs)
                self.make(output, "IDSelectionSource", modifier, IDs=ids, **field)
            else:
                ids = await as_numbers(np.insert(pairs, 1, 0, axis=1))
                self.make(output, "CompositeDataIDSelectionSource", modifier, IDs=ids, **field)
            outputs.append(output)
        return outputs

    async def select_through(
        self, view: RenderViewProxy, rectangle: Sequence[int], kind: str = "CELLS", modifier: str | None = None
    ) -> list[OutputPort]:
        """Select all points or cells behind a rectangle of pixels, whether they are seen or not.

        Of everything that is visible in the view; `rectangle` as of `select_surface`. Returns the outputs. Raises
        ValueError, and RemoteError where nothing can be rendered.
        """
        _check_kind(kind, ("POINTS", "CELLS"))
        _expression(modifier)
        properties = await view.properties()
        shown = [one for one in self._scene.all_representations() if one.view is view and _is_visible(one)]
        for one in shown:
            corners = frustum(properties, properties["ViewSize"], rectangle, placement(_look(one)))
            self.make(one.source, "FrustumSelectionSource", modifier, Frustum=corners, FieldType=_FIELD_TYPES[kind])
        return [one.source for one in shown]

    def _make(self, type_name: str, **properties: Any) -> SourceProxy:
        """Make a source that goes with its selection; the active source stays what it was."""
        active = self._scene.proxies.active
        before = active.source
        made = self._scene.create(type_name, **properties)
        self._made.add(made.id)
        active.set_source(before)
        return made

    def is_made(self, proxy: SourceProxy) -> bool:
        """Return whether a proxy was made for a selection: it is none of a user's pipeline."""
        return proxy.id in self._made

    def _drop_unused(self) -> None:
        """Delete what was made for selections that are there no more."""
        used = {one.id for one in self._of.values()}
        kept = {id_: one for id_, one in self._extracts.items() if id_ in used and self._scene.has(one)}
        with self._scene.undo.paused():
            for id_, one in self._extracts.items():
                if id_ not in kept and self._scene.has(one) and not one.users():
                    self._scene.delete(one)
        self._extracts = kept
        used |= {one.id for one in kept.values()}
        there = [one for one in self._scene.proxies.sources() if one.id in self._made]
        self._made = {one.id for one in there}
        for one in sorted(there, key=lambda one: -one.id):  # what was made of others first
            if one.id not in used and not one.users():
                self._scene.delete(one)
                self._made.discard(one.id)


def _expression(modifier: str | None) -> str | None:
    if modifier is None or modifier in MODIFIERS:
        return None if modifier is None else MODIFIERS[modifier]
    near = suggest(str(modifier), MODIFIERS) or list(MODIFIERS)
    raise ValueError(f"a selection is changed by {', '.join(near)} or replaced (None), not by {modifier!r}")


def _check_kind(kind: str, known: Sequence[str] = KINDS) -> None:
    if kind not in known:
        raise ValueError(f"there are {', '.join(known)} to be selected, not {kind!r}")


def _is_visible(shown: RepresentationProxy) -> bool:
    return bool(shown.Visibility)


def _look(shown: RepresentationProxy) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in ("Position", "Origin", "Orientation", "Scale")}
