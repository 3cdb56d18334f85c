"""Tells the time of a PLOT3D solution, which VTK's reader reads, and does not announce."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow

_TIME: Final = 3
"""Behind the Mach number, the angle of attack and the Reynolds number."""


def tell_time(reader: Any, data: Any) -> None:
    """Warn of a time that is not 0, which is what the reader announces."""
    for index in range(data.GetNumberOfBlocks()):
        block = data.GetBlock(index)
        found = block.GetFieldData().GetArray("Properties") if block is not None else None
        time = found.GetValue(_TIME) if found is not None and found.GetNumberOfValues() > _TIME else 0.0
        if time != 0:
            vtkOutputWindow.GetInstance().DisplayWarningText(
                f"{reader.GetQFileName()}: the solution is of the time {time:g}, which is not announced; it "
                'is the fourth number of the field array "Properties"'
            )
            return
