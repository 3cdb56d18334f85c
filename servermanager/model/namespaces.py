"""`session.filters.SurfaceNets3D(...)`: proxies made by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Generic, TypeVar

from .definitions import OBJECTS, DefinitionManager
from .documentation import TypeDocumentation, signature
from .maker import Maker
from .proxy import ObjectProxy, SourceProxy

P = TypeVar("P")
"""What is made."""


class ProxyFactory(Generic[P]):
    """Makes proxies of one type when called with properties.

    Its documentation is that of the type: `help(session.filters.Contour)`.
    """

    def __init__(
        self, definitions: DefinitionManager, type_name: str, make: Callable[..., P], wire_type: str | None = None
    ) -> None:
        """Make proxies by `make(**properties)`; `wire_type` is the name of the type on the server, if that differs."""
        self.type_name = type_name
        self._definitions = definitions
        self._make = make
        self._wire_type = wire_type or type_name

    def __call__(self, *unnamed: Any, **properties: Any) -> P:
        """Make a new one with these properties: see `Session.create`, `create_view`. Local.

        Raises TypeError for one without its name.
        """
        if unnamed:
            raise TypeError(f"{self.type_name} takes properties by their names: {self.type_name}(Name=...)")
        return self._make(**properties)

    async def definition(self) -> dict[str, Any]:
        """Return what the type is like. Raises RemoteError (UnknownType), which suggests the nearest names."""
        return await self._definitions.definition(self._wire_type)

    def help(self) -> str:
        """Return the type's documentation, as far as it has arrived; local."""
        self._definitions.prefetch(self._wire_type)
        return self._definitions.help(self._wire_type)

    __doc__ = TypeDocumentation(__doc__)

    @property
    def __signature__(self) -> inspect.Signature | None:
        """Return what it takes, as far as the definition has arrived: completion asks for it."""
        definition = self._definitions.look(self._wire_type)
        return None if definition is None else signature(definition)

    def __repr__(self) -> str:
        return f"<factory of {self.type_name}: call it with properties, or see its help()>"


def _no_type(name: str, group: object) -> AttributeError:
    """Return what is raised for a name that begins with a small letter; what it is like is told by the traceback."""
    return AttributeError(
        f"{name!r} names no type: they begin with a capital, as {name[:1].upper()}{name[1:]}", name=name, obj=group
    )


_SMALL_READER: Final = re.compile(r"[a-z]\w*[Rr]eader$")
"""Readers of ParaView whose names begin with a small letter: glTFReader, proSTARSTARCDReader."""


class ProxyNamespace:
    """A group of types. Any algorithm class of the server's VTK is an attribute; the server checks the name."""

    def __init__(self, scene: Maker, group: str) -> None:
        self._scene = scene
        self._group = group

    def __getattr__(self, type_name: str) -> ProxyFactory[SourceProxy]:
        if not type_name[:1].isupper() and not type_name.startswith("vtk") and not _SMALL_READER.match(type_name):
            raise _no_type(type_name, self)
        scene = self._scene
        return ProxyFactory(scene.definitions, type_name, partial(scene.create, type_name))

    async def listed(self) -> None:
        """Wait until the list of all types has arrived, of which `dir` tells the names."""
        await self._scene.definitions.list()

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._scene.definitions.names(self._group)]

    def __repr__(self) -> str:
        return f"<{self._group} of {self._scene.session!r}>"


class ObjectNamespace:
    """The types of objects that properties hold: `session.objects.Plane(Normal=(0, 0, 1))`."""

    def __init__(self, scene: Maker) -> None:
        self._scene = scene

    def __getattr__(self, type_name: str) -> ProxyFactory[ObjectProxy]:
        if not type_name[:1].isupper() and not type_name.startswith("vtk"):
            raise _no_type(type_name, self)
        scene = self._scene
        return ProxyFactory(
            scene.definitions,
            type_name,
            partial(scene.create_object, type_name),
            OBJECTS + type_name,
        )

    async def listed(self) -> None:
        """Wait until the list of all types has arrived, of which `dir` tells the names."""
        await self._scene.definitions.list()

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._scene.definitions.names("objects")]

    def __repr__(self) -> str:
        return f"<objects of {self._scene.session!r}>"
