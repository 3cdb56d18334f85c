"""What the formats of files cannot hold, by the class of their writers: looked at before anything is written.

VTK's writers leave out what their format has no place for, mostly without a word, or write other values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkCellTypes, vtkCellTypeUtilities

from apvserver.vtk_bridge.information import parts

Rule = Callable[[Any], str | None]

_MANY: Final = "one of its planes can be (ExtractSubset takes one); for a volume .vti, .mha, .nii"
_TO_BYTES: Final = "ImageShiftScale or ImageCast, with OutputScalarType, make numbers that fit; .vti and .mha hold all"
_ROUNDING: Final = 2.0**-24
_EXODUS_CELLS: Final = frozenset({3, 5, 9, 10, 12, 13, 14, *range(21, 30)})
"""Lines, triangles, quadrilaterals, tetrahedra, hexahedra, wedges, pyramids, and their forms of second degree."""
_TOLERATED: Final = 1e-5
"""Of the size of the data: farther than this no point may move when it becomes a number of single precision."""


def unholdable(writer: str, data: Any) -> str | None:
    """Why what a writer makes cannot hold the data, and what to do instead; None if it can."""
    return next((why for rule in _RULES.get(writer, ()) if (why := rule(data)) is not None), None)


def left_out(writer: str, data: Any) -> str | None:
    """What formats of mere geometry leave out as they must: the names of the arrays. None if it is nothing."""
    kept = _GEOMETRY.get(writer)
    if kept is None or not data.IsA("vtkDataSet"):
        return None
    names = [
        attributes.GetArrayName(index) or "(without a name)"
        for attributes in (data.GetPointData(), data.GetCellData(), data.GetFieldData())
        for index in range(attributes.GetNumberOfArrays())
        if not (attributes is data.GetPointData() and attributes.IsArrayAnAttribute(index) in kept)
    ]
    return (
        f"the format holds the shape only, and these arrays are not in the file: {', '.join(names)}" if names else None
    )


def _one_plane(data: Any) -> str | None:
    planes = min(data.GetDimensions())
    return None if planes <= 1 else f"a picture has one plane and the data {_by(data.GetDimensions())} points; {_MANY}"


def _by(dimensions: tuple[int, ...]) -> str:
    return " x ".join(map(str, dimensions))


def _upright(data: Any) -> str | None:
    """VTK's writers of pictures take planes across z."""
    if data.GetDimensions()[2] <= 1:
        return None
    return f"a picture lies across z and the data has {_by(data.GetDimensions())} points; ImagePermute turns it"


def _pixels(types: tuple[str, ...], components: tuple[int, ...]) -> Rule:
    def rule(data: Any) -> str | None:
        scalars = data.GetPointData().GetScalars()
        if scalars is None:
            return "there is no array of points to make pixels of"
        found, count = scalars.GetDataTypeAsString(), scalars.GetNumberOfComponents()
        if found not in types:
            return f"its pixels are {' or '.join(types)} and {scalars.GetName()} is {found}; {_TO_BYTES}"
        if count not in components:
            sizes = " or ".join(map(str, components))
            return f"its pixels have {sizes} component(s) and {scalars.GetName()} has {count}; .png and .vti hold them"
        return None

    return rule


def _one_array(data: Any) -> str | None:
    names = [
        attributes.GetArrayName(index) or "(without a name)"
        for attributes in (data.GetPointData(), data.GetCellData())
        for index in range(attributes.GetNumberOfArrays())
    ]
    if data.GetPointData().GetScalars() is None:
        return "there is no array of points that is marked as its scalars"
    if len(names) > 1:
        return f"it holds one array, and there are {', '.join(names)}; PassArrays keeps one, .vti holds all"
    return None


def _no_64_bits(data: Any) -> str | None:
    scalars = data.GetPointData().GetScalars()
    wrong = scalars is not None and scalars.GetDataTypeAsString().removeprefix("unsigned ") in ("long", "long long")
    return "VTK writes other numbers for integers of 64 bits; .vti and .nii hold them" if wrong else None


def _not_turned(data: Any) -> str | None:
    if not data.IsA("vtkImageData") or data.GetDirectionMatrix().IsIdentity():
        return None
    return "the image is turned (its direction matrix), which the format cannot say; .vti and .mha can"


def _right_handed(data: Any) -> str | None:
    """VTK's writer gives such images a quaternion that ITK reads as no direction at all."""
    if data.GetDirectionMatrix().Determinant() > 0:
        return None
    return "its axes turn the other way round (a direction matrix with a negative determinant); .vti and .mha hold it"


def _only_polygons(data: Any) -> str | None:
    counts = {"vertices": data.GetNumberOfVerts(), "lines": data.GetNumberOfLines()}
    found = [f"{count} {name}" for name, count in counts.items() if count]
    return f"it holds polygons only, and there are {', '.join(found)}; .vtp holds them" if found else None


def _no_strips(data: Any) -> str | None:
    strips = data.GetNumberOfStrips()
    return (
        f"it holds no triangle strips, and there are {strips}; Triangulate makes triangles of them" if strips else None
    )


def _in_single_precision(data: Any) -> str | None:
    """Coordinates far away from the origin, for their size, become others."""
    points = data.GetPoints()
    if points is None or points.GetData().GetDataTypeAsString() != "double" or not data.GetNumberOfPoints():
        return None
    farthest = max(map(abs, data.GetBounds())) * _ROUNDING
    if farthest <= _TOLERATED * data.GetLength():
        return None
    return (
        f"it holds coordinates in single precision, and points would move by up to {farthest:.2g}; "
        "Transform brings the data near the origin, .vtp and .obj hold double precision"
    )


def _exodus_cells(data: Any) -> str | None:
    """VTK leaves cells of all other types away, with their points."""
    for part in parts(data):
        types = vtkCellTypes()
        part.GetDistinctCellTypes(types)
        kinds = [types.GetCellType(index) for index in range(types.GetNumberOfTypes())]
        wrong = next((kind for kind in kinds if kind not in _EXODUS_CELLS), None)
        if wrong is not None:
            name = vtkCellTypeUtilities.GetClassNameFromTypeId(wrong)
            return f"it holds no cells like {name}; Tetrahedralize makes cells that it holds, .vtu holds all"
    return None


def _exodus_arrays(data: Any) -> str | None:
    for part in parts(data):
        for attributes in (part.GetPointData(), part.GetCellData()):
            for index in range(attributes.GetNumberOfArrays()):
                array = attributes.GetAbstractArray(index)
                if not array.IsNumeric() or array.GetDataTypeAsString() == "bit":
                    return f"it holds numbers, and {array.GetName()} is {array.GetDataTypeAsString()}; .vtu holds it"
    return None


_PICTURE: Final[tuple[Rule, ...]] = (_one_plane, _upright, _one_array)
_BYTE: Final = ("unsigned char",)
_WORDS: Final = ("unsigned char", "unsigned short")
_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "vtkPNGWriter": (*_PICTURE, _pixels(_WORDS, (1, 2, 3, 4))),
    "vtkJPEGWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkTIFFWriter": (*_PICTURE, _pixels(_WORDS, (1, 3))),  # its alpha says that colours were multiplied by it
    "vtkBMPWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkPNMWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkMetaImageWriter": (_one_array, _no_64_bits),
    "vtkNIFTIImageWriter": (_one_array, _right_handed),
    "vtkGenericDataObjectWriter": (_not_turned,),
    "vtkPLYWriter": (_only_polygons, _no_strips, _in_single_precision),
    "vtkSTLWriter": (_only_polygons, _in_single_precision),
    "vtkIOSSWriter": (_exodus_cells, _exodus_arrays),
}
"""By the class of the writer, in the order in which they are told."""

_NORMALS, _TCOORDS = 2, 3  # of vtkDataSetAttributes
_GEOMETRY: Final[dict[str, tuple[int, ...]]] = {
    "vtkPLYWriter": (_NORMALS, _TCOORDS),
    "vtkSTLWriter": (),
    "vtkOBJWriter": (_NORMALS, _TCOORDS),
}
"""Writers of shapes, and what they keep of the arrays of points."""
