"""Functions of `paraview.simple` that are not there, each with what is there instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn

_PLUGINS: Final = (
    "plugins of ParaView are programs for it; types of your own are described in files (docs/own_types.md)"
)
_SELECTED: Final = "pedigree ids are values of an array: SelectPoints('name == 3') or a ValueSelectionSource"
_COMPARATIVE: Final = "comparative views are not there; make a view for each value, and a layout of linked views"

ABSENT: Final[Mapping[str, str]] = MappingProxyType({
    "PythonAnimationCue": "what Python does at each time is view.frames(change=...), or a loop over times",
    "LoadPlugin": _PLUGINS, "LoadDistributedPlugin": _PLUGINS, "LoadXML": _PLUGINS, "LoadCustomFilters": _PLUGINS,
    "SelectPedigreeIDs": _SELECTED,
    "CreateComparativeRenderView": _COMPARATIVE, "CreateComparativeXYPlotView": _COMPARATIVE,
    "CreateComparativeBarChartView": _COMPARATIVE,
    "CreateSteerableParameters": "give a program's data to the session by session.send_data",
    "ImportCinema": "databases of Cinema open as tables of their files: OpenDataFile('name.cdb')",
})  # fmt: skip
"""By name, what to do instead."""


def refuse(name: str) -> Any:
    """Return a function that raises what there is instead of it."""

    def refused(*_arguments: Any, **_named: Any) -> NoReturn:
        raise NotImplementedError(f"paraview.simple.{name} is not there: {ABSENT[name]}")

    refused.__name__ = refused.__qualname__ = name
    refused.__doc__ = f"Raise NotImplementedError: {ABSENT[name]}."
    return refused
