"""Building pipelines as a user interface does: one call makes a proxy that is connected, sensible and shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..model.proxy import OutputPort, SourceProxy
from .owner import SceneOwner


class PipelineBuilder:
    """Adds to, and takes from, the pipelines of a session. Every call is a step of undo."""

    def __init__(self, session: SceneOwner) -> None:
        self._session = session
        self._scene = session.scene

    async def add(
        self, type_name: str, source: SourceProxy | OutputPort | None = None, *, show: bool = False, **properties: Any
    ) -> SourceProxy:
        """Make a proxy with `source`, else the active source, as its first input, and defaults that suit it.

        With `show` it is shown in the active view, and what it was made of there no more. Raises RemoteError
        (UnknownType; what executing the input raises) and ValueError if there is nothing to connect; then nothing is
        made.
        """
        scene = self._scene
        if source is not None:
            scene.own_port(source)
        definition = await scene.definitions.definition(type_name)
        inputs = definition["inputs"]
        source = scene.proxies.active.source if source is None and inputs else source
        if source is None and inputs and not inputs[0]["optional"] and inputs[0]["name"] not in properties:
            raise ValueError(f"{type_name} needs an input: name a source, or make one the active one")
        if source is not None and inputs:
            properties = {inputs[0]["name"]: source, **properties}
            port = source.port(0) if isinstance(source, SourceProxy) else source
            await port.proxy.update_pipeline(port=port.port)
        with scene.undo.group(f"add {type_name}"):
            proxy = scene.create(type_name, **properties)
            proxy.reset_to_domain_defaults()
            if show:
                self._show(proxy, source)
        return proxy

    async def open(
        self, path: str | Path | Sequence[str | Path], *, series: bool = False, show: bool = False
    ) -> SourceProxy:
        """Make the reader for a file of the server; with `show` it is shown in the active view.

        Paths, `series` and what is raised are as of `Session.open`.
        """
        proxy = await self._session.open(path, series=series)
        if show:
            self._show(proxy, None)
        return proxy

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
        with scene.undo.group(f"remove {proxy.type_name}"):
            for user in proxy.users():
                for name, value in user.set_values().items():
                    if value is proxy:
                        setattr(user, name, above.proxy)
                    elif isinstance(value, list) and any(_is_of(one, proxy) for one in value):
                        setattr(user, name, [above if _is_of(one, proxy) else one for one in value])
            scene.delete(proxy)

    def _show(self, proxy: SourceProxy, source: SourceProxy | OutputPort | None) -> None:
        scene = self._scene
        view = scene.proxies.active.view
        if view is None:
            view = scene.create_view()
        old = source.proxy if isinstance(source, OutputPort) else source
        for shown in scene.all_representations():
            if shown.view is view and shown.source.proxy is old:
                shown.update(Visibility=False)
        scene.show(proxy, view)


def _is_of(value: Any, proxy: SourceProxy) -> bool:
    return isinstance(value, OutputPort) and value.proxy is proxy
