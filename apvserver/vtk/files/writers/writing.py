"""Writing data on the server: the writer that suits a file's name and the data, into a file that appears when done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline, vtkTrivialProducer
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkCommonMisc import vtkErrorCode

from ...base.data_roots import writable_path
from ...base.errors import FileError
from ...base.vtk_messages import capture
from ...types.catalog import construct
from ...types.properties import get_property, set_properties
from ...types.reflection import reflected
from .csv_writer import write_csv
from .file_formats import left_out, unholdable
from .file_formats_of_text import lost_in_text
from .legacy_writer import is_legacy, write_legacy
from .meta_image import write_meta_image
from .places import exact_levels
from .staging import staged
from .written_as import written_as

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_TEXT: Final = {"Precision": 17}
"""As many digits as it takes to read the same number back."""

_ELSEWHERE: Final = ("GetFilePrefix", "GetWriteToOutputString", "GetWriteToMemory")
"""What says of a writer that it writes numbered files, or none."""


_DATA_SETS: Final = ("vtkDataSet", "vtkTable", "vtkGraph", "vtkCompositeDataSet")
_IN_HDF: Final = ("vtkDataSet", "vtkTable", "vtkHyperTreeGrid", "vtkCompositeDataSet")
WRITERS: Final[dict[str, tuple[str, tuple[str, ...], dict[str, Any]]]] = {
    ".vti": ("vtkXMLImageDataWriter", ("vtkImageData",), {}),
    ".vtp": ("vtkXMLPolyDataWriter", ("vtkPolyData",), {}),
    ".vtu": ("vtkXMLUnstructuredGridWriter", ("vtkUnstructuredGrid",), {}),
    ".vts": ("vtkXMLStructuredGridWriter", ("vtkStructuredGrid",), {}),
    ".vtr": ("vtkXMLRectilinearGridWriter", ("vtkRectilinearGrid",), {}),
    ".vtt": ("vtkXMLTableWriter", ("vtkTable",), {}),
    ".vtm": ("vtkXMLMultiBlockDataWriter", ("vtkMultiBlockDataSet",), {}),
    ".vtpd": ("vtkXMLPartitionedDataSetWriter", ("vtkPartitionedDataSet",), {}),
    ".vtpc": ("vtkXMLPartitionedDataSetCollectionWriter", ("vtkPartitionedDataSetCollection",), {}),
    ".vthb": ("vtkXMLUniformGridAMRWriter", ("vtkUniformGridAMR",), {}),
    ".htg": ("vtkXMLHyperTreeGridWriter", ("vtkHyperTreeGrid",), {}),
    ".vtk": ("vtkGenericDataObjectWriter", _DATA_SETS, {"FileType": "Binary"}),
    ".vtkhdf": ("vtkHDFWriter", _IN_HDF, {}),
    ".ply": ("vtkPLYWriter", ("vtkPolyData",), {}),
    ".stl": ("vtkSTLWriter", ("vtkPolyData",), {"FileType": "Binary"}),
    ".obj": ("vtkOBJWriter", ("vtkPolyData",), {}),
    ".csv": ("vtkDelimitedTextWriter", ("vtkTable",), _TEXT),
    ".tsv": ("vtkDelimitedTextWriter", ("vtkTable",), {"FieldDelimiter": "\t", **_TEXT}),
    ".png": ("vtkPNGWriter", ("vtkImageData",), {}),
    ".jpg": ("vtkJPEGWriter", ("vtkImageData",), {}),
    ".jpeg": ("vtkJPEGWriter", ("vtkImageData",), {}),
    ".tif": ("vtkTIFFWriter", ("vtkImageData",), {}),
    ".tiff": ("vtkTIFFWriter", ("vtkImageData",), {}),
    ".pnm": ("vtkPNMWriter", ("vtkImageData",), {}),
    ".bmp": ("vtkBMPWriter", ("vtkImageData",), {}),
    ".mha": ("vtkMetaImageWriter", ("vtkImageData",), {}),
    ".nii": ("vtkNIFTIImageWriter", ("vtkImageData",), {}),
    ".ex2": ("vtkIOSSWriter", ("vtkDataSet", "vtkCompositeDataSet"), {}),
}
"""By extension: the writer, the kinds of data that it takes, and its properties."""

PIECES: Final = frozenset({".vtm", ".vtpd", ".vtpc", ".vthb"})
"""Formats of one file that names others, which are in a directory beside it."""

_HARMLESS: Final = ("They have been created assuming uniqueness",)
"""What VTK warns of while it writes, and nothing is lost by; all other warnings are errors."""

_ENDS: Final[dict[str, bytes]] = {
    **dict.fromkeys((".vti", ".vtp", ".vtu", ".vts", ".vtr", ".vtt", ".htg", *sorted(PIECES)), b"</VTKFile>"),
    ".png": b"IEND\xaeB`\x82",
    **dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd9"),
}
"""How complete files end, by extension."""


@dataclass(frozen=True)
class Written:
    """A file that was written: its size, without that of its pieces, and what its format leaves out of the data."""

    size_bytes: int
    left_out: str | None


def choose_writer(path: str, data: Any) -> str:
    """Return the extension of a file that the data can be written to. Raises `FileError` naming those that can be."""
    extension = Path(path).suffix.lower()
    fitting = [one for one, (_, kinds, _) in WRITERS.items() if any(data.IsA(kind) for kind in kinds)]
    if extension not in fitting:
        known = "" if extension in WRITERS else "unknown, or "
        raise FileError(
            f"{path}: {extension or 'a name without extension'} is {known}not a format for {data.GetClassName()}; "
            f"formats for it: {', '.join(sorted(fitting)) or 'none'}"
        )
    return extension


def write_data(path: str, data: Any, options: Mapping[str, Any]) -> Written:
    """Write data to a file of the server. `options` are properties of VTK's writer.

    The file appears, or is replaced, when it is complete and on the disk. What the format cannot hold is refused, and
    so is what VTK warns of while it writes. Raises `FileError`, with the old file as it was; `InvalidProperty`,
    `UnknownProperty`.
    """
    if data is None:
        raise FileError(f"{path}: there is no data to write")
    type_name, _, properties = WRITERS[choose_writer(path, data)]
    writer = construct(type_name)
    set_properties(writer, {**properties, **options})
    _give(writer, written_as(type_name, data))
    return _write(writer, Path(path), data)


def execute_writer(algorithm: Any) -> None:
    """Execute an algorithm without outputs. A writer's file appears when it is complete; what fails is told to VTK."""
    data = algorithm.GetInputDataObject(0, 0) if algorithm.GetNumberOfInputPorts() else None
    elsewhere = any(getattr(algorithm, name, bool)() for name in _ELSEWHERE)
    if data is None or not hasattr(algorithm, "SetFileName") or elsewhere:
        algorithm.Update()
        return
    path = algorithm.GetFileName()
    try:
        if not path:
            raise FileError("FileName is empty: it names the file to be written")
        writable_path(path)  # it may lead elsewhere by now
        _refuse_blocks(algorithm, data)
        with capture():  # what it tells comes back in the error
            written = _write(_of_its_own(algorithm, data), Path(path), data)
        if written.left_out is not None:
            vtkOutputWindow.GetInstance().DisplayWarningText(f"{path}: {written.left_out}")
    except FileError as error:
        vtkOutputWindow.GetInstance().DisplayErrorText(str(error))
    finally:
        algorithm.SetFileName(path)


def _refuse_blocks(writer: Any, data: Any) -> None:
    """Refuse blocks: VTK would execute the writer for each of them, and leave the last in the file."""
    kinds = reflected(type(writer).__name__).definition.inputs[0].data_types
    if data.IsA("vtkCompositeDataSet") and kinds and not any(map(data.IsA, kinds)):
        raise FileError(
            f"it holds one {kinds[0]}, not the blocks of a {data.GetClassName()}; MergeBlocks makes one of them"
        )


def _of_its_own(algorithm: Any, data: Any) -> Any:
    """Return the writer, or one like it beside the pipeline, if it must be given other data than the pipeline has."""
    class_name = type(algorithm).__name__
    given = written_as(class_name, data)
    if given is data:
        return algorithm
    simple = [one.name for one in reflected(class_name).properties.values() if one.kind == "simple" and not one.path]
    made = construct(class_name)
    set_properties(made, {name: get_property(algorithm, name) for name in simple})
    _give(made, given)
    return made


def _give(writer: Any, data: Any) -> None:
    """Have a writer write the data. Those of XML put its time into the file if their input has times."""
    producer, time = vtkTrivialProducer(), data.GetInformation().Get(data.DATA_TIME_STEP())
    producer.SetOutput(data)
    if writer.IsA("vtkXMLWriterBase") and data.GetInformation().Has(data.DATA_TIME_STEP()):
        producer.UpdateInformation()
        producer.GetOutputInformation(0).Set(_PIPELINE.TIME_STEPS(), [time], 1)
        producer.GetOutputInformation(0).Set(_PIPELINE.TIME_RANGE(), [time, time], 2)
    writer.SetInputConnection(producer.GetOutputPort())


def _write(writer: Any, target: Path, data: Any) -> Written:
    class_name = type(writer).__name__
    why = unholdable(class_name, data) or lost_in_text(writer, data)
    if why is not None:
        raise FileError(f"{target}: {class_name} cannot write this {data.GetClassName()}: {why}")
    with staged(target, pieces=target.suffix.lower() in PIECES) as name:
        writer.SetFileName(str(name))
        _tell_place(writer, data)
        with capture() as captured:
            notes = _execute(writer, name, data)
        told = [one.text for one in captured.reports if not any(words in one.text for words in _HARMLESS)]
        code = writer.GetErrorCode()
        if code:
            told.append(vtkErrorCode.GetStringFromErrorCode(code))
        if told or not name.is_file():
            text = "; ".join(dict.fromkeys(told)) or "VTK wrote nothing and gave no reason"
            raise FileError(f"{target} could not be written by {class_name}: {text.replace(str(name), str(target))}")
        _check_whole(name, target, data)
        size_bytes = name.stat().st_size
    told = [*notes, *filter(None, [left_out(class_name, data)])]
    return Written(size_bytes, "; ".join(told) or None)


def _execute(writer: Any, name: Path, data: Any) -> list[str]:
    """Write; returns what to tell of it. Python's lock is kept by a vtkWriter's `Write`, and not by its `Update`."""
    if writer.IsA("vtkDelimitedTextWriter"):
        return write_csv(name, writer, data)
    if is_legacy(writer):
        write_legacy(name, writer, data)
    elif writer.IsA("vtkMetaImageWriter"):
        write_meta_image(name, data, compressed=bool(writer.GetCompression()))
    elif writer.IsA("vtkWriter") or not hasattr(writer, "Write"):
        writer.Modified()
        writer.Update()
    else:
        writer.Write()
    if data.IsA("vtkOverlappingAMR") and name.suffix == ".vthb" and name.is_file():
        name.write_text(exact_levels(name.read_text(encoding="utf-8"), data), encoding="utf-8")
    return []


def _check_whole(name: Path, target: Path, data: Any) -> None:
    """Raise `FileError` if the file is too small for the data, or does not end as such files do."""
    extension, size = target.suffix.lower(), name.stat().st_size
    least = _least_bytes(extension, data)
    end = _ENDS.get(extension, b"")
    with name.open("rb") as stream:
        stream.seek(max(0, size - 64))
        whole = end in stream.read()
    if size < least or not whole:
        raise FileError(f"{target} could not be written: {size} bytes were, which is not all; nothing was changed")


def _least_bytes(extension: str, data: Any) -> int:
    """Return a size that no complete file is below: of formats without compression, what its rows or points take."""
    if extension in (".csv", ".tsv"):
        return int(data.GetNumberOfRows())
    if extension in (".ply", ".obj"):
        return 6 * int(data.GetNumberOfPoints())
    return 1


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
