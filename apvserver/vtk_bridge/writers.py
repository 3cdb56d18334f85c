"""Writing data on the server: the writer that suits a file's name and the data, into a file that appears when done."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer

from apvserver.vtk_bridge.catalog import construct
from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.messages import capture
from apvserver.vtk_bridge.properties import set_properties

_DATA_SETS: Final = ("vtkDataSet", "vtkTable", "vtkGraph", "vtkCompositeDataSet")
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
    ".vtk": ("vtkGenericDataObjectWriter", _DATA_SETS, {"FileType": "Binary"}),
    ".vtkhdf": ("vtkHDFWriter", ("vtkPolyData", "vtkUnstructuredGrid", "vtkCompositeDataSet"), {}),
    ".ply": ("vtkPLYWriter", ("vtkPolyData",), {}),
    ".stl": ("vtkSTLWriter", ("vtkPolyData",), {"FileType": "Binary"}),
    ".obj": ("vtkOBJWriter", ("vtkPolyData",), {}),
    ".csv": ("vtkDelimitedTextWriter", ("vtkTable",), {}),
    ".tsv": ("vtkDelimitedTextWriter", ("vtkTable",), {"FieldDelimiter": "\t"}),
    ".png": ("vtkPNGWriter", ("vtkImageData",), {}),
    ".jpg": ("vtkJPEGWriter", ("vtkImageData",), {}),
    ".tif": ("vtkTIFFWriter", ("vtkImageData",), {}),
    ".bmp": ("vtkBMPWriter", ("vtkImageData",), {}),
    ".mha": ("vtkMetaImageWriter", ("vtkImageData",), {}),
    ".nii": ("vtkNIFTIImageWriter", ("vtkImageData",), {}),
    ".ex2": ("vtkIOSSWriter", ("vtkDataSet", "vtkCompositeDataSet"), {}),
}
"""By extension: the writer, the kinds of data that it takes, and its properties."""

_DIRECTORIES: Final = frozenset({".vtm", ".vtpd", ".vtpc", ".ex2"})
"""Formats of several files, which are written in place."""


def choose_writer(path: str, data: Any) -> str:
    """The extension of a file that the data can be written to. Raises `FileError` naming those that can be."""
    extension = Path(path).suffix.lower()
    fitting = [one for one, (_, kinds, _) in WRITERS.items() if any(data.IsA(kind) for kind in kinds)]
    if extension not in fitting:
        known = "" if extension in WRITERS else "unknown, or "
        raise FileError(
            f"{path}: {extension or 'a name without extension'} is {known}not a format for {data.GetClassName()}; "
            f"formats for it: {', '.join(sorted(fitting)) or 'none'}"
        )
    return extension


def write_data(path: str, data: Any, options: Mapping[str, Any]) -> int:
    """Write data to a file of the server; returns its size in bytes. `options` are properties of VTK's writer.

    The file appears, or is replaced, when it is complete. Raises `FileError` with VTK's own message, `InvalidProperty`,
    `UnknownProperty`.
    """
    if data is None:
        raise FileError(f"{path}: there is no data to write")
    extension = choose_writer(path, data)
    type_name, _, properties = WRITERS[extension]
    target = Path(path)
    if target.is_dir():
        raise FileError(f"{path} is a directory on the server, not a file")
    if not target.parent.is_dir():
        raise FileError(f"{path}: the directory {target.parent} does not exist on the server")
    writer = construct(type_name)
    set_properties(writer, {**properties, **options})
    producer = vtkTrivialProducer()
    producer.SetOutput(data)
    writer.SetInputConnection(producer.GetOutputPort())
    if extension in _DIRECTORIES:
        _write(writer, path, path)
    else:
        _write_and_rename(writer, target)
    return target.stat().st_size


def _write_and_rename(writer: Any, target: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise FileError(f"{target}: the server cannot write there: {error.strerror}") from error
    os.close(handle)
    try:
        _write(writer, name, str(target))
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{target}: the server cannot write there: {error}") from error
    finally:
        Path(name).unlink(missing_ok=True)


def _write(writer: Any, name: str, wanted: str) -> None:
    writer.SetFileName(name)
    with capture() as captured:
        written = writer.Write()
    if captured.errors or written == 0 or not Path(name).exists():
        why = "; ".join(captured.errors) or "VTK wrote nothing and gave no reason"
        raise FileError(f"{wanted} could not be written by {type(writer).__name__}: {why.replace(name, wanted)}")


def _umask() -> int:
    """The mask for new files, as it is: asking the system's call for it would set it, for all threads, for a moment."""
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return _UMASK_AT_START
    line = next((one for one in text.splitlines() if one.startswith("Umask:")), None)
    return _UMASK_AT_START if line is None else int(line.split()[1], 8)


_UMASK_AT_START: Final = os.umask(0o077)
os.umask(_UMASK_AT_START)
