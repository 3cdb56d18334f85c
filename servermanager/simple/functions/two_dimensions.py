"""Colors and opacities by two numbers: shared by the names of arrays, as ParaView's scripts have them."""

from __future__ import annotations

from typing import Any, Final

from async_paraview.scene.looks.volumes import TRANSFER_FUNCTION_2D

from ..current import nearest, when_gone

_NAMES: Final = ("Boxes", "Range", "OutputDimensions", "ScalarRangeInitialized", "AutomaticRescaleRangeMode")


class TransferFunction2D:
    """Colors and opacities by two numbers: volumes that hold it have its boxes, with UseTransfer2D.

    What else traces of ParaView write down of it is kept, without effect: numbers are what they are in the data.
    """

    Boxes: list[Any]
    """x, y, width, height, red, green, blue and opacity of each box."""
    Range: list[float]
    OutputDimensions: list[int]
    ScalarRangeInitialized: int
    AutomaticRescaleRangeMode: str

    def __init__(self, name: str) -> None:
        """Have nothing set; `name` is that of the array."""
        self.name = name
        self.Boxes = []
        self.Range = [0.0, 1.0, 0.0, 1.0]
        self.OutputDimensions = [10, 10]
        self.ScalarRangeInitialized = 0
        self.AutomaticRescaleRangeMode = "Grow and update on 'Apply'"

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper() and name not in _NAMES:
            raise AttributeError(f"TransferFunction2D has no property {name!r}{nearest(name, _NAMES)}")
        if name == "Boxes":
            TRANSFER_FUNCTION_2D.by_name[name].check(value)
        object.__setattr__(self, name, value)
        if name == "Boxes":
            for holder, held in list(_of.items()):
                if held is self:
                    holder.take_boxes(value)

    def RescaleTransferFunction(self, *span: Any) -> bool:
        """Keep the ranges of both numbers: low, high, low, high. Raises ValueError for something else."""
        numbers = [float(one) for one in (span[0] if len(span) == 1 else span)]
        if len(numbers) != 4:
            raise ValueError(f"a transfer function of two numbers spans low, high, low, high, not {span!r:.60}")
        self.Range, self.ScalarRangeInitialized = numbers, 1
        return True

    def __repr__(self) -> str:
        return f"<TransferFunction2D of {self.name!r}>"


_made: Final[dict[str, TransferFunction2D]] = {}
_of: Final[dict[Any, TransferFunction2D]] = {}
"""What was set of color maps, and of what is shown."""

when_gone(_made.clear)
when_gone(_of.clear)


def GetTransferFunction2D(
    arrayname: str, array2name: str | None = None, representation: Any = None, separate: bool = False, **params: Any
) -> TransferFunction2D:
    """Return the colors by two numbers that arrays share, see TransferFunction2D."""
    name = arrayname if array2name is None else f"{arrayname}_{array2name}"
    found = _made.setdefault(name, TransferFunction2D(name))
    for key, value in params.items():
        setattr(found, key, value)
    return found


class InTwoDimensions:
    """Has a TransferFunction2D."""

    __slots__ = ()

    def take_boxes(self, boxes: Any) -> None:
        """Have these boxes: what colors arrays only keeps them."""

    @property
    def TransferFunction2D(self) -> TransferFunction2D | None:
        """Return what was set, None if nothing was."""
        return _of.get(self)

    @TransferFunction2D.setter
    def TransferFunction2D(self, function: TransferFunction2D | None) -> None:
        if function is None:
            _of.pop(self, None)
            self.take_boxes([])
        elif isinstance(function, TransferFunction2D):
            self.take_boxes(function.Boxes)
            _of[self] = function
        else:
            raise TypeError(f"TransferFunction2D takes what GetTransferFunction2D returns, not {function!r:.60}")
