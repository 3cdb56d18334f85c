"""An algorithm of our own for what ParaView brings together from several processes; here there is one."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData

from ...base.errors import VtkError
from ...types.definitions import PropertyDefinition
from .blocks import AppendedGrids

_NONE, _GRIDS, _SURFACES, _RECTILINEAR = range(4)
_HELPERS: Final = (
    ("", _NONE),
    ("vtkAppendFilter", _GRIDS),
    ("vtkAppendPolyData", _SURFACES),
    ("vtkAppendRectilinearGrid", _RECTILINEAR),
)


class ReducedData(AppendedGrids):
    """ReducedData - The data of all processes, as a helper puts it together."""

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = (
        *AppendedGrids.PROPERTIES,
        PropertyDefinition(
            "PostGatherHelperName",
            "enum",
            1,
            _NONE,
            enumeration=_HELPERS,
            doc="The class of VTK that puts the data together; none leaves it as it is.",
        ),
    )
    input_types = ("vtkDataObject",)

    @property
    def _helper(self) -> int:
        return int(self.value_of("PostGatherHelperName"))

    def _append(self) -> Any:
        return vtkAppendPolyData() if self._helper == _SURFACES else vtkAppendFilter()

    def kind_of(self, data: Any) -> Any:
        """Return what the helper makes."""
        return data if self._helper in (_NONE, _RECTILINEAR) else super().kind_of(data)

    def pass_on(self, data: Any, output: Any) -> None:
        """Have the helper take the data of the one process."""
        if self._helper == _RECTILINEAR and not data.IsA("vtkRectilinearGrid"):
            raise VtkError(f"vtkAppendRectilinearGrid takes rectilinear grids, and there is a {data.GetClassName()}")
        if self._helper in (_NONE, _RECTILINEAR):
            output.ShallowCopy(data)
        elif not (data.IsA("vtkDataSet") or data.IsA("vtkCompositeDataSet")):
            raise VtkError(f"{dict((n, t) for t, n in _HELPERS)[self._helper]} takes no {data.GetClassName()}")
        else:
            super().pass_on(data, output)
