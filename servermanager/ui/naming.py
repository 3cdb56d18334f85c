"""What people see things called: sources by their names in the pipeline, types and views by their labels."""

from __future__ import annotations

from itertools import count

from async_paraview.names import words

from ..model.property_holder import PropertyHolder
from ..model.proxy import Proxy, SourceProxy
from ..views.representation import RepresentationProxy
from ..views.scene_proxy import SceneProxy
from ..views.view_proxy import ViewProxy


def type_label(proxy: PropertyHolder) -> str:
    """Return the label of a proxy's type, as ParaView has it: "Plot Over Line". Local.

    Until its definition is known here that is the name of the type in words.
    """
    if isinstance(proxy, SceneProxy):
        return proxy.scene_type.label
    label = proxy.session.definitions.label(proxy.wire_type) if isinstance(proxy, Proxy) else ""
    return str(label or words(proxy.type_name))


def own_name(proxy: PropertyHolder) -> str:
    """Return what a proxy is called: a source by its name, what shows one by that of it, all else by its label."""
    if isinstance(proxy, RepresentationProxy):
        return own_name(proxy.source.proxy)
    if isinstance(proxy, SourceProxy) and (name := proxy.session.proxies.name_of(proxy.id)):
        return str(name)
    return type_label(proxy)


class ViewNames:
    """Numbers views of a kind in the order in which they are first asked for: "Render View 1"."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._numbers: dict[str, count[int]] = {}

    def __call__(self, view: ViewProxy) -> str:
        """Return what a view is called; it stays so."""
        if view.id not in self._names:
            label = view.scene_type.label
            self._names[view.id] = f"{label} {next(self._numbers.setdefault(label, count(1)))}"
        return self._names[view.id]
