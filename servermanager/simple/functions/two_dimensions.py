"""Colors and opacities by two numbers: what scripts write down of them is kept, and none is used."""

from __future__ import annotations

from typing import Any, Final

from ..current import nearest, when_gone

_NAMES: Final = ("Boxes", "Range", "OutputDimensions", "ScalarRangeInitialized", "AutomaticRescaleRangeMode")


class TransferFunction2D:
    """What scripts write down of colors and opacities by two numbers, as traces of ParaView do: without effect.

    Volumes have the colors and opacities of one array; Use2DTransferFunction of what is shown is refused.
    """

    Boxes: list[Any]
    """Regions of the two numbers, with their colors."""
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
        object.__setattr__(self, name, value)

    def RescaleTransferFunction(self, *span: Any) -> bool:
        """Keep the ranges of both numbers: low, high, low, high. Raises ValueError for something else."""
        numbers = [float(one) for one in (span[0] if len(span) == 1 else span)]
        if len(numbers) != 4:
            raise ValueError(f"a transfer function of two numbers spans low, high, low, high, not {span!r:.60}")
        self.Range, self.ScalarRangeInitialized = numbers, 1
        return True

    def __repr__(self) -> str:
        return f"<TransferFunction2D of {self.name!r}, without effect>"


_made: Final[dict[str, TransferFunction2D]] = {}
_of: Final[dict[Any, TransferFunction2D]] = {}
"""What was set of color maps, and of what is shown."""

when_gone(_made.clear)
when_gone(_of.clear)


def GetTransferFunction2D(
    arrayname: str, array2name: str | None = None, representation: Any = None, separate: bool = False, **params: Any
) -> TransferFunction2D:
    """Return what is kept of colors by two numbers of arrays: it is without effect, see TransferFunction2D."""
    name = arrayname if array2name is None else f"{arrayname}_{array2name}"
    found = _made.setdefault(name, TransferFunction2D(name))
    for key, value in params.items():
        setattr(found, key, value)
    return found


class InTwoDimensions:
    """Has a TransferFunction2D that is kept."""

    __slots__ = ()

    @property
    def TransferFunction2D(self) -> TransferFunction2D | None:
        """Return what was set, None if nothing was."""
        return _of.get(self)

    @TransferFunction2D.setter
    def TransferFunction2D(self, function: TransferFunction2D | None) -> None:
        if function is None:
            _of.pop(self, None)
        elif isinstance(function, TransferFunction2D):
            _of[self] = function
        else:
            raise TypeError(f"TransferFunction2D takes what GetTransferFunction2D returns, not {function!r:.60}")
