"""Building pipelines as a user interface does: one call makes a proxy that is connected, sensible and shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, count
from pathlib import Path, PurePath
from typing import Any, Final

from async_paraview.information import DataInformation
from async_paraview.scene.representations import IN_FRONT, usual_look
from async_paraview.scene.views import RENDER_VIEW
from services_core import RemoteError, RequestCancelled

from ..model.proxy import OutputPort, SourceProxy
from ..views.view_proxy import ViewProxy
from .naming import own_name
from .new_views import new_view
from .owner import SceneOwner
from .usual_look import PLOTTED, look_after, replaces

TABLE: Final = "vtkTable"


class PipelineBuilder:
    """Adds to, and takes from, the pipelines of a session. Every call is a step of undo."""

    def __init__(self, session: SceneOwner) -> None:
        self._session = session
        self._scene = session.scene
        self.view_came: Callable[[ViewProxy], object] = lambda _: None
        """Called with a chart that was made for what is plotted."""

    async def add(
        self, type_name: str, source: SourceProxy | OutputPort | None = None, *, show: bool = False, **properties: Any
    ) -> SourceProxy:
        """Make a proxy with `source`, else the active source, as its first input, and defaults that suit it.

        With `show` it is executed, and shown in the active view, colored as what it was made of, if it has the array,
        else as ParaView shows it (`usual_look`); as there it takes the place of that, or stands beside it (`replaces`),
        and what is plotted stands in a chart (`PLOTTED`). Where it fails it is shown all the same, to be seen when it
        is put right; `Session.messages` tells what failed. Raises RemoteError (UnknownType; what
        executing the input raises) and ValueError if there is nothing to connect; then nothing is made.
        """
        scene = self._scene
        if source is not None:
            scene.own_port(source)
        definition = await scene.definitions.definition(type_name)
        label = definition["label"] or type_name
        inputs = definition["inputs"]
        source = scene.proxies.active.source if source is None and inputs else source
        if source is None and inputs and not inputs[0]["optional"] and inputs[0]["name"] not in properties:
            raise ValueError(f"{label} needs an input: name a source, or make one the active one")
        if source is not None and inputs:
            properties = {inputs[0]["name"]: source, **properties}
            port = source.port(0) if isinstance(source, SourceProxy) else source
            await port.proxy.update_pipeline(port=port.port)
        with scene.undo.group(f"add {label}"):
            proxy = scene.create(type_name, **properties)
            proxy.reset_to_domain_defaults()
        if show:
            await self.show(proxy, source)
        return proxy

    async def open(
        self, path: str | Path | Sequence[str | Path], *, series: bool = False, show: bool = False
    ) -> SourceProxy:
        """Make the reader for a file of the server, and call it after that; with `show` it is shown in the active view.

        Paths, `series` and what is raised are as of `Session.open`.
        """
        proxy = await self._session.open(path, series=series)
        first = path if isinstance(path, str | Path) else next(iter(path))
        self._name_after(proxy, PurePath(str(first).replace("\\", "/")).name)
        if show:
            await self.show(proxy)
        return proxy

    def _name_after(self, proxy: SourceProxy, name: str) -> None:
        """Call a reader after its file: "can.vtu", and "can.vtu 2" where that is taken."""
        manager = self._scene.proxies
        names = chain([name], (f"{name} {number}" for number in count(2)))
        manager.rename(proxy, next(one for one in names if manager.name_is_free(one)))

    async def show(self, proxy: SourceProxy, source: SourceProxy | OutputPort | None = None) -> None:
        """Execute a new proxy, and show it in the active view, or a chart, which is made if need be; see `add`.

        It belongs to the step of undo that has made the proxy. Without effect if that was undone meanwhile, and of a
        table, which a view of a scene does not show unless it is a text.
        """
        information = await self._what_comes_out(proxy)
        if not self._scene.has(proxy):
            return
        view, known = self._view_for(proxy.type_name), self._scene.all_views()
        with self._scene.undo.aside() as changes:
            if view is None:
                kind = PLOTTED.get(proxy.type_name)
                view = new_view(self._scene) if kind is None else new_view(self._scene, kind)
            old = source.proxy if isinstance(source, OutputPort) else source
            before = [one for one in self._scene.all_representations() if one.view is view and one.source.proxy is old]
            look: dict[str, Any] = {}
            if information is not None and view.kind == RENDER_VIEW.name:
                if information.data_type == TABLE and proxy.type_name not in IN_FRONT:
                    return
                color_by = next((one.ColorBy for one in before if one.ColorBy), None)
                look = {**look_after(information, color_by), **usual_look(proxy.type_name), "ScalarBarVisibility": True}
            for one in before:
                if view.kind != RENDER_VIEW.name or replaces(proxy.type_name, one.Representation, one.Opacity):
                    one.update(Visibility=False)
            self._scene.show(proxy, view, **look)
        self._scene.undo.join((proxy.id, ""), changes)
        if view not in known:
            self.view_came(view)

    def _view_for(self, type_name: str) -> ViewProxy | None:
        """Return the view in which a type is shown: the active one; of what is plotted a chart of its kind, if any."""
        active, kind = self._scene.proxies.active.view, PLOTTED.get(type_name)
        if kind is None or (active is not None and active.kind == kind):
            return active
        return next((one for one in reversed(self._scene.all_views()) if one.kind == kind), None)

    async def _what_comes_out(self, proxy: SourceProxy) -> DataInformation | None:
        """Return what a proxy makes, also if a change interrupts that; None if it fails."""
        while self._scene.has(proxy):
            try:
                return await proxy.update_pipeline()
            except RequestCancelled:
                continue
            except RemoteError:
                return None  # messages tell
        return None

    def remove(self, proxy: SourceProxy) -> None:
        """Delete a proxy; what used its output uses that of its first input from now on. Fire and forget.

        Raises ValueError, with nothing changed, if others depend on it and it has no input.
        """
        scene = self._scene
        scene.own(proxy)
        above = next((port for ports in proxy.inputs().values() for port in ports), None)
        if above is None:
            scene.delete(proxy)  # raises, naming them, if there are users
            return
        with scene.undo.group(f"remove {own_name(proxy)}"):
            for user in proxy.users():
                for name, value in user.set_values().items():
                    if value is proxy:
                        setattr(user, name, above.proxy)
                    elif isinstance(value, list) and any(_is_of(one, proxy) for one in value):
                        setattr(user, name, [above if _is_of(one, proxy) else one for one in value])
            scene.delete(proxy)


def _is_of(value: Any, proxy: SourceProxy) -> bool:
    return isinstance(value, OutputPort) and value.proxy is proxy
