"""XDMF by hand: images in their plane, and integers that VTK cuts off."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.contents.xdmf.parsing import seen_in

from ..harness.opening import leaves, opened, values

HEAD, TAIL = '<Xdmf Version="2.0"><Domain>', "</Domain></Xdmf>"


def test_an_image_of_two_axes_is_in_the_plane_of_x_and_y(tmp_path: Path) -> None:
    """As a rectilinear grid of two axes is; sizes, origin and steps are in the order y, x."""
    grids = [
        '<Topology TopologyType="2DCoRectMesh" Dimensions="3 4"/><Geometry GeometryType="ORIGIN_DXDY">'
        '<DataItem Dimensions="2">20 10</DataItem><DataItem Dimensions="2">2 1</DataItem></Geometry>',
        '<Topology TopologyType="2DRectMesh" Dimensions="3 4"/><Geometry GeometryType="VXVY">'
        '<DataItem Dimensions="4">10 11 12 13</DataItem><DataItem Dimensions="3">20 22 24</DataItem></Geometry>',
    ]
    for grid in grids:
        (tmp_path / "a.xdmf").write_text(
            f'{HEAD}<Grid Name="g">{grid}<Attribute Name="n" Center="Node"><DataItem Dimensions="3 4">'
            f'{" ".join(map(str, range(12)))}</DataItem></Attribute><Attribute Name="c" Center="Cell"><DataItem '
            f'Dimensions="2 3">{" ".join(map(str, range(6)))}</DataItem></Attribute></Grid>{TAIL}'
        )
        ((_, made),) = leaves(opened(tmp_path / "a.xdmf"))
        assert made.GetBounds() == (10, 13, 20, 24, 0, 0)
        assert made.GetDimensions() == (4, 3, 1)
        assert values(made.GetPointData(), "n").tolist() == list(range(12))
        assert values(made.GetCellData(), "c").tolist() == list(range(6))
        x, y, _ = made.GetPoint(5)
        assert (x, y) == (11, 22)


@pytest.mark.parametrize(("highest", "refused"), [(2**32 - 2, False), (2**40, True)])
def test_unsigned_integers_of_64_bits_are_right_or_refused(tmp_path: Path, highest: int, refused: bool) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["id"] = np.array([1, 2, 3, highest], np.uint64)
    (tmp_path / "a.xdmf").write_text(
        f'{HEAD}<Grid Name="g"><Topology TopologyType="Polyvertex" NumberOfElements="4"/><Geometry GeometryType="XYZ">'
        '<DataItem Dimensions="4 3">0 0 0 1 0 0 2 0 0 3 0 0</DataItem></Geometry><Attribute Name="id" Center="Node">'
        f'<DataItem Dimensions="4" NumberType="UInt" Precision="8" Format="HDF">a.h5:/id</DataItem>'
        f"</Attribute></Grid>{TAIL}"
    )
    if refused:
        with pytest.raises(ExecutionFailed, match=r"'id' is stored as unsigned integers of 64 bits, .* cuts those off"):
            opened(tmp_path / "a.xdmf")
    else:
        ((_, made),) = leaves(opened(tmp_path / "a.xdmf"))
        assert values(made.GetPointData(), "id").tolist() == [1, 2, 3, highest]


POINTS = (
    '<Topology TopologyType="Polyvertex" NumberOfElements="4"/><Geometry GeometryType="XYZ">'
    '<DataItem Dimensions="4 3">0 0 0 1 0 0 2 0 0 3 0 0</DataItem></Geometry>'
)


def with_array(path: Path, item: str) -> Path:
    path.write_text(f'{HEAD}<Grid Name="g">{POINTS}<Attribute Name="a" Center="Node">{item}</Attribute></Grid>{TAIL}')
    return path


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            '<DataItem Dimensions="4" NumberType="Int" Precision="8">1 2 9007199254740993\n4</DataItem>',
            "2\\^53, such as 9007",
        ),
        ('<DataItem Dimensions="4" NumberType="UInt" Precision="8">1 2 3 9007199254740993</DataItem>', "2\\^53"),
        ('<DataItem Dimensions="4" Precision="8">0.5 nan 1 2</DataItem>', "words among the numbers, such as 'nan'"),
        ('<DataItem Dimensions="4" Precision="8">0.5 1 2 -Inf</DataItem>', "such as '-Inf'"),
        ('<DataItem Dimensions="4" Precision="8">0.5 1.5D+00 2 3</DataItem>', "such as '1.5D\\+00'"),
        (
            '<DataItem ItemType="HyperSlab" Dimensions="4"><DataItem Dimensions="3 1">0 1 4</DataItem>'
            '<DataItem Dimensions="4">0 1 2 3</DataItem></DataItem>',
            "a part is taken of numbers that stand in the file itself",
        ),
    ],
)
def test_numbers_in_the_file_that_would_become_others_are_refused(tmp_path: Path, item: str, told: str) -> None:
    with pytest.raises(ExecutionFailed, match=rf"a\.xdmf: .*{told}.*HDF5"):
        opened(with_array(tmp_path / "a.xdmf", item))


@pytest.mark.parametrize(
    ("item", "right"),
    [
        ('<DataItem Dimensions="4" NumberType="Int" Precision="8">9007199254740992 -9007199254740992 1 2</DataItem>',
         [2**53, -(2**53), 1, 2]),
        ('<DataItem Dimensions="4" Precision="8">12345678901234567890 1E5 -2.5e-300 +.5</DataItem>',
         [12345678901234567890.0, 1e5, -2.5e-300, 0.5]),
        ('<DataItem ItemType="HyperSlab" Dimensions="4"><DataItem Dimensions="3 1">2 2 4</DataItem>'
         '<DataItem Dimensions="10" Format="HDF">a.h5:/x</DataItem></DataItem>', [2, 4, 6, 8]),
    ],
)  # fmt: skip
def test_numbers_in_the_file_that_are_right(tmp_path: Path, item: str, right: list[float]) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.arange(10.0)
    ((_, made),) = leaves(opened(with_array(tmp_path / "a.xdmf", item)))
    assert values(made.GetPointData(), "a").tolist() == right


def test_a_file_is_gone_through_once_for_each_state_of_it(tmp_path: Path) -> None:
    path, begun = tmp_path / "a.xdmf", list[str]()

    class Noting:
        def begin(self, tag: str, attributes: dict[str, str]) -> None:
            begun.append(tag)

        def end(self, tag: str) -> None:
            """Note nothing."""

    path.write_text("<Xdmf><Domain/></Xdmf>")
    assert seen_in(str(path), Noting) is seen_in(str(path), Noting)
    assert begun == ["Xdmf", "Domain"]
    path.write_text("<Xdmf><Domain><Grid/></Domain></Xdmf>")
    seen_in(str(path), Noting)
    assert begun == ["Xdmf", "Domain", "Xdmf", "Domain", "Grid"]
