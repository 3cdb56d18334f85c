"""What VTK's reader for PDB files leaves out or mixes, told once for each state of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkOutputWindow

from ..file_states import FileStates, states_of

_ATOMS: Final = (b"ATOM", b"HETATM")
_HYDROGEN: Final = frozenset((b"H", b"D"))
_told: WeakKeyDictionary[Any, FileStates] = WeakKeyDictionary()


def tell_what_is_left_out(reader: Any) -> None:
    """Warn of atoms that the reader does not read, and of models that it puts in one place."""
    path = reader.GetFileName()
    states = states_of([path or ""])
    if not path or not Path(path).is_file() or _told.get(reader) == states:
        return
    _told[reader] = states
    hydrogens, models = counts(path)
    if hydrogens:
        _warn(f"{path}: the {hydrogens} hydrogen atoms in it are left out; a .xyz or .cube file shows them")
    if models > 1:
        _warn(f"{path}: its {models} models are shown together, in the same place; take one of them out to see it")


def counts(path: str) -> tuple[int, int]:
    """Return the numbers of hydrogen atoms and of models."""
    hydrogens = models = 0
    with Path(path).open("rb") as stream:
        for line in stream:
            if line.startswith(_ATOMS):
                hydrogens += (line[76:78].strip() or line[12:14].strip(b" 0123456789")).upper() in _HYDROGEN
            elif line.startswith(b"MODEL "):
                models += 1
    return hydrogens, models


def _warn(text: str) -> None:
    vtkOutputWindow.GetInstance().DisplayWarningText(f"vtkPDBReader: {text}")
