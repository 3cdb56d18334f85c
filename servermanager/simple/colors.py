"""Color maps, opacity functions and legends, by the names of ParaView's functions: shared by the name of an array."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Final

from ..states.paraview.color_map_files import ColorPreset, read_color_maps, write_color_maps
from ..views.color_map import ColorMapProxy, PiecewiseFunctionProxy
from ..views.scalar_bar import ScalarBarProxy
from . import presets
from .current import a_view, give, run, session
from .displays import GetRepresentation
from .functions.two_dimensions import InTwoDimensions
from .proxies import Scripted, set_all

_PROBE: Final = "GenerateRGBPoints"
"""The color map that presets are looked at by; it colors nothing."""

_SPACE: Final = "Diverging"
"""How ParaView finds the colors between points of a new color map: its states do not write it down."""


class ScriptedColorMap(InTwoDimensions, Scripted):
    """A color map, by the names of ParaView's."""

    __slots__ = ()

    def _get(self, name: str) -> Any:
        if name == "RGBPoints":
            return run(self, lambda target: target.points())
        if name == "ColorSpace" and not self._has_space():
            return _SPACE
        return super()._get(name)

    def _has_space(self) -> bool:
        """Return whether somebody has said how colors between two points are found."""
        return bool(run(self, lambda target: "ColorSpace" in target.set_values()))

    def _set(self, name: str, value: Any) -> None:
        if name != "RGBPoints":
            super()._set(name, value)
        elif value is None or len(value) == 0:
            self.update(RGBPoints=None)
        else:  # their values are the range, whatever preset or range there was before
            space = {} if self._has_space() else {"ColorSpace": _SPACE}
            self.update(RGBPoints=value, ScalarRange=None, ScalarRangeInitialized=True, **space)

    @property
    def ScalarOpacityFunction(self) -> Any:
        """Return the opacity function of the same array."""
        return session().opacity_functions[self._target.name]

    @ScalarOpacityFunction.setter
    def ScalarOpacityFunction(self, function: Any) -> None:
        if function is not self.ScalarOpacityFunction:
            raise ValueError(f"the opacity function of {self!r} is that of the same array; set that of what is shown")

    def ApplyPreset(self, name: str = "", rescale: bool = True) -> bool:
        """Take the colors of a preset, over the range that there is; without `rescale` over that of the preset.

        Raises ValueError, with all names, for a preset that is not here.
        """
        preset = presets.find(name)
        plain = dict(preset.properties)
        if plain.get("IndexedColors"):
            if rescale and self._get("Annotations"):
                plain.pop("Annotations", None)
            self.update(**plain)
            return True
        plain["InterpretValuesAsCategories"] = False
        plain["ScalarRange"] = self.chosen_range() if rescale else list(presets.ends(preset))
        plain["ScalarRangeInitialized"] = plain["RGBPoints"] is None  # else points have parts of the range
        self.update(**plain)
        return True

    def chosen_range(self) -> list[float] | None:
        """Return the range that was set, by itself or by points; None: that of the data."""
        values: dict[str, Any] = run(self, lambda target: target.set_values())
        points, span = values.get("RGBPoints"), values.get("ScalarRange")
        if span is None and points and values.get("ScalarRangeInitialized", True):
            span = (points[0], points[-4])
        return None if span is None else [float(one) for one in span]

    def RescaleTransferFunction(self, *span: Any) -> bool:
        """Have the colors span (low, high)."""
        low, high = (float(one) for one in (span[0] if len(span) == 1 else span)[:2])
        self.update(ScalarRange=[low, high])
        return True

    def RescaleTransferFunctionToDataRange(self, extend: Any = False) -> bool:
        """Have the colors span the numbers of all the data that it colors, and follow them."""
        return run(self, lambda target: target.rescale_to_data_range()) is not None

    def InvertTransferFunction(self) -> bool:
        """Have the colors run the other way."""
        self.update(InvertLookupTable=not self._get("InvertLookupTable"))
        return True

    def MapControlPointsToLogSpace(self, inverse: bool = False) -> bool:
        """Have the colors follow logarithms."""
        self.UseLogScale = not inverse
        return True

    def MapControlPointsToLinearSpace(self) -> bool:
        """Have the colors follow numbers, and not their logarithms."""
        self.UseLogScale = False
        return True


class ScriptedFunction(Scripted):
    """An opacity function, by the names of ParaView's."""

    __slots__ = ()

    def ApplyPreset(self, name: str = "", rescale: bool = True) -> bool:
        """Take the opacities of a preset, over the range of its points that there are; without `rescale` as they are.

        Returns whether the preset has any: those of ParaView's short list have none, and then nothing changes. Raises
        ValueError, with all names, for a preset that is not here.
        """
        opacities = presets.find(name).opacities
        if opacities is None:
            return False
        before = self._get("Points")
        self.update(Points=list(opacities))
        if rescale and before:
            self.RescaleTransferFunction(before[0], before[-4])
        return True

    def RescaleTransferFunction(self, *span: Any) -> bool:
        """Have its points span (low, high)."""
        low, high = (float(one) for one in (span[0] if len(span) == 1 else span)[:2])
        points = list(self._get("Points") or [0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0])
        first, last = points[0], points[-4]
        for at in range(0, len(points), 4):
            part = (points[at] - first) / (last - first) if last > first else 0.0
            points[at] = low + part * (high - low)
        self.update(Points=points)
        return True


class ScriptedLegend(Scripted):
    """The legend of a color map in a view."""

    __slots__ = ()

    def _get(self, name: str) -> Any:
        value = super()._get(name)
        return int(bool(value)) if name == "Visibility" else value


give(ScalarBarProxy, ScriptedLegend)
give(ColorMapProxy, ScriptedColorMap)
give(PiecewiseFunctionProxy, ScriptedFunction)


def GetColorTransferFunction(arrayname: str, representation: Any = None, separate: bool = False, **params: Any) -> Any:
    """Return the color map that all representations share which that array colors; with `separate` one's own."""
    if separate:
        shown = representation if representation is not None else GetRepresentation()
        shown.UseSeparateColorMap = True
        found = shown.LookupTable
    else:
        found = session().color_maps[arrayname]
    set_all(found, params)
    return found


def GetOpacityTransferFunction(
    arrayname: str, representation: Any = None, separate: bool = False, **params: Any
) -> Any:
    """Return the opacity function that belongs to the color map of an array; with `separate` one's own."""
    found = session().opacity_functions[arrayname]
    if separate:
        found = (representation if representation is not None else GetRepresentation()).ScalarOpacityFunction
    set_all(found, params)
    return found


def GenerateRGBPoints(
    preset_name: str | None = None, range_min: float | None = None, range_max: float | None = None
) -> list[float]:
    """Return value, red, green, blue, ... of a preset over a range, 0 to 1 by default.

    Raises ValueError for a preset that is not here, or that has colors of categories.
    """
    low, high = 0.0 if range_min is None else range_min, 1.0 if range_max is None else range_max
    plain = presets.find(preset_name or "Cool to Warm").properties
    if plain.get("IndexedColors"):
        raise ValueError(f"GenerateRGBPoints: {preset_name!r} has colors of categories, and no points")
    points = plain["RGBPoints"]
    if points is None:
        colors = session().color_maps[_PROBE]
        with session().undo.paused():
            colors.update(RGBPoints=None, Preset=plain["Preset"])
            points = colors.RGBPoints
    return presets.stretched(points, low, high)


def GetLookupTableForArray(arrayname: str, num_components: int = 1, **params: Any) -> Any:
    """Do what `GetColorTransferFunction` does: it is ParaView's former name."""
    return GetColorTransferFunction(arrayname, **params)


def GetScalarBar(ctf: Any, view: Any = None) -> Any:
    """Return the legend of a color map in a view, the active one by default."""
    return a_view(view, "GetScalarBar").scalar_bar(ctf)


def AssignFieldToColorPreset(array_name: str, preset_name: str, range_override: Any = None) -> bool:
    """Give an array the colors of a preset, over a range if one is given."""
    colors = GetColorTransferFunction(array_name)
    colors.ApplyPreset(preset_name)
    if range_override:
        colors.RescaleTransferFunction(*range_override)
    return True


def AssignLookupTable(arrayInfo: Any, lutName: str, rangeOveride: Any = ()) -> bool:
    """Do what `AssignFieldToColorPreset` does, for an array of `PointData`: it is ParaView's former name."""
    return AssignFieldToColorPreset(arrayInfo.GetName(), lutName, rangeOveride or arrayInfo.GetRange())


def GetLookupTableNames() -> list[str]:
    """Return the names of presets: what `ApplyPreset` takes."""
    return presets.names()


ListColorPresetNames = GetLookupTableNames


def ImportPresets(filename: str | os.PathLike[str], location: Any = None) -> bool:
    """Read color maps from a local .json or .xml file of ParaView, as presets of this session, by their names.

    Raises OSError, and ColorMapFileError for a damaged file: then none is taken.
    """
    presets.take(read_color_maps(os.fspath(filename)))
    return True


LoadLookupTable = ImportPresets


def ExportTransferFunction(
    colortransferfunction: Any,
    opacitytransferfunction: Any,
    tfname: str,
    filename: str | os.PathLike[str],
    location: Any = None,
) -> bool:
    """Write a color map, with an opacity function or None, to a local .json or .xml file that ParaView imports.

    Raises ValueError, OSError.
    """
    preset = run(colortransferfunction, lambda target: ColorPreset.of(target, tfname))
    if opacitytransferfunction is not None and opacitytransferfunction.Points:
        preset = replace(preset, opacities=tuple(float(one) for one in opacitytransferfunction.Points))
    write_color_maps(os.fspath(filename), [preset])
    return True


def UpdateScalarBars(view: Any = None) -> bool:
    """Show a legend for whatever is colored in a view, and no other."""
    view = a_view(view, "UpdateScalarBars")
    used = _used_in(view)
    for one in _legends_of(view):
        one.Visibility = one.name in used
    return True


def HideUnusedScalarBars(view: Any = None) -> bool:
    """Hide the legends of what is hidden, or colored by nothing."""
    view = a_view(view, "HideUnusedScalarBars")
    used = _used_in(view)
    for one in _legends_of(view):
        if one.name not in used:
            one.Visibility = False
    return True


def HideScalarBarIfNotNeeded(lut: Any, view: Any = None) -> bool:
    """Hide the legend of a color map in a view, unless something visible is colored by it; returns whether it did."""
    view = a_view(view, "HideScalarBarIfNotNeeded")
    if lut.name in _used_in(view):
        return False
    view.scalar_bar(lut).Visibility = False
    return True


def _legends_of(view: Any) -> list[Any]:
    """Return the legends of all color maps that there are, in a view."""
    return [view.scalar_bar(name) for name in session().color_maps] if hasattr(view._target, "scalar_bar") else []


def _used_in(view: Any) -> set[str]:
    """Return the names of the color maps of what is visible in a view."""
    shown = [one for one in session().all_representations() if one.view is view and one.Visibility]
    maps = [run(one, lambda target: getattr(target, "color_map", None)) for one in shown]
    return {one.name for one in maps if one is not None}


def UpdateScalarBarsComponentTitle(ctf: Any, representation: Any = None) -> bool:
    """Do nothing: titles of legends name the component by themselves."""
    return True
