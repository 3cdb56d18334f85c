"""Writing data on the server: the writer that suits a file's name and the data, into a file that appears when done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkCommonMisc import vtkErrorCode

from async_paraview.names import unknown_name
from async_paraview.records import dataclass

from ...base.errors import FileError, InvalidProperty
from ...base.vtk_messages import capture
from ...types.catalog import construct
from ...types.properties import get_property, set_properties
from ...types.reflection import reflected
from ..reader_choice import READERS
from .chosen_arrays import taken_choice, with_chosen
from .csv_writer import write_csv
from .file_formats import left_out, unholdable
from .file_formats_of_text import lost_in_text
from .in_a_child import write_in_a_child, writes_in_a_child
from .legacy.legacy_writer import is_legacy, write_legacy
from .meta_image import write_meta_image
from .places import exact_levels
from .rows import as_rows, taken_row_options
from .staging import speaking_of, staged
from .verification import check_written
from .written_as import give, written_as

ROWS_WRITER: Final = "vtkDelimitedTextWriter"
"""Writes tables, and the points or cells of everything else, as rows of text."""
_TEXT: Final = {"Precision": 17}
"""As many digits as it takes to read the same number back."""


_DATA_SETS: Final = ("vtkDataSet", "vtkTable", "vtkGraph", "vtkCompositeDataSet")
_IN_HDF: Final = ("vtkDataSet", "vtkTable", "vtkHyperTreeGrid", "vtkCompositeDataSet")
_AS_ROWS: Final = ("vtkTable", "vtkDataSet", "vtkCompositeDataSet")
_BESIDE: Final = {"UseSubdirectory": True}
"""Pieces are in a directory of their own."""
WRITERS: Final[dict[str, tuple[str, tuple[str, ...], dict[str, Any]]]] = {
    ".vti": ("vtkXMLImageDataWriter", ("vtkImageData",), {}),
    ".vtp": ("vtkXMLPolyDataWriter", ("vtkPolyData",), {}),
    ".vtu": ("vtkXMLUnstructuredGridWriter", ("vtkUnstructuredGrid",), {}),
    ".vts": ("vtkXMLStructuredGridWriter", ("vtkStructuredGrid",), {}),
    ".vtr": ("vtkXMLRectilinearGridWriter", ("vtkRectilinearGrid",), {}),
    ".vtt": ("vtkXMLTableWriter", ("vtkTable",), {}),
    ".pvti": ("vtkXMLPImageDataWriter", ("vtkImageData",), _BESIDE),
    ".pvtp": ("vtkXMLPPolyDataWriter", ("vtkPolyData",), _BESIDE),
    ".pvtu": ("vtkXMLPUnstructuredGridWriter", ("vtkUnstructuredGrid",), _BESIDE),
    ".pvts": ("vtkXMLPStructuredGridWriter", ("vtkStructuredGrid",), _BESIDE),
    ".pvtr": ("vtkXMLPRectilinearGridWriter", ("vtkRectilinearGrid",), _BESIDE),
    ".vtm": ("vtkXMLMultiBlockDataWriter", ("vtkMultiBlockDataSet",), {}),
    ".vtmb": ("vtkXMLMultiBlockDataWriter", ("vtkMultiBlockDataSet",), {}),
    ".vtpd": ("vtkXMLPartitionedDataSetWriter", ("vtkPartitionedDataSet",), {}),
    ".vtpc": ("vtkXMLPartitionedDataSetCollectionWriter", ("vtkPartitionedDataSetCollection",), {}),
    ".vth": ("vtkXMLUniformGridAMRWriter", ("vtkUniformGridAMR",), {}),
    ".vthb": ("vtkXMLUniformGridAMRWriter", ("vtkUniformGridAMR",), {}),
    ".htg": ("vtkXMLHyperTreeGridWriter", ("vtkHyperTreeGrid",), {}),
    ".vtk": ("vtkGenericDataObjectWriter", _DATA_SETS, {"FileType": "Binary"}),
    ".vtkhdf": ("vtkHDFWriter", _IN_HDF, {}),
    ".hdf": ("vtkHDFWriter", _IN_HDF, {}),
    ".ply": ("vtkPLYWriter", ("vtkPolyData",), {}),
    ".stl": ("vtkSTLWriter", ("vtkPolyData",), {"FileType": "Binary"}),
    ".obj": ("vtkOBJWriter", ("vtkPolyData",), {}),
    ".csv": (ROWS_WRITER, _AS_ROWS, _TEXT),
    ".txt": (ROWS_WRITER, _AS_ROWS, _TEXT),
    ".tsv": (ROWS_WRITER, _AS_ROWS, {"FieldDelimiter": "\t", **_TEXT}),
    ".png": ("vtkPNGWriter", ("vtkImageData",), {}),
    ".jpg": ("vtkJPEGWriter", ("vtkImageData",), {}),
    ".jpeg": ("vtkJPEGWriter", ("vtkImageData",), {}),
    ".tif": ("vtkTIFFWriter", ("vtkImageData",), {}),
    ".tiff": ("vtkTIFFWriter", ("vtkImageData",), {}),
    ".pnm": ("vtkPNMWriter", ("vtkImageData",), {}),
    ".bmp": ("vtkBMPWriter", ("vtkImageData",), {}),
    ".mha": ("vtkMetaImageWriter", ("vtkImageData",), {}),
    ".nii": ("vtkNIFTIImageWriter", ("vtkImageData",), {}),
    ".nii.gz": ("vtkNIFTIImageWriter", ("vtkImageData",), {}),
    **dict.fromkeys(
        (".ex2", ".e", ".exo", ".exii", ".exodus"), ("vtkIOSSWriter", ("vtkDataSet", "vtkCompositeDataSet"), {})
    ),
}
"""By extension: the writer, the kinds of data that it takes, and its properties."""

_COMPRESSOR: Final = "CompressorType"
_COMPRESSORS: Final = ("None", "ZLib", "LZ4", "LZMA")
"""Of VTK's XML files, by VTK's numbers."""

PIECES: Final = frozenset({
    ".vtm", ".vtmb", ".vtpd", ".vtpc", ".vth", ".vthb", ".pvti", ".pvtp", ".pvtu", ".pvts", ".pvtr",
})  # fmt: skip
"""Formats of one file that names others, which are in a directory beside it."""

_HARMLESS: Final = ("They have been created assuming uniqueness", "No BlockID was found")
"""What VTK warns of while it writes, and nothing is lost by; all other warnings are errors."""

READ_BY_WRITERS: Final = frozenset({"TextureFileName", "PropertyTextureFile", "TextureBaseDirectory"})
"""Properties of writers that name what is read, or is only named in the file."""


@dataclass(frozen=True)
class Written:
    """A file that was written: its size, without that of its pieces, and what its format leaves out of the data."""

    size_bytes: int
    left_out: str | None


def choose_writer(path: str, data: Any) -> str:
    """Return the extension of a file that the data can be written to. Raises `FileError` naming those that can be."""
    extension = written_extension(path)
    fitting = [one for one, (_, kinds, _) in WRITERS.items() if any(data.IsA(kind) for kind in kinds)]
    if extension not in fitting:
        raise FileError(
            f"{path}: {extension or 'a name without extension'} is {_not_written(extension)} format for "
            f"{data.GetClassName()}; formats for it: {', '.join(sorted(fitting)) or 'none'}"
        )
    return extension


def written_extension(path: str) -> str:
    """Return the longest extension of a name that is written, lower case; else its last one."""
    name = Path(path).name.lower()
    known = [one for one in WRITERS if name.endswith(one) and len(name) > len(one)]
    return max(known, key=len, default=Path(path).suffix.lower())


def _not_written(extension: str) -> str:
    """Return what is to be said of a format that data is not written in."""
    if extension in WRITERS:
        return "not a"
    return "only read here, and not a" if extension in READERS else "unknown, or not a"


def write_data(path: str, data: Any, options: Mapping[str, Any], step: int | None = None) -> Written:
    """Write data to a file of the server. `options` are properties of VTK's writer.

    They may also choose arrays (`chosen_arrays`) and, where points or cells become rows of text, columns (`rows`); then
    `step` is the number of the data's time among those of its source.

    The file appears, or is replaced, when it is complete and on the disk. What the format cannot hold is refused, and
    so is what VTK warns of while it writes. Raises `FileError`, with the old file as it was; `InvalidProperty`,
    `UnknownProperty`.
    """
    if data is None:
        raise FileError(f"{path}: there is no data to write")
    type_name, _, properties = WRITERS[choose_writer(path, data)]
    chosen, others = taken_choice(options)
    data, scientific = with_chosen(data, chosen), False
    if type_name == ROWS_WRITER:
        columns, others = taken_row_options(others)
        data, scientific = as_rows(data, columns, step), columns.UseScientificNotation
    writer = construct(type_name)
    compressor = others.pop(_COMPRESSOR, None) if writer.IsA("vtkXMLWriterBase") else None
    set_properties(writer, {**properties, **others})
    if compressor is not None:
        writer.SetCompressorType(_compressor(compressor))
    give(writer, written_as(type_name, data))
    return write_by(writer, Path(path), data, scientific=scientific)


def _compressor(wanted: Any) -> int:
    """Return the number of a way to pack XML files. Raises `InvalidProperty`."""
    numbers: dict[Any, int] = {key: at for at, name in enumerate(_COMPRESSORS) for key in (at, name)}
    if isinstance(wanted, bool) or not isinstance(wanted, (int, str)) or wanted not in numbers:
        raise InvalidProperty(f"{_COMPRESSOR}: {unknown_name('compressor', wanted, _COMPRESSORS)}")
    return numbers[wanted]


def set_on(writer: Any) -> dict[str, Any]:
    """Return what was set on a writer: its properties, without those that name files, that are not as of a new one."""
    class_name = type(writer).__name__
    new = construct(class_name)
    properties = reflected(class_name).properties.values()
    kept = [one.name for one in properties if one.kind != "object" and not (one.path or one.information)]
    values = {name: get_property(writer, name) for name in kept}
    return {name: value for name, value in values.items() if value != get_property(new, name)}


def write_by(writer: Any, target: Path, data: Any, *, scientific: bool = False) -> Written:
    """Have a writer, which has its input, write a file; see `write_data`. Its FileName is another then.

    Numbers of text are `scientific` as 1.5e+00.
    """
    class_name = type(writer).__name__
    why = unholdable(class_name, data) or lost_in_text(writer, data)
    if why is not None:
        raise FileError(f"{target}: {class_name} cannot write this {data.GetClassName()}: {why}")
    with staged(target, pieces=target.suffix.lower() in PIECES) as name:
        writer.SetFileName(str(name))
        _tell_place(writer, data)
        with speaking_of(name, target):
            rows = partial(write_csv, name, writer, data, scientific=scientific)
            execute = rows if writer.IsA(ROWS_WRITER) else lambda: _execute(writer, name, data)
            notes, told = executed(writer, execute)
            refuse_told(writer, name, told, there=name.is_file())
            check_written(class_name, name, data)
        size_bytes = name.stat().st_size
    told = [*notes, *filter(None, [left_out(class_name, data)])]
    return Written(size_bytes, "; ".join(told) or None)


def executed(writer: Any, execute: Callable[[], list[str]]) -> tuple[list[str], list[str]]:
    """Have a writer write; returns what that returns, and what VTK tells meanwhile that something is lost by."""
    with capture() as captured:
        notes = execute()
    told = [one.text for one in captured.reports if not harmless(one.text)]
    code = getattr(writer, "GetErrorCode", int)()
    return notes, [*told, *([vtkErrorCode.GetStringFromErrorCode(code)] if code else [])]


def harmless(text: str) -> bool:
    """Return whether VTK says it while it writes, and nothing is lost by it."""
    return any(words in text for words in _HARMLESS)


def refuse_told(writer: Any, name: Path, told: list[str], *, there: bool) -> None:
    """Raise `FileError` if VTK told of something, or if there is no file."""
    if told or not there:
        text = "; ".join(dict.fromkeys(told)) or "VTK wrote nothing and gave no reason"
        raise FileError(f"{name} could not be written by {type(writer).__name__}: {text}")


def _execute(writer: Any, name: Path, data: Any) -> list[str]:
    """Write; returns what to tell of it. Python's lock is kept by a vtkWriter's `Write`, and not by its `Update`."""
    class_name = type(writer).__name__
    if writes_in_a_child(writer):
        told = write_in_a_child(
            class_name, {"FileName": name, **_read(writer)}, writer.GetInputDataObject(0, 0), set_on(writer)
        )
        for text in told:
            vtkOutputWindow.GetInstance().DisplayErrorText(text)
    elif is_legacy(writer):
        write_legacy(name, writer, data)
    elif writer.IsA("vtkMetaImageWriter"):
        write_meta_image(name, data, compressed=bool(writer.GetCompression()))
    elif writer.IsA("vtkWriter") or not hasattr(writer, "Write"):
        writer.Modified()
        writer.Update()
    else:
        writer.Write()
    if data.IsA("vtkOverlappingAMR") and name.suffix in (".vth", ".vthb") and name.is_file():
        name.write_text(exact_levels(name.read_text(encoding="utf-8"), data), encoding="utf-8")
    return []


def _read(writer: Any) -> dict[str, Path]:
    """Return files and directories that a writer reads, or names in what it writes."""
    values = {name: getattr(writer, f"Get{name}", str)() for name in READ_BY_WRITERS}
    return {name: Path(value) for name, value in values.items() if value}


def _tell_place(writer: Any, data: Any) -> None:
    """Tell VTK's writer of NIfTI the place and direction, as a matrix: it turns the origin too.

    TIFF files have pages if they are told to.
    """
    if writer.IsA("vtkTIFFWriter"):
        writer.SetFileDimensionality(3 if data.GetDimensions()[2] > 1 else 2)
    if not writer.IsA("vtkNIFTIImageWriter"):
        return
    matrix, origin = vtkMatrix4x4(), data.GetOrigin()
    for row in range(3):
        axes = [data.GetDirectionMatrix().GetElement(row, column) for column in range(3)]
        turned = sum(axis * place for axis, place in zip(axes, origin, strict=True))
        for column, value in enumerate((*axes, data.GetPoint(0)[row] - turned)):
            matrix.SetElement(row, column, value)
    writer.SetSFormMatrix(matrix)
    writer.SetQFormMatrix(matrix)  # which ITK goes by
