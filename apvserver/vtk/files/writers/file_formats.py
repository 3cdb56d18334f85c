"""What the formats of files cannot hold, by the class of their writers: looked at before anything is written.

VTK's writers leave out what their format has no place for, mostly without a word, or write other values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkCellTypes, vtkCellTypeUtilities

from ...base.blocks import parts
from .file_formats_of_blocks import (
    exodus_arrays,
    exodus_blocks,
    exodus_names,
    hdf_blocks,
    hdf_names,
    hdf_types,
    left_out_of_exodus,
    left_out_of_hdf,
    xml_blocks,
)
from .file_formats_of_legacy import no_degrees, not_turned, short_variants, single_bits
from .written_as import LEGACY_WRITERS, arrays_of

Rule = Callable[[Any], str | None]

_MANY: Final = "one of its planes can be (ExtractSubset takes one); for a volume .vti, .mha, .nii, .tif"
_TO_BYTES: Final = "ImageShiftScale or ImageCast, with OutputScalarType, make numbers that fit; .vti and .mha hold all"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ROUNDING: Final = 2.0**-24
_EXODUS_CELLS: Final = frozenset({3, 5, 9, 10, 12, 13, 14, *range(21, 30)})
"""Lines, triangles, quadrilaterals, tetrahedra, hexahedra, wedges, pyramids, and their forms of second degree."""
_TOLERATED: Final = 1e-5
"""Of the size of the data: farther than this no point may move when it becomes a number of single precision."""


def unholdable(writer: str, data: Any) -> str | None:
    """Return why what a writer makes cannot hold the data, and what to do instead; None if it can."""
    rules = (*_RULES.get(writer, ()), *((_names_of_xml,) if writer.startswith("vtkXML") else ()))
    return next((why for rule in rules if (why := rule(data)) is not None), None)


def left_out(writer: str, data: Any) -> str | None:
    """Return what a format leaves out as it must, in words. None if it is nothing."""
    return "; ".join(_TOLD[writer](data)) or None if writer in _TOLD else None


def _of_shapes(*kept: int) -> Callable[[Any], Iterator[str]]:
    """Return a rule of what formats of mere shapes leave out: all arrays but those of points with these roles."""

    def told(data: Any) -> Iterator[str]:
        names = [
            attributes.GetArrayName(index) or "(without a name)"
            for attributes in (data.GetPointData(), data.GetCellData(), data.GetFieldData())
            for index in range(attributes.GetNumberOfArrays())
            if not (attributes is data.GetPointData() and attributes.IsArrayAnAttribute(index) in kept)
        ]
        if names:
            yield f"the format holds the shape only, and these arrays are not in the file: {', '.join(names)}"

    return told


def _of_pictures(data: Any) -> Iterator[str]:
    place = (*data.GetPoint(0), *data.GetSpacing())
    if place != (0.0, 0.0, 0.0, 1.0, 1.0, 1.0) or not data.GetDirectionMatrix().IsIdentity():
        yield "a picture has pixels only: its place, spacing and direction are not in the file"
    yield from _of_fields(data)


def _of_bitmaps(data: Any) -> Iterator[str]:
    if data.GetPointData().GetScalars().GetNumberOfComponents() == 1:
        yield "grey becomes three components that are alike"
    yield from _of_pictures(data)


def _of_fields(data: Any) -> Iterator[str]:
    held = data.GetFieldData()
    names = [held.GetArrayName(index) or "(without a name)" for index in range(held.GetNumberOfArrays())]
    if names:
        yield f"these arrays of the whole are not in the file: {', '.join(names)}"


def _one_plane(data: Any) -> str | None:
    planes = min(data.GetDimensions())
    return None if planes <= 1 else f"a picture has one plane and the data {_by(data.GetDimensions())} points; {_MANY}"


def _by(dimensions: tuple[int, ...]) -> str:
    return " x ".join(map(str, dimensions))


def _upright(data: Any) -> str | None:
    """Require what VTK's writers of pictures take: planes across z."""
    if data.GetDimensions()[2] <= 1:
        return None
    return f"a picture lies across z and the data has {_by(data.GetDimensions())} points; ImagePermute turns it"


def _upright_pages(data: Any) -> str | None:
    """Require pages that lie across z, of which one is enough."""
    across = data.GetDimensions()
    return _upright(data) if min(across) <= 1 and across[2] > 1 else None


def _colors_of_a_page(data: Any) -> str | None:
    """Refuse colors on several pages, or of 16 bits: VTK writes the first component, and reads what is not there.

    Alpha is not written, because it would say that the colors were multiplied by it.
    """
    scalars = data.GetPointData().GetScalars()
    if scalars.GetNumberOfComponents() == 1:
        return None
    if data.GetDimensions()[2] > 1:
        return (
            f"it holds colors of one page, and the data has {_by(data.GetDimensions())} points; .vti and .mha hold it"
        )
    if scalars.GetDataTypeAsString() != "unsigned char":
        return "its colors have 8 bits each; .png holds 16, .vti holds all"
    return None


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


def _right_handed(data: Any) -> str | None:
    """Require right-handed axes: VTK gives other images a quaternion that ITK reads as no direction at all."""
    if data.GetDirectionMatrix().Determinant() > 0:
        return None
    return "its axes turn the other way round (a direction matrix with a negative determinant); .vti and .mha hold it"


def _only_polygons(data: Any) -> str | None:
    counts = {"vertices": data.GetNumberOfVerts(), "lines": data.GetNumberOfLines()}
    found = [f"{count} {name}" for name, count in counts.items() if count]
    return f"it holds polygons only, and there are {', '.join(found)}; .vtp holds them" if found else None


def _some_polygons(data: Any) -> str | None:
    """Require polygons, where there are points: a file without any would have lost the points, too."""
    none = not data.GetNumberOfPolys() + data.GetNumberOfStrips() and data.GetNumberOfPoints()
    return (
        f"it holds polygons, and there are points only, {data.GetNumberOfPoints()}; .vtp holds them" if none else None
    )


def _no_strips(data: Any) -> str | None:
    strips = data.GetNumberOfStrips()
    return (
        f"it holds no triangle strips, and there are {strips}; Triangulate makes triangles of them" if strips else None
    )


def _in_single_precision(data: Any) -> str | None:
    points = data.GetPoints()
    if points is None or points.GetData().GetDataTypeAsString() != "double":
        return None
    return _moved(data, "Transform brings the data near the origin, .vtp and .obj hold double precision")


def _place_in_single_precision(data: Any) -> str | None:
    return _moved(data, "vtkImageChangeInformation sets another origin, .vti and .mha hold double precision")


def _moved(data: Any, ways: str) -> str | None:
    """Refuse coordinates far away from the origin, for their size: they become others."""
    if not data.GetNumberOfPoints():
        return None
    farthest = max(map(abs, data.GetBounds())) * _ROUNDING
    if farthest <= _TOLERATED * data.GetLength() or data.GetNumberOfPoints() == 1:
        return None
    return f"it holds coordinates in single precision, and points would move by up to {farthest:.2g}; {ways}"


def _exodus_cells(data: Any) -> str | None:
    """Require cells of types that VTK writes: it leaves all others away, with their points."""
    for part in parts(data):
        types = vtkCellTypes()
        part.GetDistinctCellTypes(types)
        kinds = [types.GetCellType(index) for index in range(types.GetNumberOfTypes())]
        wrong = next((kind for kind in kinds if kind not in _EXODUS_CELLS), None)
        if wrong is not None:
            name = vtkCellTypeUtilities.GetClassNameFromTypeId(wrong)
            return f"it holds no cells like {name}; Tetrahedralize makes cells that it holds, .vtu holds all"
    return None


def _names_of_xml(data: Any) -> str | None:
    """Refuse most of the characters below the blank: XML 1.0 has no way to say them."""
    for array in arrays_of(data):
        components = (array.GetComponentName(index) for index in range(array.GetNumberOfComponents()))
        wrong = next((one for one in (array.GetName(), *components) if one and _CONTROL.search(one)), None)
        if wrong is not None:
            return f"names in it have no control characters, and there is {wrong!r}; .vtk holds it"
    return None


def _no_amr(data: Any) -> str | None:
    return "VTK writes what its reader cannot read of an AMR; .vthb holds it" if data.IsA("vtkUniformGridAMR") else None


_PICTURE: Final[tuple[Rule, ...]] = (_one_plane, _upright, _one_array)
_BYTE: Final = ("unsigned char",)
_WORDS: Final = ("unsigned char", "unsigned short")
_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "vtkPNGWriter": (*_PICTURE, _pixels(_WORDS, (1, 2, 3, 4))),
    "vtkJPEGWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkTIFFWriter": (_upright_pages, _one_array, _pixels((*_WORDS, "float"), (1, 3)), _colors_of_a_page),
    "vtkBMPWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkPNMWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkPostScriptWriter": (*_PICTURE, _pixels(_BYTE, (1, 3))),
    "vtkImageWriter": (_one_array,),
    "vtkPImageWriter": (_one_array,),
    "vtkMetaImageWriter": (_one_array, _no_64_bits),
    "vtkNIFTIImageWriter": (_one_array, _right_handed, _place_in_single_precision),
    **dict.fromkeys(LEGACY_WRITERS, (not_turned, no_degrees, single_bits, short_variants)),
    "vtkXMLMultiBlockDataWriter": (xml_blocks,),
    "vtkXMLPartitionedDataSetWriter": (xml_blocks,),
    "vtkXMLPartitionedDataSetCollectionWriter": (_no_amr, xml_blocks),
    "vtkHDFWriter": (hdf_blocks, hdf_names, hdf_types),
    "vtkPLYWriter": (_only_polygons, _no_strips, _in_single_precision),
    "vtkSTLWriter": (_only_polygons, _some_polygons, _in_single_precision),
    "vtkIOSSWriter": (exodus_blocks, _exodus_cells, exodus_names, exodus_arrays),
}
"""By the class of the writer, in the order in which they are told."""

_NORMALS, _TCOORDS = 2, 3  # of vtkDataSetAttributes
PICTURES: Final = (
    *(f"vtk{kind}Writer" for kind in ("PNG", "JPEG", "TIFF", "BMP", "PNM", "PostScript")),
    "vtkImageWriter",
    "vtkPImageWriter",
)
"""The last two write bare numbers."""
_TOLD: Final[dict[str, Callable[[Any], Iterator[str]]]] = {
    "vtkPLYWriter": _of_shapes(_NORMALS, _TCOORDS),
    "vtkSTLWriter": _of_shapes(),
    "vtkOBJWriter": _of_shapes(_NORMALS, _TCOORDS),
    **dict.fromkeys(PICTURES, _of_pictures),
    "vtkBMPWriter": _of_bitmaps,
    **dict.fromkeys(("vtkMetaImageWriter", "vtkNIFTIImageWriter", "vtkDelimitedTextWriter"), _of_fields),
    "vtkHDFWriter": left_out_of_hdf,
    "vtkIOSSWriter": left_out_of_exodus,
}
"""By the class of the writer: what its files leave out, in words."""
