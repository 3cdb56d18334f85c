"""Lights, by the names of ParaView's functions."""

from __future__ import annotations

from typing import Any

from ...views.parts.light import LightProxy
from ..current import a_view, give, session
from ..proxies import Scripted


class ScriptedLight(Scripted):
    """A light, by the names of ParaView's."""

    __slots__ = ()


give(LightProxy, ScriptedLight)


def CreateLight() -> Any:
    """Make a light that no view has yet: `view.AdditionalLights = [light]`."""
    return session().create_light()


def AddLight(view: Any = None) -> Any:
    """Add a light to a render view, the active one by default, and return it. Raises ValueError for a chart."""
    view = a_view(view, "AddLight")
    if not hasattr(view._target, "add_light"):
        raise ValueError(f"AddLight: a {view.type_name} has no lights")
    return view.add_light()


def GetLight(number: int, view: Any = None) -> Any:
    """Return a light of a view, the active one by default, by its number from 0; None if there is no such."""
    lights = getattr(a_view(view, "GetLight"), "lights", ())
    return lights[number] if 0 <= number < len(lights) else None


def RemoveLight(light: Any) -> None:
    """Take a light out of its view. Raises TypeError for something else."""
    if not isinstance(getattr(light, "_target", None), LightProxy):
        raise TypeError(f"RemoveLight takes a light, not {light!r:.60}")
    if light.is_held():
        light.delete()


def GetViewForLight(proxy: Any) -> Any:
    """Return the view that has a light, None if none has it."""
    return next((one for one in session().all_views() if proxy in getattr(one, "lights", ())), None)
