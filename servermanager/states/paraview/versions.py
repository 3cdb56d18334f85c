"""States of older ParaViews as those of today: types and properties that have had other names, or other meanings.

The rules are those that ParaView applies itself when it loads such a state, from version 5.4 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from .xml_state import PvProperty, PvProxy, PvState

_Properties = dict[str, PvProperty]

_TYPES: Final[Mapping[tuple[str, str], str]] = MappingProxyType({
    ("filters", "GhostCellsGenerator"): "GhostCells",
    ("filters", "AddFieldArrays"): "FieldArraysFromFile",
    ("filters", "AppendArcLength"): "PolylineLength",
    ("filters", "AppendLocationAttributes"): "Coordinates",
    ("filters", "BlockIdScalars"): "BlockIds",
    ("filters", "ComputeConnectedSurfaceProperties"): "ConnectedSurfaceProperties",
    ("filters", "GenerateGlobalIds"): "GlobalPointAndCellIds",
    ("filters", "GenerateIdScalars"): "PointAndCellIds",
    ("filters", "GenerateProcessIds"): "ProcessIds",
    ("filters", "GenerateSpatioTemporalHarmonics"): "SpatioTemporalHarmonics",
    ("filters", "PolyDataNormals"): "SurfaceNormals",
    ("filters", "PolyDataTangents"): "SurfaceTangents",
    ("filters", "OverlappingLevelIdScalars"): "OverlappingAMRLevelIds",
    ("filters", "UnstructuredGradient"): "Gradient",
    ("filters", "GradientOfUnstructuredDataSet"): "Gradient",
    ("filters", "UnstructuredGradientLegacy"): "Gradient",
})  # fmt: skip
"""(group, type as it was) -> type as it is."""
_PROPERTIES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = MappingProxyType({
    ("filters", "Clip"): {"InsideOut": "Invert"},
    ("filters", "ResampleWithDataset"): {"Input": "SourceDataArrays", "Source": "DestinationMesh"},
    ("filters", "TableFFT"): {"AverageFft": "UseWelchMethod", "OptimizeForRealInput": "OneSidedSpectrum"},
    ("representations", "PolarAxesRepresentation"): {
        "NumberOfPolarAxis": "NumberOfArcs", "NumberOfPolarAxes": "NumberOfArcs",
        "DeltaRangePolarAxes": "DeltaRangeArcs", "RadialTitleVisibility": "RadialLabelVisibility",
        "RadialTitleFormat": "RadialLabelFormat", "RadialTitleLocation": "RadialLabelLocation",
        "RadialTitleOffset": "RadialLabelOffset", "PolarTicksVisibility": "AllTicksVisibility",
    },
})  # fmt: skip
"""Of a type: property as it was -> property as it is."""
_NO_MORE: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType({
    ("filters", "DataSetSurfaceFilter"): frozenset({"UseGeometryFilter"}),
    ("filters", "Cut"): frozenset({"MergePoints", "InputBounds"}),
    ("filters", "Clip"): frozenset({"InputBounds"}),
    ("filters", "GeometryFilter"): frozenset({"UseStrips", "ForceStrips"}),
    ("filters", "Glyph"): frozenset({"ComponentSelection"}),
    ("filters", "StreamTracer"): frozenset({"InterpolatorType"}),
    ("filters", "ArbitrarySourceStreamTracer"): frozenset({"InterpolatorType"}),
    ("filters", "GlyphWithCustomSource"): frozenset({"ComponentSelection"}),
})  # fmt: skip
"""Properties of a type that went without a successor, and say nothing of the result."""


def modern(state: PvState) -> PvState:
    """Return a state with the names and meanings of today, without what does not count where it stands."""
    proxies = {
        id_: _proxy(one, state.version)
        for found in state.proxies.values()
        for id_, one in ((one.id, one) for one in _with_plane(found))
    }
    return replace(state, proxies={id_: _counting(one, proxies) for id_, one in proxies.items()})


def type_as_it_was(group: str, type_name: str) -> str:
    """Return what ParaView 5.11 calls a type; those that are newer have their own name."""
    return next((old for (of, old), new in _TYPES.items() if of == group and new == type_name != "Gradient"), type_name)


def _counting(one: PvProxy, proxies: Mapping[str, PvProxy]) -> PvProxy:
    """Return a proxy without properties that ParaView looks at only if others are set."""
    idle = _IDLE.get((one.group, one.type))
    if idle is None:
        return one
    without = idle(one, proxies)
    return replace(one, properties={name: value for name, value in one.properties.items() if name not in without})


def _idle_of_clip(one: PvProxy, proxies: Mapping[str, PvProxy]) -> frozenset[str]:
    functions = [proxies[id_].type for id_, _ in one.held("ClipFunction") if id_ in proxies]
    if functions == ["Scalar"]:
        return frozenset({"UseValueAsOffset"})
    scalars = frozenset({"SelectInputScalars"})
    return scalars if one.values("UseValueAsOffset") == ("1",) else scalars | {"Value", "UseValueAsOffset"}


def _idle_of_box(one: PvProxy, _: Mapping[str, PvProxy]) -> frozenset[str]:
    return frozenset() if one.values("UseReferenceBounds") == ("1",) else frozenset({"Bounds"})


_IDLE: Final[Mapping[tuple[str, str], Callable[[PvProxy, Mapping[str, PvProxy]], frozenset[str]]]] = MappingProxyType({
    ("filters", "Clip"): _idle_of_clip,
    ("implicit_functions", "Box"): _idle_of_box,
})  # fmt: skip


def _proxy(one: PvProxy, version: tuple[int, int, int]) -> PvProxy:
    type_name = _TYPES.get((one.group, one.type), one.type)
    key = (one.group, type_name)
    renamed, gone = _PROPERTIES.get(key, {}), _NO_MORE.get(key, frozenset())
    if version >= (5, 7, 0) and key == ("filters", "ResampleWithDataset"):
        renamed = {}
    # where both names stand in a state, the new one counts
    properties = {renamed[name]: value for name, value in one.properties.items() if name in renamed}
    properties |= {name: value for name, value in one.properties.items() if name not in renamed and name not in gone}
    if (change := _MEANINGS.get(key)) is not None:
        change(properties, version)
    if one.group == "views":
        _view(properties, version)
    return replace(one, type=type_name, properties=properties)


def _with_plane(one: PvProxy) -> Iterator[PvProxy]:
    """Yield a proxy; a reflection of before ParaView 5.13 with the plane that it holds since then."""
    if (one.group, one.type) != _REFLECTION:
        yield one
        return
    numbers = {name: one.numbers(name, lambda *_: None)[:1] or (0.0,) for name in ("Plane", "Center")}
    side, center = int(numbers["Plane"][0]), numbers["Center"][0]
    across = side - _ACROSS if _ACROSS <= side < _ACROSS + 3 else None
    plane_id = f"{one.id}.ReflectionPlane"
    axes = [1.0 if across == axis else 0.0 for axis in range(3)]
    places = {"Normal": axes, "Origin": [center * on for on in axes]}
    plane = {name: PvProperty(tuple(map(str, values))) for name, values in places.items()}
    kept = {name: one.properties[name] for name in ("Input", "CopyInput") if name in one.properties}
    if "FlipAllInputArrays" in one.properties:
        kept["ReflectAllInputArrays"] = one.properties["FlipAllInputArrays"]
    kept["PlaneMode"] = _number(side + 1 if across is None else 0)
    kept["ReflectionPlane"] = PvProperty(proxies=((plane_id, 0),))
    if across is None:
        del kept["ReflectionPlane"]
    else:
        yield PvProxy(plane_id, "implicit_functions", "AxisAlignedPlane", plane)
    yield replace(one, type="AxisAlignedReflect", properties=kept)


_REFLECTION: Final = ("filters", "ReflectionFilter")
_ACROSS: Final = 6
"""From this number on the mirror is across an axis, at a place of its own; below it is a side of the box."""


def _number(value: object) -> PvProperty:
    return PvProperty((str(value),))


def _threshold(properties: _Properties, _: tuple[int, int, int]) -> None:
    both = properties.pop("ThresholdBetween", None)
    if both is not None and len(both.values) == 2:
        properties["LowerThreshold"], properties["UpperThreshold"] = map(_number, both.values)
        properties["ThresholdMethod"] = _number(0)


def _calculator(properties: _Properties, version: tuple[int, int, int]) -> None:
    mode = properties.pop("AttributeMode", None)
    if mode is not None and mode.values and mode.values[0].isdecimal():
        properties["AttributeType"] = _number(int(mode.values[0]) - 1)
    if version < (5, 10, 0):
        properties.setdefault("FunctionParserType", _number(0))


def _ids(properties: _Properties, _: tuple[int, int, int]) -> None:
    name = properties.pop("ArrayName", None)
    if name is not None:
        properties.setdefault("CellIdsArrayName", name)
        properties.setdefault("PointIdsArrayName", name)


def _box(properties: _Properties, version: tuple[int, int, int]) -> None:
    if version < (5, 7, 0):
        properties.setdefault("UseReferenceBounds", _number(1))
        if "Scale" in properties:
            properties["Length"] = properties.pop("Scale")


def _lookup_table(properties: _Properties, _: tuple[int, int, int]) -> None:
    locked = properties.pop("LockScalarRange", None)
    if locked is not None:
        properties.setdefault("AutomaticRescaleRangeMode", _number(-1 if locked.values == ("1",) else 0))


def _scalar_bar(properties: _Properties, version: tuple[int, int, int]) -> None:
    corner = properties.pop("Position2", None) if version < (5, 4, 0) else None
    if corner is not None and corner.values:
        properties["ScalarBarLength"] = _number(max(map(float, corner.values)))
        properties["WindowLocation"] = _number(0)


def _grid_axes(properties: _Properties, _: tuple[int, int, int]) -> None:
    factor = properties.pop("DataBoundsInflateFactor", None)
    if factor is not None and factor.values:
        properties["DataBoundsScaleFactor"] = _number(float(factor.values[0]) + 1.0)


def _view(properties: _Properties, version: tuple[int, int, int]) -> None:
    if "EnableOSPray" in properties:
        properties["EnableRayTracing"] = properties.pop("EnableOSPray")
    if version >= (5, 10, 0):
        return
    flags = {name: properties.pop(name, PvProperty()).values == ("1",) for name in _BACKGROUNDS}
    mode = next((number for name, number in _BACKGROUNDS.items() if flags[name]), 0)
    properties.setdefault("BackgroundColorMode", _number(mode))
    if "Background" in properties:
        properties.setdefault("UseColorPaletteForBackground", _number(0))


_BACKGROUNDS: Final = {"UseSkyboxBackground": 3, "UseTexturedBackground": 2, "UseGradientBackground": 1}
_MEANINGS: Final[Mapping[tuple[str, str], Callable[[_Properties, tuple[int, int, int]], None]]] = MappingProxyType({
    ("filters", "Threshold"): _threshold,
    ("filters", "Calculator"): _calculator,
    ("filters", "PointAndCellIds"): _ids,
    ("implicit_functions", "Box"): _box,
    ("lookup_tables", "PVLookupTable"): _lookup_table,
    ("representations", "ScalarBarWidgetRepresentation"): _scalar_bar,
    ("annotations", "GridAxes3DActor"): _grid_axes,
})  # fmt: skip
