"""What algorithms of our own are made of that give their first input with other arrays."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar
from weakref import ref

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase

from ..base.errors import VtkError
from .own_algorithms import data_of, like, output_of, told, warn


class ArrayAlgorithm(VTKPythonAlgorithmBase):
    """An algorithm whose output is of the kind of its first input, and begins as a shallow copy of that."""

    def __init__(self, inputs: int = 1) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=inputs, inputType="vtkDataObject", outputType="vtkDataObject")

    @abstractmethod
    def change(self, output: Any, *inputs: Any) -> None:
        """Change the arrays of the output; a `VtkError` becomes an error of the algorithm."""

    def warn(self, text: str) -> None:
        """Say something of the output, as VTK's filters do."""
        warn(text)

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the first input."""
        like(data_of(inInfo), outInfo)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the first input with other arrays."""
        inputs = [data_of(inInfo, port) for port in range(len(inInfo))]
        output = output_of(outInfo)
        output.ShallowCopy(inputs[0])
        return told(type(self).__name__, lambda: self.change(output, *inputs))


class FollowingAlgorithm(ArrayAlgorithm):
    """An algorithm that looks at the filter before it, beside getting its output."""

    part_of: ClassVar[str]
    """The types that it is a part of, as errors name them."""

    def __init__(self, inputs: int = 1) -> None:
        super().__init__(inputs)
        self._followed: ref[Any] | None = None

    def follow(self, filter: Any) -> None:
        """Look at that filter from now on; it is not kept alive."""
        self._followed = ref(filter)

    def followed(self) -> Any:
        """Return the filter before. Raises `VtkError` where there is none: it was made as no part of a type."""
        filter = None if self._followed is None else self._followed()
        if filter is None:
            raise VtkError(f"it is a part of {self.part_of}, and has nothing to follow here")
        return filter
