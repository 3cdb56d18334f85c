"""`paraview.servermanager` for scripts: fetching data, the session, proxies by group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from services_core import suggest

from .. import connections, displays, files, pipeline, views
from ..current import has_session, session

SourceProxy: Final = object
"""A base that everything has: scripts ask whether proxies are of it."""


def Fetch(input: Any, arg1: Any = None, arg2: Any = None, idx: int = 0) -> Any:
    """Return what a source gives as an object of VTK, a copy. Raises TypeError for filters to apply on the way."""
    if arg1 is not None and not isinstance(arg1, int):
        raise TypeError("Fetch: data is not reduced on its way; apply that filter to it, and fetch that")
    return pipeline.fetch(input)


class ProxyManager:
    """Proxies by group and name: "sources", "views", "representations"."""

    def GetProxiesInGroup(self, groupname: str, connection: Any = None) -> dict[tuple[str, str], Any]:
        """Return the proxies of a group by (name, number). Raises ValueError for a group that is not there."""
        groups: dict[str, Callable[[], dict[tuple[str, str], Any]]] = {
            "sources": pipeline.GetSources,
            "representations": displays.GetRepresentations,
            "extractors": lambda: {(one.name, one.GetGlobalIDAsString()): one for one in session().extractors},
            "views": lambda: {(one.GetXMLName(), one.GetGlobalIDAsString()): one for one in views.GetViews()},
        }
        if groupname not in groups:
            raise ValueError(f"there is no group {groupname!r}; there are {', '.join(groups)}")
        return groups[groupname]()

    def GetProxy(self, group: str, name: str) -> Any:
        """Return the proxy of that group and name, None if there is none."""
        return next((one for (known, _), one in self.GetProxiesInGroup(group).items() if known == name), None)

    def GetProxyName(self, group: str, proxy: Any) -> str:
        """Return the name of a proxy."""
        return next((name for (name, _), one in self.GetProxiesInGroup(group).items() if one is proxy), "")

    def UnRegisterProxy(self, groupname: str, proxyname: str, aProxy: Any) -> None:
        """Delete a proxy."""
        pipeline.Delete(aProxy)


class _Group:
    """Proxies of a group by the names of their types."""

    def __getattr__(self, name: str) -> pipeline.Constructor:
        if name.startswith("_"):
            raise AttributeError(name)
        return pipeline.Constructor(name)

    def __dir__(self) -> list[str]:
        return pipeline.type_names()


sources = filters = writers = implicit_functions = _Group()
GetRenderView, GetRenderViews, CreateRenderView = views.GetRenderView, views.GetRenderViews, views.CreateRenderView
GetRepresentation, LoadState, SaveState = displays.GetRepresentation, files.LoadState, files.SaveState
Connect, Disconnect, ReverseConnect = connections.Connect, connections.Disconnect, connections.ReverseConnect
SetActiveConnection, ResetSession = connections.SetActiveConnection, pipeline.ResetSession


def __getattr__(name: str) -> Any:
    """Return the session for `ActiveConnection`. Raises AttributeError, with the nearest names, for any other."""
    if name == "ActiveConnection":
        return session() if has_session() else None
    known = [one for one in globals() if not one.startswith("_")]
    near = suggest(name, known)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise AttributeError(f"paraview.servermanager has no {name!r} here{hint}")
