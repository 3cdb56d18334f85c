"""Symmetric tensors of OpenFOAM: XX, XY, XZ, YY, YZ, ZZ in files, XX, YY, ZZ, XY, YZ, XZ in data."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.opening import leaves, opened, values
from .test_flow_files import head, write_controls, write_mesh

WRITTEN = (1.5, 2, -3, 4, 5e-1, 6)
RIGHT = [1.5, 4, 6, 2, 0.5, -3]
TEXT = "(1.5 2 -3 4 5e-1 6)"
OTHER, OTHER_RIGHT = "(11 12 13 14 15 16)", [11, 14, 16, 12, 15, 13]
SAME_AS_CELLS = "".join(f"{one}{{type zeroGradient;}}\n" for one in ("inlet", "outlet", "walls"))


def write(folder: Path, internal: str, patches: str = SAME_AS_CELLS, time: str = "0") -> None:
    (folder / time).mkdir(parents=True, exist_ok=True)
    text = f"dimensions [0 2 -2 0 0 0 0];\n{internal}\nboundaryField\n{{\n{patches}}}\n"
    (folder / time / "R").write_text(head("volSymmTensorField", "R") + text)


def case(folder: Path) -> Path:
    write_mesh(folder / "constant" / "polyMesh")
    write_controls(folder)
    (folder / "a.foam").touch()
    return folder / "a.foam"


def with_patches(path: Path) -> tuple[dict[str, Any], list[str], Any]:
    """The blocks of all patches by name, what was warned of, and what reads them once more."""
    pipeline, warnings, executor = Pipeline(), list[str](), Executor()
    pipeline.create(1, *choose_for([str(path)]))
    reader = pipeline.algorithm(1)
    reader.UpdateInformation()
    for index in range(reader.GetNumberOfPatchArrays()):
        reader.SetPatchArrayStatus(reader.GetPatchArrayName(index), 1)

    def read() -> dict[str, Any]:
        executor.execute(pipeline, 1, time=0, on_message=lambda message: warnings.append(message.text))
        return dict(leaves(pipeline.algorithm(1).GetOutputDataObject(0)))

    return read(), warnings, (reader, read)


@pytest.mark.parametrize(
    "internal",
    [
        f"internalField uniform {TEXT};",
        f"stress uniform {TEXT};\ninternalField $stress;",
        f"internalField nonuniform List<symmTensor> 2({TEXT}{TEXT});",
        f"internalField nonuniform List<symmTensor> 2{{{TEXT}}};",
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_one_tensor_for_all_cells_is_ordered_as_a_list_is(tmp_path: Path, internal: str, compressed: bool) -> None:
    path = case(tmp_path)
    write(tmp_path, internal)
    if compressed:
        (tmp_path / "0" / "R.gz").write_bytes(gzip.compress((tmp_path / "0" / "R").read_bytes()))
        (tmp_path / "0" / "R").unlink()
    ((_, grid),) = leaves(opened(path, time=0))
    assert values(grid.GetCellData(), "R").tolist() == [RIGHT] * 2
    np.testing.assert_allclose(values(grid.GetPointData(), "R"), [RIGHT] * 12, rtol=1e-6)


def test_patches_with_one_tensor_and_cells_with_a_list(tmp_path: Path) -> None:
    """What VTK has averaged at the points of the grid, of both orders, is left out and told; at patches it is right."""
    path = case(tmp_path)
    patches = f"inlet{{type fixedValue; value uniform {TEXT};}}\nwalls{{type zeroGradient;}}\n"
    patches += f"outlet{{type fixedValue; value nonuniform List<symmTensor> 1({TEXT});}}\n"
    write(tmp_path, f"internalField nonuniform List<symmTensor> 2({TEXT}{OTHER});", patches)
    found, warnings, (reader, read) = with_patches(path)
    for blocks in (found, (reader.Modified(), read())[1]):
        assert values(blocks["internalMesh"].GetCellData(), "R").tolist() == [RIGHT, OTHER_RIGHT]
        assert blocks["internalMesh"].GetPointData().GetArray("R") is None
        assert values(blocks["walls"].GetCellData(), "R").tolist()[:2] == [RIGHT] * 2
        for patch in ("inlet", "outlet"):
            assert values(blocks[patch].GetCellData(), "R").tolist() == [RIGHT]
            assert values(blocks[patch].GetPointData(), "R").tolist() == [RIGHT] * 4
    assert "R of points: left out" in warnings[0] and "CellDataToPointData" in warnings[0]


def test_another_time_has_its_own(tmp_path: Path) -> None:
    path = case(tmp_path)
    write(tmp_path, f"internalField uniform {TEXT};", time="0")
    write(tmp_path, f"internalField nonuniform List<symmTensor> 2({TEXT}{OTHER});", time="0.5")
    for time, right in ((0.5, [RIGHT, OTHER_RIGHT]), (0, [RIGHT, RIGHT])):
        ((_, grid),) = leaves(opened(path, time=time))
        assert values(grid.GetCellData(), "R").tolist() == right
        assert grid.GetPointData().GetArray("R") is not None


def test_parts_of_which_one_has_one_tensor_are_left_out(tmp_path: Path) -> None:
    """Which cells are of which part is not known; parts that all have one are put in order."""
    write_controls(tmp_path)
    (tmp_path / "a.foam").touch()
    for number in (0, 1):
        write_mesh(tmp_path / f"processor{number}" / "constant" / "polyMesh")
        write(tmp_path / f"processor{number}", f"internalField uniform {TEXT};")
    ((_, grid),) = leaves(opened(tmp_path / "a.foam", time=0))
    assert values(grid.GetCellData(), "R").tolist() == [RIGHT] * 4
    write(tmp_path / "processor1", f"internalField nonuniform List<symmTensor> 2({OTHER}{OTHER});")
    warnings: list[str] = []
    ((_, grid),) = leaves(opened(tmp_path / "a.foam", time=0, warnings=warnings))
    assert grid.GetCellData().GetArray("R") is None and grid.GetPointData().GetArray("R") is None
    assert "R of cells, R of points: left out" in warnings[0] and "reconstructPar" in warnings[0]
