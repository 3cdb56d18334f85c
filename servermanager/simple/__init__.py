"""The functions of `paraview.simple`, blocking, for scripts and habits of ParaView's users."""

from __future__ import annotations

import importlib
import inspect
import sys
from typing import Any, Final

from services_core import suggest

from . import animation, colors, connections, displays, files, layouts, pipeline, views
from .absent import ABSENT, refuse
from .functions import (
    extracts,
    lights,
    scenes,
    selections,
    settings,
    textures,
    transfer_functions,
    two_dimensions,
    widgets,
)
from .modules import server_manager as servermanager
from .modules.importing import as_paraview

_ROOMS: Final = (
    animation, colors, connections, displays, extracts, files, layouts, lights, pipeline, scenes, selections, settings,
    textures, transfer_functions, two_dimensions, views, widgets,
)  # fmt: skip
_KEYFRAMES: Final = ("CameraKeyFrame", "CompositeKeyFrame")


def _functions() -> dict[str, Any]:
    """Return the functions that are written here, by ParaView's names, which begin with a capital."""
    return {
        name: one
        for room in _ROOMS
        for name, one in vars(room).items()
        if getattr(one, "__module__", "") == room.__name__
        and ((inspect.isfunction(one) and name[:1].isupper()) or name in _KEYFRAMES)
    }


_OWN: Final = {**_functions(), "as_paraview": as_paraview, "servermanager": servermanager}
globals().update(_OWN)
_DisableFirstRenderCameraReset = views.keep_cameras


def __getattr__(name: str) -> Any:
    """Return what makes proxies of a type: `Sphere`, `Contour`, ...

    Raises AttributeError, with the nearest names, for what is no type of the server and no function of ParaView's.
    """
    if name == "__all__":
        return [*_OWN, "paraview", *ABSENT, *(one for one in pipeline.type_names() if one.isidentifier())]
    if name == "paraview":
        as_paraview()
        return importlib.import_module("paraview")
    if name in ABSENT:
        return refuse(name)
    if name.startswith("_"):
        raise AttributeError(f"paraview.simple has no {name!r} here")
    types = pipeline.type_names()
    if name in types:
        return pipeline.Constructor(name)
    near = suggest(name, [*_OWN, *ABSENT, *types])
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise AttributeError(f"paraview.simple has no function and no type {name!r} here{hint}")


def __dir__() -> list[str]:
    """Return the functions, and the types of the server."""
    return sorted({*_OWN, *ABSENT, *pipeline.type_names(), *vars(sys.modules[__name__])})
