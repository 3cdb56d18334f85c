"""The render service's share of a session with several clients: views as they were asked for, and who is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from async_paraview.operations import Operation
from async_paraview.operations.render import (
    DeleteRepresentation,
    DeleteShared,
    DeleteView,
    ResetCamera,
    UpdateColorMap,
    UpdateRepresentation,
    UpdateShared,
    UpdateView,
)
from async_paraview.scene.views import CAMERA_PROPERTIES
from services_core import IncomingCall

from ..followers import Shared, Told, is_shared
from .shared_things import InvalidShared

Seen = Callable[[int], tuple[Mapping[str, Any], str] | None]
"""Returns a view's properties as they are seen, and what its camera is; None if it cannot be seen."""

PLACED: Final = "placed"

Update = TypeVar("Update", UpdateView, UpdateRepresentation, UpdateColorMap, UpdateShared)
Counted = UpdateView | UpdateRepresentation | UpdateColorMap | UpdateShared

MOST_THINGS: Final = 10_000
"""A session has so many layouts and tracks at most."""
MOST_GONE: Final = 4096
"""Of so many shared things that were deleted it is known that they were."""


class SharedViews(Shared):
    """Keeps and tells what clients change, where others can join."""

    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self._seen = seen
        self._views: dict[int, UpdateView] = {}
        self._shown: dict[int, UpdateRepresentation] = {}
        self._color_maps: dict[tuple[str, str], UpdateColorMap] = {}
        self._things: dict[tuple[str, str], UpdateShared] = {}
        self._gone: dict[tuple[str, str], None] = {}
        self._resets: dict[int, ResetCamera] = {}

    # --- who is told

    # --- what is told

    def is_overtaken(self, incoming: IncomingCall, update: Counted) -> bool:
        """Return whether its client has told something newer of the same already: then it is not made."""
        return self._followers.is_overtaken(incoming, update.number, _counted_by(update))

    def view_updated(self, incoming: IncomingCall, update: UpdateView) -> None:
        """Take what was asked of a view, also what was refused."""

        def take() -> None:
            before = self._views.get(update.view, update)
            self._views[update.view] = _merged(before, update)
            if "CameraPosition" in update.properties:
                self._resets.pop(update.view, None)

        self._take(incoming, update, _view(update.view), take, update.number)

    def representation_updated(self, incoming: IncomingCall, update: UpdateRepresentation) -> None:
        """Take what was asked of what is shown, also what was refused."""
        id_ = update.representation

        def take() -> None:
            before = self._shown.get(id_, update)
            self._shown[id_] = _merged(before, update)

        self._take(incoming, update, _representation(id_), take, update.number)

    def color_map_updated(self, incoming: IncomingCall, update: UpdateColorMap) -> None:
        """Take what was asked of a color map, also what was refused."""
        key = update.kind, update.name

        def take() -> None:
            self._color_maps[key] = _merged(self._color_maps.get(key, update), update)

        self._take(incoming, update, _counted_by(update), take, update.number)

    def shared_updated(self, incoming: IncomingCall, update: UpdateShared) -> None:
        """Take what was set of a shared thing; who sets something of a deleted one is told that it is gone.

        Raises InvalidShared if there are too many.
        """
        key = update.kind, update.name
        if key not in self._things and len(self._things) >= MOST_THINGS:
            raise InvalidShared(f"a session has at most {MOST_THINGS} layouts and tracks: delete some")
        if key in self._gone:
            if is_shared(incoming):
                self._followers.tell_itself(incoming, DeleteShared(kind=update.kind, name=update.name).header())
            return

        def take() -> None:
            self._things[key] = _merged(self._things.get(key, update), update)

        self._take(incoming, update, _counted_by(update), take, update.number)

    def shared_deleted(self, incoming: IncomingCall, delete: DeleteShared) -> None:
        """Take the end of a shared thing: its name is not used again."""
        key = delete.kind, delete.name

        def take() -> None:
            self._things.pop(key, None)
            self._gone[key] = None
            if len(self._gone) > MOST_GONE:
                del self._gone[next(iter(self._gone))]

        self._take(incoming, delete, ("shared", *key), take)
        self._ended(incoming, ("shared", *key))

    def view_deleted(self, incoming: IncomingCall, delete: DeleteView) -> None:
        """Take the end of a view, and of what it shows."""

        def take() -> None:
            self._views.pop(delete.view, None)
            self._resets.pop(delete.view, None)
            self._shown = {id_: one for id_, one in self._shown.items() if one.view != delete.view}

        shown = [id_ for id_, one in self._shown.items() if one.view == delete.view]
        self._take(incoming, delete, _view(delete.view), take)
        self._ended(incoming, _view(delete.view), *map(_representation, shown))

    def representation_deleted(self, incoming: IncomingCall, delete: DeleteRepresentation) -> None:
        """Take that something is shown no more."""
        id_ = delete.representation
        self._take(incoming, delete, _representation(id_), lambda: self._shown.pop(id_, None))
        self._ended(incoming, _representation(id_))

    def camera_reset(self, incoming: IncomingCall, reset: ResetCamera) -> None:
        """Take that a camera is to be fitted to what is visible."""

        def take() -> None:
            self._resets[reset.view] = reset

        self._take(incoming, reset, _view(reset.view), take)

    def camera_moved(self, incoming: IncomingCall, view: int) -> None:
        """Tell where the camera of a view is now."""
        if is_shared(incoming) and view in self._views and self._followers.others(incoming):
            camera = self._camera(view)
            if camera is not None:
                update = UpdateView(view=view, kind=self._views[view].kind, properties=camera)
                self._followers.tell(incoming, update, _view(view))

    def gone(self, incoming: IncomingCall, view: int, representation: int | None = None) -> None:
        """Tell a client that what it speaks of was deleted: it may have told a new worker what it knew."""
        if is_shared(incoming):
            delete = (
                DeleteView(view=view) if representation is None else DeleteRepresentation(representation=representation)
            )
            self._followers.tell_itself(incoming, delete.header())

    # --- inside

    def _take(
        self,
        incoming: IncomingCall,
        change: Operation,
        of: Hashable,
        take: Callable[[], object],
        number: int = 0,
    ) -> None:
        if is_shared(incoming):
            self._followers.record(incoming, number, of, take)
            self._followers.tell(incoming, change, of)

    def _ended(self, incoming: IncomingCall, *ended: Hashable) -> None:
        if is_shared(incoming):
            for of in ended:
                self._followers.ended(of)

    def _snapshot(self) -> Iterator[tuple[Told, Hashable]]:
        cameras = {id_: self._camera(id_) for id_ in self._views}
        maps = [(one.header(), _counted_by(one)) for one in self._color_maps.values()]
        rest = _operations(list(self._views.values()), list(self._shown.values()), cameras, dict(self._resets))
        things = [(one.header(), _counted_by(one)) for one in self._things.values()]
        return itertools.chain(maps, rest, things)

    def _camera(self, view: int) -> dict[str, Any] | None:
        """Return the properties of a camera that stays where it is; None of any other."""
        seen = self._seen(view)
        if seen is None or seen[1] != PLACED:
            return None
        return {name: seen[0][name] for name in CAMERA_PROPERTIES if name in seen[0]}


def _operations(
    views: Sequence[UpdateView],
    shown: Sequence[UpdateRepresentation],
    cameras: Mapping[int, dict[str, Any] | None],
    resets: Mapping[int, ResetCamera],
) -> Iterator[tuple[Told, Hashable]]:
    for view in views:
        camera, reset = cameras[view.view], resets.get(view.view)
        if camera is None and reset is not None:
            properties = {name: value for name, value in view.properties.items() if name not in CAMERA_PROPERTIES}
        else:
            properties = {**view.properties, **(camera or {})}
        yield replace(view, properties=properties).header(), _view(view.view)
        if camera is None and reset is not None:
            yield reset.header(), _view(view.view)
    for representation in shown:
        yield representation.header(), _representation(representation.representation)


def _merged(before: Update, update: Update) -> Update:
    return replace(before, properties={**before.properties, **update.properties}, number=0)


def _counted_by(update: Counted) -> Hashable:
    """Return what the numbers of updates are counted by."""
    if isinstance(update, UpdateShared):
        return "shared", update.kind, update.name
    if isinstance(update, UpdateColorMap):
        return "color map", update.kind, update.name
    return _view(update.view) if isinstance(update, UpdateView) else _representation(update.representation)


def _view(id_: int) -> tuple[str, int]:
    """Return what the numbers of a view are counted by."""
    return "view", id_


def _representation(id_: int) -> tuple[str, int]:
    """Return what the numbers of what is shown are counted by."""
    return "representation", id_
