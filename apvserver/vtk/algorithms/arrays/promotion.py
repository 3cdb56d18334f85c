"""Integers become doubles in front of what averages them; which classes do that is said in `types.averaging`.

Of a large image only the block is handed on that a cut by a plane goes through.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import ref

from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from ...base.blocks import parts
from ...base.data_making import cropped
from ...geometry.doubles import promote
from ...types.averaging import BOTH, NONE, Averages, averages_of
from ..array_algorithm import ArrayAlgorithm
from ..cutting.near_planes import block_at_plane
from .alike import fill_gaps, left_out, make_types_alike

_SCALARS: Final = vtkDataSetAttributes.SCALARS


class PromoteIntegers(ArrayAlgorithm):
    """PromoteIntegers - Makes doubles of the integers of points and cells, but for what numbers or marks them."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = BOTH
        self._served: tuple[Any, Averages] | None = None
        self._block: tuple[int, ...] | None = None
        """Of a large image: the indices of what the served algorithm looks at, if that is not all."""

    def serve(self, consumer: Any, vtk_name: str, port: int) -> None:
        """Promote what that algorithm averages of the input at a port, and no more.

        Its class may be one that VTK puts in the place of the named one.
        """
        self._served = ref(consumer), next(one for one in averages_of(vtk_name) if one.port == port)

    def prepare(self) -> None:
        """Take over what the properties of the served algorithm say now; nothing happens if that is the same."""
        if self._served is None:
            return
        consumer, averages = self._served[0](), self._served[1]
        wanted = averages.what if consumer is not None and averages.now(consumer) else NONE
        block = None if consumer is None else block_at_plane(consumer, self._held)
        if (wanted, block) != (self._wanted, self._block):
            self._wanted, self._block = wanted, block
            self.Modified()

    def _held(self) -> Any:
        """Return the input as it is now: VTK's own GetInputDataObject has what is upstream made."""
        connection = self.GetInputConnection(0, 0) if self.GetNumberOfInputConnections(0) else None
        return (
            None
            if connection is None
            else vtkDataObject.GetData(connection.GetProducer().GetOutputInformation(connection.GetIndex()))
        )

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce what images say of their active scalars."""
        information = outInfo.GetInformationObject(0)
        announced = vtkDataObject.GetActiveFieldInformation(information, vtkDataObject.POINT, _SCALARS)
        key = vtkDataObject.FIELD_ARRAY_TYPE()
        kind = announced.Get(key) if announced is not None and announced.Has(key) else VTK_DOUBLE
        if kind not in (VTK_FLOAT, VTK_DOUBLE) and vtkDataObject.POINT in self._wanted:
            vtkDataObject.SetPointDataActiveScalarInfo(information, VTK_DOUBLE, -1)
        return 1

    def change(self, output: Any, *inputs: Any) -> None:
        """Promote what is wanted, and say of what that was not possible."""
        averages = Averages() if self._served is None else self._served[1]
        if self._block is not None:
            output.ShallowCopy(cropped(output, self._block))
        kept = promote(output, self._wanted, averages.of, read=averages.read)
        if kept:
            self.warn(
                f"{', '.join(kept)}: integers beyond 2**53, which floating-point numbers of 64 bits do not tell "
                "apart, stay integers here and are rounded where they are averaged or cut: they are not exact"
            )
        leaves = [leaf for leaf in parts(output) if leaf.IsA("vtkDataSet") and leaf.GetNumberOfPoints()]
        for scalars, leaf in ((leaf.GetPointData().GetScalars(), leaf) for leaf in leaves if averages.takes_memory):
            if scalars is not None and not scalars.HasStandardMemoryLayout():
                leaf.GetPointData().SetActiveScalars(None)
        if not averages.blocks or len(leaves) < 2:
            return
        if averages.blocks == "nan":
            fill_gaps(leaves)
        if inexact := make_types_alike(leaves):
            self.warn(f"{', '.join(inexact)}: integers beyond 2**53 lose digits beside numbers with fractions")
        if dropped := left_out(leaves):
            self.warn(f"only arrays that all blocks have are taken; left out: {', '.join(dropped)}")
