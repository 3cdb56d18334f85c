"""`session.filters.SurfaceNets3D(...)`: proxies made by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .maker import Maker
from .proxy import ObjectProxy, SourceProxy


class ProxyFactory:
    """Makes proxies of one type when called with properties."""

    def __init__(self, scene: Maker, type_name: str) -> None:
        self.type_name = type_name
        self._scene = scene

    def __call__(self, **properties: Any) -> SourceProxy:
        """Make a new proxy with these properties: see `Session.create`. Local."""
        return self._scene.create(self.type_name, **properties)

    async def definition(self) -> dict[str, Any]:
        """Return what the type is like. Raises RemoteError (UnknownType), which suggests the nearest names."""
        return await self._scene.definitions.definition(self.type_name)

    def help(self) -> str:
        """Return the type's documentation, as far as it has arrived; local."""
        self._scene.definitions.prefetch(self.type_name)
        return self._scene.definitions.help(self.type_name)

    def __repr__(self) -> str:
        return f"<factory of {self.type_name}>"


class ProxyNamespace:
    """A group of types. Any algorithm class of the server's VTK is an attribute; the server checks the name."""

    def __init__(self, scene: Maker, group: str) -> None:
        self._scene = scene
        self._group = group

    def __getattr__(self, type_name: str) -> ProxyFactory:
        if not type_name[:1].isupper() and not type_name.startswith("vtk"):
            raise AttributeError(f"{type_name!r} names no type; they are VTK's class names without vtk: SurfaceNets3D")
        return ProxyFactory(self._scene, type_name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._scene.definitions.names(self._group)]

    def __repr__(self) -> str:
        return f"<{self._group} of {self._scene.session!r}>"


class ObjectNamespace:
    """The types of objects that properties hold: `session.objects.Plane(Normal=(0, 0, 1))`."""

    def __init__(self, scene: Maker) -> None:
        self._scene = scene

    def __getattr__(self, type_name: str) -> Callable[..., ObjectProxy]:
        if not type_name[:1].isupper() and not type_name.startswith("vtk"):
            raise AttributeError(f"{type_name!r} names no type of objects; they are Plane, Sphere, Transform, ...")
        return lambda **properties: self._scene.create_object(type_name, **properties)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._scene.definitions.names("objects")]
