"""Changes that other clients made of views and of what they show, applied to those here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from async_paraview.operations import data, render

from ..model.property_holder import SOMEBODY
from ..model.proxy import SourceProxy
from ..scene import Scene
from ..views.render_view import RenderViewProxy
from ..views.representation import RESOLVED, RepresentationProxy
from .inventory import Inventory

Change = Mapping[str, Any]

BY_THE_SERVER: Final = 0


class ViewsTold:
    """Applies what both services tell of what is shown. Each method returns what was changed by it.

    The two tell of the two halves of a representation, in either order: it is made when both, its source and its view
    are known.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._sources: dict[int, Change] = {}
        """Data halves of what is not made yet."""
        self._looks: dict[int, dict[str, Any]] = {}
        """Render halves of what is not made yet."""
        self.methods: dict[str, Callable[[Change, int, int], Sequence[object]]] = {
            data.CreateRepresentation.op: self._show,
            data.DeleteRepresentation.op: self._delete_representation,
            render.UpdateView.op: self._update_view,
            render.UpdateRepresentation.op: self._update_representation,
            render.UpdateColorMap.op: self._update_color_map,
            render.UpdateShared.op: self._update_shared,
            render.DeleteShared.op: self._delete_shared,
            render.ResetCamera.op: self._reset_camera,
            render.DeleteView.op: self._delete_view,
        }

    def begin_anew(self) -> None:
        """Forget what was not made yet: all is told again."""
        self._sources.clear()
        self._looks.clear()

    def make_what_can_be(self) -> list[object]:
        """Make what waited for its source, its view, or its other half."""
        return [one for id_ in list(self._sources) for one in self._make(id_)]

    # --- what there is no more

    def keep_extracted(self, there: Inventory) -> list[object]:
        """Forget what is shown here, and of which the data service knows nothing any more; returns that."""
        return self._forget_shown(there, there.extracted)

    def keep_drawn(self, there: Inventory) -> list[object]:
        """Forget and set back what the render service has not; returns what was changed by it."""
        scene = self._scene
        views = [one for one in scene.all_views() if there.lacks(one.id, there.views)]
        shown = [one for one in scene.all_representations() if one.view in views]
        for view in views:
            scene.drop_view_told(view, SOMEBODY)
        for each in (*views, *shown):
            scene.may_come_again(each.id)
        changed: list[object] = [*views, *shown, *self._forget_shown(there, there.drawn)]
        for id_, (names, seen) in there.views.items():
            if (seen_view := scene.find_view(id_)) is not None and seen_view.keep_told(names, seen):
                changed.append(seen_view)
        changed += [*self._keep_color_maps(there), *self._keep_shared(there)]
        for id_, (names, seen) in there.drawn.items():
            if (drawn := scene.find_representation(id_)) is not None and drawn.keep_told(names, seen):
                changed.append(drawn)
        return changed

    def _keep_color_maps(self, there: Inventory) -> list[object]:
        """Set back what nobody has set any more."""
        nothing: tuple[frozenset[str], int] = (frozenset(), 0)
        told = [(one, *there.color_maps.get((one.kind, one.name), nothing)) for one in self._scene.shared_by_name()]
        return [one for one, names, seen in told if one.keep_told(names, seen)]

    def _keep_shared(self, there: Inventory) -> list[object]:
        """Forget layouts and tracks that there are no more, and set back what nobody has set any more."""
        changed: list[object] = []
        for one in self._scene.shared_things():
            told = there.shared.get((one.kind, one.name))
            if told is None and one.name and not self._scene.outbox.waits(one):
                self._scene.drop_shared_told(one.kind, one.name, SOMEBODY)
                changed.append(one)
            elif one.keep_told(*(told or (frozenset(), 0))):
                changed.append(one)
        return changed

    def _forget_shown(self, there: Inventory, known: Collection[int]) -> list[object]:
        scene = self._scene
        gone: list[RepresentationProxy] = [one for one in scene.all_representations() if there.lacks(one.id, known)]
        for shown in gone:
            scene.drop_representation_told(shown, SOMEBODY)
            scene.may_come_again(shown.id)
            if scene.connection.membership.has_made(shown.id):  # the other service may have its half still
                shown.drop()
        return list(gone)

    # --- views

    def _update_view(self, change: Change, by: int, seen: int) -> Sequence[object]:
        view = self._scene.find_view(change["view"])
        if view is None:
            if self._scene.is_gone(change["view"]):
                return ()
            view = self._scene.take_in_view_told(change["view"], change.get("kind", "RenderView"))
        view.take_told(change.get("properties", {}), seen)
        return [view, *self.make_what_can_be()]

    def _reset_camera(self, change: Change, by: int, seen: int) -> Sequence[object]:
        view = self._scene.find_view(change["view"])
        if not isinstance(view, RenderViewProxy):
            return ()
        view.take_reset_told(change.get("direction"))
        return [view]

    def _delete_view(self, change: Change, by: int, seen: int) -> Sequence[object]:
        view = self._scene.find_view(change["view"])
        if view is None:
            return ()
        self._scene.drop_view_told(view, by)
        return [view]

    # --- what they show

    def _show(self, change: Change, by: int, seen: int) -> Sequence[object]:
        id_ = change["representation"]
        shown = self._scene.find_representation(id_)
        if shown is not None:
            shown.take_extract_told(change.get("extract", {}))
            return [shown]
        if self._scene.is_gone(id_):
            return ()
        self._sources[id_] = change
        return self._make(id_)

    def _update_representation(self, change: Change, by: int, seen: int) -> Sequence[object]:
        id_ = change["representation"]
        shown = self._scene.find_representation(id_)
        if shown is not None:
            shown.take_told(change.get("properties", {}), seen)
            self._scene.outbox.flush()
            return [shown]
        if self._scene.is_gone(id_):
            return ()
        self._looks[id_] = {**self._looks.get(id_, {}), **change.get("properties", {})}
        return self._make(id_)

    def _update_color_map(self, change: Change, by: int, seen: int) -> Sequence[object]:
        shared = self._scene.find_shared(change.get("kind", "PVLookupTable"), change["name"])
        if shared is None:
            return ()
        shared.take_told(change.get("properties", {}), seen)
        self._scene.outbox.flush()
        return [shared]

    def _update_shared(self, change: Change, by: int, seen: int) -> Sequence[object]:
        shared = self._scene.find_shared_told(change["kind"], change.get("name", ""))
        if shared is None:
            return ()
        shared.take_told(change.get("properties", {}), seen)
        return [shared]

    def _delete_shared(self, change: Change, by: int, seen: int) -> Sequence[object]:
        shared = self._scene.drop_shared_told(change["kind"], change["name"], by or SOMEBODY)
        return [] if shared is None else [shared]

    def _delete_representation(self, change: Change, by: int, seen: int) -> Sequence[object]:
        """Both services tell it, also of what one of them refuses, since it was deleted: then the other may have it."""
        id_ = change["representation"]
        self._sources.pop(id_, None)
        self._looks.pop(id_, None)
        shown = self._scene.find_representation(id_)
        if shown is None:
            return ()
        self._scene.drop_representation_told(shown, by)
        if by == BY_THE_SERVER:
            shown.drop()
            self._scene.outbox.flush()
        return [shown]

    def _make(self, id_: int) -> list[object]:
        source, look = self._sources.get(id_), self._looks.get(id_)
        if source is None or look is None:
            return []
        proxy, view = self._scene.find(source["id"]), self._scene.find_view(source["view"])
        if view is None or not isinstance(proxy, SourceProxy):
            return []
        del self._sources[id_], self._looks[id_]
        shown = self._scene.take_in_representation_told(id_, proxy.port(source.get("port", 0)), view)
        extract = {name: value for name, value in source.get("extract", {}).items() if name not in RESOLVED}
        shown.take_told({**extract, **look}, 0)
        return [shown]
