"""Where helices and sheets of a PDB file begin and end: VTK's reader leaves that as it finds it in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy

_RECORDS: Final = {
    "HELIX ": (slice(19, 20), slice(21, 25), slice(33, 37)),
    "SHEET ": (slice(21, 22), slice(22, 26), slice(33, 37)),
}
"""Where records have the chain, the first and the last residue, after the format's description (version 3.3)."""
_BEGIN, _END = "secondary_structures_begin", "secondary_structures_end"


def mark_ends(reader: Any, data: Any) -> None:
    """Mark the atoms of the first and of the last residue of each helix and sheet, and no others."""
    atoms = data.GetPointData()
    if any(atoms.GetArray(name) is None for name in (_BEGIN, _END, "chain", "residue")):
        return
    chains, residues = (vtk_to_numpy(atoms.GetArray(name)) for name in ("chain", "residue"))
    begin, end = (vtk_to_numpy(atoms.GetArray(name)) for name in (_BEGIN, _END))
    begin[:] = end[:] = 0
    path = reader.GetFileName()
    for chain, first, last in _structures(Path(path)) if path and Path(path).is_file() else ():
        here: npt.NDArray[np.bool_] = chains == chain
        begin[here & (residues == first)] = 1
        end[here & (residues == last)] = 1
    for name in (_BEGIN, _END):
        atoms.GetArray(name).Modified()


def _structures(path: Path) -> Iterator[tuple[int, int, int]]:
    """Yield the chain, as VTK has it, and the numbers of the first and the last residue of each."""
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            places = _RECORDS.get(line[:6])
            if places is not None:
                chain, first, last = (line[place].strip() for place in places)
                if len(chain) == 1 and first.lstrip("-").isdigit() and last.lstrip("-").isdigit():
                    yield ord(chain), int(first), int(last)
