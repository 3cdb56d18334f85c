"""Tensors in Exodus files, whose components are variables of their own: in VTK's order, with names, and turned so."""

from pathlib import Path

import numpy as np
import pytest

from servermanager import connect

from ..harness.apvtest import in_loop
from ..harness.exodus_by_hand import exodus_file
from ..harness.opening import leaves, opened, values

CUBE = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], float)
FULL = ("xx", "yy", "zz", "xy", "yz", "zx", "yx", "zy", "xz")
SYMMETRIC = FULL[:6]
ROWS = [a + b for a in "XYZ" for b in "XYZ"]


def write(path: Path, names: list[str]) -> None:
    """A cube at two times; the first variable is 1 there and 101, the second 2 and 102 ..., of points 1/2 more."""
    sizes = {
        "num_nodes": 8, "num_elem": 1, "num_el_blk": 1, "num_el_in_blk1": 1, "num_nod_per_el1": 8,
        "num_elem_var": len(names), "num_nod_var": len(names), "time_step": None,
    }  # fmt: skip
    with exodus_file(path, sizes) as file:
        file.add("time_whole", "f8", ("time_step",), [0.0, 1.0])
        file.add_places(CUBE)
        file.add("eb_status", "i4", ("num_el_blk",), 1)
        file.add("eb_prop1", "i4", ("num_el_blk",), [1], name="ID")
        file.add("connect1", "i4", ("num_el_in_blk1", "num_nod_per_el1"), np.arange(1, 9)[None], elem_type="HEX8")
        for kind in ("elem", "nod"):
            file.add_names(f"name_{kind}_var", f"num_{kind}_var", names)
        for index in range(len(names)):
            number = np.array([[index + 1.0], [index + 101.0]])
            file.add(f"vals_elem_var{index + 1}eb1", "f8", ("time_step", "num_el_in_blk1"), number)
            file.add(f"vals_nod_var{index + 1}", "f8", ("time_step", "num_nodes"), np.repeat(number + 0.5, 8, axis=1))


@pytest.mark.parametrize(("time", "more"), [(0, 0), (1, 100)])
def test_full_tensors_are_by_rows_and_symmetric_ones_have_names(tmp_path: Path, time: int, more: int) -> None:
    names = ["stress_" + one for one in SYMMETRIC] + ["F" + one for one in FULL] + ["v_x", "v_y", "v_z"]
    write(tmp_path / "a.exo", names)
    ((_, made),) = leaves(opened(tmp_path / "a.exo", time=time))
    for attributes, plus in ((made.GetCellData(), more), (made.GetPointData(), more + 0.5)):
        full, stress = attributes.GetArray("F"), attributes.GetArray("stress")
        assert [full.GetComponentName(index) for index in range(9)] == ROWS
        number = {name: index + 1 + len(SYMMETRIC) + plus for index, name in enumerate(FULL)}
        assert values(attributes, "F")[0].tolist() == [number[name.lower()] for name in ROWS]
        assert [stress.GetComponentName(index) for index in range(6)] == ["XX", "YY", "ZZ", "XY", "YZ", "XZ"]
        assert values(attributes, "stress")[0].tolist() == [one + plus for one in range(1, 7)]
        assert values(attributes, "v")[0].tolist() == [one + plus for one in (16, 17, 18)]


@in_loop
async def test_a_part_that_is_turned_has_its_full_tensor_turned(tmp_path: Path) -> None:
    """By 90 degrees about z: Q F Q^T, computed with numpy."""
    write(tmp_path / "a.exo", ["F" + one for one in FULL])
    tensor = np.zeros((3, 3))
    for index, name in enumerate(FULL):
        tensor["xyz".index(name[0]), "xyz".index(name[1])] = index + 1
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
    async with await connect() as session:
        source = await session.open(tmp_path / "a.exo")
        moved = session.filters.Transform(Input=source)
        await moved.definition()
        moved.Transform.Rotate = [0, 0, 90]
        data = (await moved.fetch()).to_vtk()
    ((_, made),) = leaves(data)
    np.testing.assert_allclose(values(made.GetCellData(), "F")[0].reshape(3, 3), turn @ tensor @ turn.T, atol=1e-12)
