"""An algorithm of our own: reads Gaussian cubes, with atoms and grid at their places; VTK's gives steps of the grid."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMolecule, vtkPolyData, vtkStructuredGrid
from vtkmodules.vtkDomainsChemistry import vtkPeriodicTable, vtkSimpleBondPerceiver

from ...base.data_making import add_array, cells_of, points_of
from ...geometry.level_of_detail import vertices
from ..contents.cube_text import Cube, read_cube
from .own_reader import OwnReader

_ALIGNED: Final = 1e-9


class GaussianCubeReader(OwnReader):
    """GaussianCubeReader - Reads the atoms of a Gaussian cube and the numbers on its grid: two ports.

    Lengths are in the unit of the file, which the field array LengthUnit names. Bonds are where two atoms are as near
    as their covalent radii say.
    """

    OUTPUTS = ("vtkPolyData", "vtkDataSet")

    def kinds(self, path: str) -> tuple[str, ...]:
        """Return an image where the axes are at right angles, else a curvilinear grid."""
        return "vtkPolyData", "vtkImageData" if _is_image(self._cube(path).axes) else "vtkStructuredGrid"

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the atoms with bonds, and the grid."""
        cube = self._cube(path)
        made = _atoms(cube), _grid(cube)
        for one in made:
            add_array(one.GetFieldData(), "LengthUnit", [cube.unit])
        return made

    def _cube(self, path: str) -> Cube:
        found: Cube = self.kept(path, read_cube)
        return found


def _atoms(cube: Cube) -> Any:
    made = vtkPolyData()
    made.SetPoints(points_of(cube.places))
    made.SetVerts(vertices(len(cube.numbers)))
    bonds = _bonds(cube)
    made.SetLines(cells_of(np.arange(len(bonds) + 1) * 2, bonds.ravel()))
    table = vtkPeriodicTable()
    add_array(made.GetPointData(), "Atomic Numbers", cube.numbers)
    add_array(made.GetPointData(), "Charges", cube.charges)
    add_array(
        made.GetPointData(), "Symbols", np.array([table.GetSymbol(max(int(one), 0)) for one in cube.numbers], str)
    )
    return made


def _bonds(cube: Cube) -> Any:
    """Return pairs of atoms."""
    molecule = vtkMolecule()
    for number, place in zip(cube.numbers.tolist(), (cube.places * cube.angstrom).tolist(), strict=True):
        molecule.AppendAtom(max(number, 0), *place)
    perceiver = vtkSimpleBondPerceiver()
    perceiver.SetInputData(molecule)
    perceiver.Update()
    found = perceiver.GetOutput()
    pairs = [found.GetBond(index) for index in range(found.GetNumberOfBonds())]
    return np.array([(one.GetBeginAtomId(), one.GetEndAtomId()) for one in pairs], np.int64).reshape(-1, 2)


def _is_image(axes: Any) -> bool:
    """Return whether the axes are at right angles and right-handed, so that an image with a direction has them."""
    lengths = np.linalg.norm(axes, axis=1)
    if not lengths.all():
        return False
    units = axes / lengths[:, None]
    return bool(np.abs(units @ units.T - np.eye(3)).max() < _ALIGNED and np.linalg.det(units) > 0)


def _grid(cube: Cube) -> Any:
    if _is_image(cube.axes):
        made = vtkImageData()
        lengths = np.linalg.norm(cube.axes, axis=1)
        made.SetOrigin(*cube.origin)
        made.SetSpacing(*lengths)
        made.SetDirectionMatrix((cube.axes / lengths[:, None]).T.ravel().tolist())
        made.SetDimensions(*cube.counts)
    else:
        made = vtkStructuredGrid()
        made.SetDimensions(*cube.counts)
        places = np.indices(cube.counts).transpose(3, 2, 1, 0).reshape(-1, 3) @ cube.axes + cube.origin
        made.SetPoints(points_of(places))
    for column, name in enumerate(cube.names):
        values = cube.values[:, column].reshape(cube.counts)
        add_array(made.GetPointData(), name, values.ravel(order="F"))
    made.GetPointData().SetActiveScalars(cube.names[0])
    return made
