"""Functions of `paraview.simple` that are not there, each with what is there instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn

_PLUGINS: Final = (
    "plugins of ParaView are programs for it; types of your own are described in files (docs/own_types.md)"
)
_SELECTED: Final = "pedigree ids are values of an array: SelectPoints('name == 3') or a ValueSelectionSource"
_LIGHTS: Final = "set LightKitIntensity or AdditionalLights of the view"
_COMPARATIVE: Final = "comparative views are not there; make several views, and a layout of them"

ABSENT: Final[Mapping[str, str]] = MappingProxyType({
    "LoadPlugin": _PLUGINS, "LoadDistributedPlugin": _PLUGINS, "LoadXML": _PLUGINS, "LoadCustomFilters": _PLUGINS,
    "SelectPedigreeIDs": _SELECTED,
    "AddLight": _LIGHTS, "CreateLight": _LIGHTS, "GetLight": _LIGHTS, "RemoveLight": _LIGHTS,
    "GetViewForLight": _LIGHTS,
    "CreateComparativeRenderView": _COMPARATIVE, "CreateComparativeXYPlotView": _COMPARATIVE,
    "CreateComparativeBarChartView": _COMPARATIVE,
    "CreateSteerableParameters": "give a program's data to the session by session.send_data",
    "GetMaterialLibrary": "materials of ray tracers are not there",
    "GetTransferFunction2D": "opacity depends on one array here: GetOpacityTransferFunction",
    "ImportCinema": "databases of Cinema are not read",
    "GetAllSettings": "settings are variables of the environment (docs/environment.md)",
    "GetSettingsProxy": "settings are variables of the environment (docs/environment.md)",
    "ProxyTracing": "session.save_script writes what there is as a script",
    "Create2DRenderView": "a render view with CameraParallelProjection is one",
    "CreateLookupTable": "colors belong to arrays: GetColorTransferFunction(name)",
    "MakeBlueToRedLT": "GetColorTransferFunction(name).RGBPoints = [low, 0, 0, 1, high, 1, 0, 0]",
    "CreatePiecewiseFunction": "opacities belong to arrays: GetOpacityTransferFunction(name)",
    "CreateScalarBar": "legends belong to what is shown: SetScalarBarVisibility",
    "CreateExtractor": "SaveData and SaveScreenshot write what is to be extracted",
    "FindExtractor": "SaveData and SaveScreenshot write what is to be extracted",
    "GetExtractors": "SaveData and SaveScreenshot write what is to be extracted",
    "SaveExtracts": "SaveData and SaveScreenshot write what is to be extracted",
    "SaveExtractsUsingCatalystOptions": "SaveData and SaveScreenshot write what is to be extracted",
    "ImportView": "scenes of other programs are opened as data: OpenDataFile",
    "ColorBlocksBy": "color blocks by an array that numbers them: ColorBy",
    "GetBlockColorTransferFunction": "colors belong to arrays, of all blocks: GetColorTransferFunction",
    "GetBlockOpacityTransferFunction": "opacities belong to arrays, of all blocks: GetOpacityTransferFunction",
    "ExtendFileSeries": "open the files again: OpenDataFile([...])",
    "GetOpenGLInformation": "await view.capabilities() of a view tells it",
})  # fmt: skip
"""By name, what to do instead."""


def refuse(name: str) -> Any:
    """Return a function that raises what there is instead of it."""

    def refused(*_arguments: Any, **_named: Any) -> NoReturn:
        raise NotImplementedError(f"paraview.simple.{name} is not there: {ABSENT[name]}")

    refused.__name__ = refused.__qualname__ = name
    refused.__doc__ = f"Raise NotImplementedError: {ABSENT[name]}."
    return refused
